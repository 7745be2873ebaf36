"""Sphinx extension: what a page has beside it where a server or a disk gives it.

The lab as files, for servers whose content policy allows no script but those; notebooks to download
with the outputs of this build; the text of all pages, for excerpts where search runs from a disk.
"""

import json
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup

from grokutils.store.whole import write
from lab import sources
from lab.field_links import KIND

LAB = "_static/lab"
EXCERPTS = "_static/excerpts.js"
# What only this site needs: numbers to download, links on a map, the states of its widgets.
ASIDE = ("text/csv", KIND, "application/vnd.jupyter.widget-view+json")


def downloadable(executed):
    """Return an executed notebook without what another Jupyter could not show."""
    notebook = nbformat.read(executed, as_version=4)
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "data" in output:
                output.data = {k: v for k, v in output.data.items() if k not in ASIDE}
    return nbformat.writes(notebook)


def text_of(body):
    """Return the words of a page's body."""
    soup = BeautifulSoup(body, "html.parser")
    for aside in soup(["noscript", "script", "style"]):
        aside.decompose()
    return " ".join(soup.get_text(" ").replace("#", "").split())


def read_page(app, pagename, templatename, context, doctree):
    """Keep the text of a page; let the page of the search know all of them."""
    if doctree is not None:
        app.env.words = getattr(app.env, "words", {}) | {pagename: text_of(context["body"])}
    if pagename == "search":
        app.add_js_file("excerpts.js")
        app.add_js_file("search.js")


def write_beside(app, failed):
    """Write the files."""
    if failed or app.builder.format != "html":
        return
    out = Path(app.outdir)
    (out / LAB).mkdir(parents=True, exist_ok=True)
    for name, text in sources.files().items():
        write(out / LAB / name, text)
    write(out / EXCERPTS, f"const EXCERPTS = {json.dumps(getattr(app.env, 'words', {}))};\n")
    for page in app.env.found_docs:
        executed = out.parent / "jupyter_execute" / f"{page}.ipynb"
        source = out / "_sources" / f"{page}.ipynb"
        if executed.exists() and source.exists():
            write(source, downloadable(executed))


def setup(app):
    """Register with Sphinx."""
    app.connect("html-page-context", read_page)
    app.connect("build-finished", write_beside)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
