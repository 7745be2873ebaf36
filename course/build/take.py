"""Lay what a teacher takes along into the site, and link to it: slides, quiz, handouts, prints.

Each file is made by a target of the Makefile. One that is not there, or older than what it is made
of, has no link: its line on the page names the target.
"""

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

from course.build import slides
from course.build.book import ROOT, SITE
from grokutils.store.whole import write

FOLDER = "take"
PAGE = "course/take.html"
LIST = re.compile(r'<ul class="take">.*?</ul>', re.DOTALL)
BUILD, STUDENT = ROOT / "_build", ROOT / "grading" / "student"
ASSIGNMENTS = ROOT / "course" / "assignments" / "source"
QUIZ, BOOK = ROOT / "course" / "quiz.toml", SITE / "chapters" / "index.html"


@dataclass(frozen=True)
class File:
    """A file to take: where it is made, of what, by which target, and what it is."""

    path: Path
    of: Path
    target: str
    words: str

    @property
    def ready(self):
        """Whether it is there, and not older than what it is made of."""
        there = self.path.exists() and self.of.exists()
        return there and self.path.stat().st_mtime >= self.of.stat().st_mtime


def files():
    """Return all files that can be taken, in the order of the page."""
    decks = [
        File(BUILD / "slides" / f"{name}.html", BOOK, "slides", f"Slides: {route.title}, {name}")
        for name, route in slides.ROUTES.items()
    ]
    handouts = [
        File(STUDENT / f"{source.parent.name}.zip", source, "assignments", f"Handout: {title}")
        for source in sorted(ASSIGNMENTS.glob("*/*.ipynb"))
        for title in [f"assignment {source.parent.name.replace('-', ', ')}, for students"]
    ]
    kinds = {
        "quiz.gift": "GIFT, for Moodle",
        "quiz-qti12.zip": "QTI 1.2",
        "quiz-qti.zip": "QTI 2.1",
    }
    asked = [File(BUILD / n, QUIZ, "quiz", f"Quiz: {words}") for n, words in kinds.items()]
    printed = [
        File(BUILD / "book.pdf", BOOK, "pdf", "The book in print"),
        File(BUILD / "law-of-the-wait.pdf", BOOK, "note", "A note: A law of the wait"),
    ]
    return [*decks, *handouts, *asked, *printed]


def line(file):
    """Return a file's line on the page: a link with its size, or how it is made."""
    if not file.ready:
        return f"<li>{escape(file.words)}: <code>make {file.target}</code> makes it.</li>"
    size = f"{max(file.path.stat().st_size / 1e6, 0.1):.1f} MB"
    to = f"../{FOLDER}/{file.path.name}"
    return f'<li><a href="{to}" download>{escape(file.words)}</a> ({size})</li>'


def lay(file, folder):
    """Copy a file that is ready; slides beside the book lead into the site around them."""
    copy = folder / file.path.name
    if not file.ready:
        copy.unlink(missing_ok=True)
        return
    data = file.path.read_bytes()
    if file.target == "slides":
        data = data.replace(b'"../html/', b'"../')
    write(copy, data)


def main():
    """Lay all files that are ready into the site, and write their links."""
    folder, page = SITE / FOLDER, SITE / PAGE
    folder.mkdir(exist_ok=True)
    for file in files():
        lay(file, folder)
    listed = f'<ul class="take">{"".join(map(line, files()))}</ul>'
    write(page, LIST.sub(lambda _: listed, page.read_text(encoding="utf-8")))
    print(f"To take along: {', '.join(file.path.name for file in files() if file.ready)}")


if __name__ == "__main__":
    main()
