"""Read figures and numbers out of the rendered book, so that nothing of it is kept twice."""

import base64
import contextlib
import functools
import json
from pathlib import Path

from bs4 import BeautifulSoup

from grokutils import claims

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"
EXECUTED = ROOT / "_build" / "jupyter_execute" / "chapters"
UNKNOWN = "not yet measured"


class Unknown:
    """A number that no chapter has measured yet, in whatever format it is asked for."""

    def __format__(self, spec):
        return UNKNOWN


class Quantities:
    """What a claim or a chapter has measured, as attributes, for `str.format_map`.

    One of `awaited` that is not yet measured says so; `awaited` is None where nothing is measured
    and any may be. Another name is misspelt.
    """

    def __init__(self, owner, measured, awaited=()):
        self._owner, self._measured, self._awaited = owner, measured, awaited

    def __getattr__(self, name):
        if name in self._measured:
            return self._measured[name]
        if self._awaited is None or name in self._awaited:
            return Unknown()
        raise AttributeError(f"{self._owner}.{name}: the book measures nothing of this name")


def numbers():
    """Return every number of the rendered book, for a text like ``{C9.share_6_to_8:.2f}``.

    A claim has its measured quantities, its `verdict` and its `seeds`; a chapter, by its name
    without the number as in ``{training.grokking_delay:.0f}``, has the numbers that it glued.
    """
    found = {}
    for result in claims.results():
        extra = {"verdict": result.verdict, "seeds": result.seeds}
        awaited = [criterion.quantity for criterion in claims.CLAIMS[result.id].criteria]
        found[result.id] = Quantities(result.id, result.measured | extra, awaited)
    for chapter in sorted((ROOT / "chapters").glob("*_*.ipynb")):
        owner, glued = chapter.stem.partition("_")[2], EXECUTED / f"{chapter.stem}.glue.json"
        found[owner] = Quantities(owner, {}, awaited=None)
        if glued.exists():
            found[owner] = Quantities(owner, dict(_glued(json.loads(glued.read_text()))))
    return found


def _glued(outputs):
    for name, output in outputs.items():
        with contextlib.suppress(KeyError, ValueError):  # a figure, or words
            yield name, float(output["data"]["text/plain"])


@functools.cache
def figures():
    """Return {label: (image file, alternative text, number and caption)} of all figures."""
    found = {}
    for page in sorted((SITE / "chapters").glob("*.html")):
        soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
        for figure in soup.select("figure[id]:has(img)"):
            image, number = figure.img, figure.select_one(".caption-number")
            place = number.text.strip() if number else ""
            found[figure["id"]] = (page.parent / image["src"], image["alt"], place)
    return found


def embedded(label):
    """Return a figure of the book, with its number, as HTML that needs no second file.

    Raises
    ------
    KeyError
        If the book has no figure of that label.
    """
    path, alt, place = figures()[label]
    kind = path.suffix.removeprefix(".").replace("svg", "svg+xml")
    data = base64.b64encode(path.read_bytes()).decode()
    image = f'<img alt="{alt}" src="data:image/{kind};base64,{data}">'
    return f"<figure>{image}<figcaption>{place} of the book</figcaption></figure>"
