"""Read figures and numbers out of the rendered book, so that nothing of it is kept twice."""

import base64
import functools
import json
import os
from pathlib import Path
from types import SimpleNamespace

import yaml
from bs4 import BeautifulSoup

from experiments import claims
from lab.address import check_address

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"
EXECUTED = ROOT / "_build" / "jupyter_execute" / "chapters"
UNKNOWN = "not yet measured"
SAID = ("finding", "count", "seeds")  # of a claim that is measured


class Unknown:
    """A number that no chapter has measured yet, in whatever format it is asked for."""

    def __format__(self, spec):
        return UNKNOWN

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self


class Numbers(dict):
    """What `str.format_map` takes: ``{C9.share_6_to_8:.2f}`` or ``{training.grokking_delay:.0f}``.

    A claim has its measured quantities, its `verdict`, its `finding`, the `count` of its parts
    that hold, such as "6 of 8", and its `seeds`; a chapter, by its name without the number, has
    what it glued. What is not yet measured says so; what no claim and no chapter has is an error.
    """

    def __missing__(self, key):
        raise KeyError(f"{key}: neither a claim nor a chapter")


class _Quantities(SimpleNamespace):
    """The numbers of a claim or chapter; those still to come are `awaited`."""

    def __init__(self, owner, awaited=(), **measured):
        super().__init__(**dict.fromkeys(awaited, Unknown()) | measured)
        self._owner = owner

    def __getattr__(self, name):
        raise KeyError(f"{self._owner}.{name}: no such number")


def numbers():
    """Return every number that the chapters of the rendered book have recorded or glued."""
    found = Numbers()
    for result in claims.results():
        awaited = [criterion.quantity for criterion in result.claim.criteria]
        found[result.id] = _Quantities(result.id, [*awaited, *SAID], **_known(result))
    for chapter in sorted((ROOT / "chapters").glob("*.ipynb")):
        number, _, name = chapter.stem.partition("_")
        path, name = EXECUTED / f"{chapter.stem}.glue.json", name or number
        if not path.exists():
            found[name] = Unknown()
            continue
        glued = {
            key: _value(out["data"])
            for key, out in json.loads(path.read_text(encoding="utf-8")).items()
        }
        found[name] = _Quantities(name, **glued)
    return found


def _known(result):
    said = {name: getattr(result, name) for name in SAID if result.measured}
    return result.measured | said | {"verdict": result.verdict}


def _value(data):
    try:
        return float(data["text/plain"])
    except (KeyError, ValueError):
        return Unknown()


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


def lab(query) -> str:
    """Return the address at which the live lab opens on what a query asks for.

    It is that of the book on the web if SITE_URL or `_config.yml` has one (`html: baseurl`), else
    of the book beside the slides in `_build`.

    Raises
    ------
    ValueError
        Naming the field of the query that is wrong.
    """
    check_address(query)
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    base = os.environ.get("SITE_URL") or config["html"].get("baseurl", "../html")
    return f"{base.rstrip('/')}/chapters/lab.html?{query}"
