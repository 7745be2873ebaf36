"""Make the slides of a route: one HTML file with everything in it, for any browser, offline.

`slides.md` and `slides-since.md` hold two routes each. A slide begins with its minutes, and says if
it is for the longer one alone; `Note:` begins what the speaker sees. Figures come from the rendered
book by their label, numbers from what its chapters measured. A link `[words](lab.html?seed=13)`
opens the live lab.
"""

import re
import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt

from course.build import book
from experiments.verdicts import matrix
from grokutils.store.whole import write

HERE = Path(__file__).parent
REVEAL = next((book.ROOT / ".vendor").glob("reveal.js@*"), None)
HEAD = re.compile(r"<!-- (?P<minutes>\d+) min(?P<long>, 90 only)? -->\n# (?P<title>.+)\n")
LAB_LINK = re.compile(r"\]\(lab\.html\?([^)]+)\)")
FIGURE = re.compile(r"^!\[\]\((.+)\)$", re.M)


@dataclass(frozen=True)
class Route:
    """One lecture: its title, its minutes, the file that its slides stand in."""

    title: str
    minutes: int
    source: str


TALE, SINCE = "Grokking, a tale of two circuits", "Why does it wait? Explanations since 2023"
ROUTES = {  # by the name of the file that is made
    "50-minutes": Route(TALE, 50, "slides.md"),
    "90-minutes": Route(TALE, 90, "slides.md"),
    "since-2023": Route(SINCE, 50, "slides-since.md"),
    "since-2023-90-minutes": Route(SINCE, 90, "slides-since.md"),
}


@dataclass(frozen=True)
class Slide:
    """One slide: its title, its minutes, what the room sees and what the speaker sees."""

    title: str
    minutes: int
    only_long: bool
    body: str
    note: str


def read(name):
    """Return the slides of a route; their minutes add up to the route's."""
    route = ROUTES[name]
    text = (HERE.parent / route.source).read_text(encoding="utf-8")
    slides = [_slide(part) for part in text.split("\n---\n")]
    return [slide for slide in slides if route.minutes == 90 or not slide.only_long]


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


def as_html(name):
    """Return a route as one HTML page."""
    numbers = book.numbers()
    numbers["verdicts"] = Verdicts()
    sections = "\n".join(_section(slide, numbers) for slide in read(name))
    part = {
        "title": f"{ROUTES[name].title}: {ROUTES[name].minutes} minutes",
        "style": (REVEAL / "dist/reveal.css").read_text(encoding="utf-8")
        + (HERE / "slides.css").read_text(encoding="utf-8"),
        "slides": sections,
        "reveal": (REVEAL / "dist/reveal.js").read_text(encoding="utf-8"),
        "notes": (REVEAL / "plugin/notes/notes.js").read_text(encoding="utf-8"),
    }
    page = (HERE / "slides.html").read_text(encoding="utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda slot: part[slot[1]], page)


def _section(slide, numbers):
    body = FIGURE.sub(lambda found: book.embedded(found[1]), slide.body.format_map(numbers))
    note = f"*{slide.minutes} min.* {slide.note.format_map(numbers)}"
    return (
        f"<section><h2>{escape(slide.title)}</h2>{_rendered(body)}"
        f'<aside class="notes">{_rendered(note)}</aside></section>'
    )


def _rendered(text):
    def link(found):
        return f']({book.lab(found[1])} "lab.html?{found[1]}")'

    return MarkdownIt().render(LAB_LINK.sub(link, text))


class Verdicts(dict):
    """What `str.format_map` takes for ``{verdicts[here]}``: a tile for each of some claims.

    Of a kind of claims, of a chapter by its name without the number, or of one claim. What is
    not in the registry yet is not yet measured.
    """

    def __missing__(self, chosen):
        found = [
            result
            for result in book.claims.results()
            if chosen in (result.id, result.claim.kind, _chapter(result.claim))
        ]
        return matrix(found, links=False) or f"<p>{book.UNKNOWN}</p>"


def _chapter(claim):
    return claim.chapter.partition("_")[2]


if __name__ == "__main__":
    if REVEAL is None:
        sys.exit("The slides need reveal.js, which make book fetches with npm; it could not.")
    folder = book.ROOT / "_build" / "slides"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ROUTES:
        page = as_html(name)
        write(folder / f"{name}.html", page)
        print(folder / f"{name}.html")
        if book.UNKNOWN in page:
            print(f"  Something in it is {book.UNKNOWN} by this code: run make book first.")
