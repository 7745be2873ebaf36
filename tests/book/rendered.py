"""The rendered book as it lies in `_build`: its pages, and what is in their sources."""

import functools
import json
import re
from pathlib import Path

from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"
AXE = next((ROOT / ".vendor").glob("axe-core@*/axe.min.js"), None)
STATE = re.compile(
    r'<script type="application/vnd.jupyter.widget-state\+json">(.*?)</script>', re.S
)
VIEW = re.compile(r'<script type="application/vnd.jupyter.widget-view\+json">(.*?)</script>', re.S)

HTML = {
    str(path.relative_to(SITE)): path.read_text(encoding="utf-8")
    for path in sorted(SITE.rglob("*.html"))
    if not {"_static", "take"} & set(path.parts)  # slides are no pages (course/build/take.py)
}
REDIRECTS = [
    page for page, html in HTML.items() if 'http-equiv="Refresh"' in html or 'id="moved"' in html
]
PAGES = [page for page in HTML if page not in REDIRECTS]


def views(page):
    """Ids of the widgets that a page shows, in order."""
    return [json.loads(view)["model_id"] for view in VIEW.findall(HTML[page])]


def holds(page, mark):
    """Whether the state of a page's widgets has a piece of text in it."""
    found = STATE.search(HTML[page])
    return bool(found) and mark in found[1]


@functools.cache
def soup(page):
    """Return a page, parsed; never at collection, which each process does for itself."""
    return BeautifulSoup(HTML[page], "html.parser")
