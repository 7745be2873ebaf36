"""Sphinx extension: addresses of pages that were cut into several lead on to where things are now.

An old page becomes a list of the pages that it was cut into; with a script, its address with the
name of a section, figure or claim goes on to the page that has it, and without a name to the first.
"""

import json
import re
from html import escape
from pathlib import Path

from grokutils.store.whole import write

MOVED = {
    "03_norm_dynamics": ["03_norms", "04_lead"],
    "04_subnetworks": ["05_subnetworks", "06_circuit", "07_sizes", "33_kept"],
    "05_decay": ["08_decay"],
    "06_limits": ["09_limits"],
    "07_causes": ["10_causes"],
    "08_operators": ["11_twins", "12_from_the_start"],
    "09_delay": [
        *("14_start", "15_norm", "16_clock", "17_bits", "20_shortcuts", "21_transfer"),
        "30_formula",
    ],
    "10_data": ["23_critical", "24_width", "22_labels", "25_seeds"],
    "11_structure": ["26_tickets", "27_rank", "28_synergy", "29_illusions", "explanations"],
    "12_law": ["18_law", "19_why"],
}
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>This page has moved</title>
<script type="application/json" id="moved">{places}</script>
<script src="../_static/moved.js"></script>
</head>
<body>
<h1>This page has moved</h1>
<p>It was cut into pages of one question each:</p>
<ul>
{links}
</ul>
</body>
</html>
"""


def places(folder: Path, pages: list[str]) -> dict[str, str]:
    """Return the page that has each name; of a name on several, the first of them."""
    found = {"": f"{pages[0]}.html"}
    for page in pages:
        article = (folder / f"{page}.html").read_text(encoding="utf-8").partition("<article")[2]
        for name in re.findall(r'\bid="([^"]+)"', article.partition("</article>")[0]):
            found.setdefault(name, f"{page}.html")
    return found


def write_moved(app, failed):
    """Write a page for each old address."""
    if failed or app.builder.format != "html" or app.builder.name == "singlehtml":
        return
    folder = Path(app.outdir) / "chapters"
    for old, pages in MOVED.items():
        titles = {page: app.env.titles[f"chapters/{page}"].astext() for page in pages}
        links = (
            f'<li><a href="{page}.html">{escape(title)}</a></li>' for page, title in titles.items()
        )
        where = json.dumps(places(folder, pages)).replace("<", "\\u003c")
        write(folder / f"{old}.html", PAGE.format(places=where, links="\n".join(links)))


def setup(app):
    """Register with Sphinx."""
    app.connect("build-finished", write_moved)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
