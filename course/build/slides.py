"""Make the slides of a route: one HTML file with everything in it, for any browser, offline.

`slides.md` holds both routes. A slide begins with its minutes, and says if it is for the longer one
alone; `Note:` begins what the speaker sees. Figures come from the rendered book by their label,
numbers from what its chapters measured.
"""

import re
import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt

from course.build import book
from grokutils.show.verdicts import matrix

HERE = Path(__file__).parent
REVEAL = next((book.ROOT / ".vendor").glob("reveal.js@*"), None)
HEAD = re.compile(r"<!-- (?P<minutes>\d+) min(?P<long>, 90 only)? -->\n# (?P<title>.+)\n")
FIGURE = re.compile(r"^!\[\]\((.+)\)$", re.M)
ROUTES = (50, 90)


@dataclass(frozen=True)
class Slide:
    """One slide: its title, its minutes, what the room sees and what the speaker sees."""

    title: str
    minutes: int
    only_long: bool
    body: str
    note: str


def read(route=90):
    """Return the slides of a route; its minutes add up to its name."""
    slides = [_slide(text) for text in (HERE.parent / "slides.md").read_text().split("\n---\n")]
    return [slide for slide in slides if route == 90 or not slide.only_long]


def _slide(text):
    head = HEAD.match(text.lstrip())
    body, _, note = text.lstrip()[head.end() :].partition("\nNote:\n")
    return Slide(
        title=head["title"],
        minutes=int(head["minutes"]),
        only_long=bool(head["long"]),
        body=body.strip(),
        note=note.strip(),
    )


def as_html(route):
    """Return a route as one HTML page."""
    numbers = book.numbers()
    numbers["verdicts"] = matrix(book.claims.results(), links=False)
    sections = "\n".join(_section(slide, numbers) for slide in read(route))
    part = {
        "title": f"Grokking, a tale of two circuits: {route} minutes",
        "style": (REVEAL / "dist/reveal.css").read_text() + (HERE / "slides.css").read_text(),
        "slides": sections,
        "reveal": (REVEAL / "dist/reveal.js").read_text(),
        "notes": (REVEAL / "plugin/notes/notes.js").read_text(),
    }
    page = (HERE / "slides.html").read_text()
    return re.sub(r"\{\{(\w+)\}\}", lambda slot: part[slot[1]], page)


def _section(slide, numbers):
    markdown = MarkdownIt()
    body = FIGURE.sub(lambda found: book.embedded(found[1]), slide.body.format_map(numbers))
    note = markdown.render(f"*{slide.minutes} min.* {slide.note.format_map(numbers)}")
    return (
        f"<section><h2>{escape(slide.title)}</h2>{markdown.render(body)}"
        f'<aside class="notes">{note}</aside></section>'
    )


if __name__ == "__main__":
    if REVEAL is None:
        sys.exit("The slides need reveal.js, which make book fetches with npm; it could not.")
    folder = book.ROOT / "_build" / "slides"
    folder.mkdir(parents=True, exist_ok=True)
    for route in ROUTES:
        (folder / f"{route}-minutes.html").write_text(as_html(route), encoding="utf-8")
        print(folder / f"{route}-minutes.html")
