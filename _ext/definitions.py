"""Sphinx extension: what a term or a citation says is there where it is pointed at or tapped.

The words are those of two rendered pages, the glossary and the references, so that nothing is
written twice. They become one script file, which a page from a disk can load, too; what shows them
is `assets/definitions.js`.
"""

import json
import posixpath
from pathlib import Path
from urllib.parse import urljoin

from bs4 import BeautifulSoup

from grokutils.store.whole import write

DATA = "_static/definitions-data.js"
GLOSSARY, REFERENCES = "course/glossary", "chapters/references"


def terms(html):
    """Return {id of a term: its definition as HTML} of the rendered glossary."""
    found = BeautifulSoup(html, "html.parser").select("dl.glossary > dt[id]")
    return {term["id"]: _inside(term.find_next_sibling("dd")) for term in found}


def works(html):
    """Return {id of a work: its entry as HTML} of the rendered references."""
    found = BeautifulSoup(html, "html.parser").select(".citation-list > .citation[id]")
    return {work["id"]: _inside(*work.find_all("p")) for work in found}


def _inside(*parts):
    """Return what parts of a page hold, without links: the box that shows it has its own."""
    for part in parts:
        for link in part.select("a.headerlink"):
            link.decompose()
        for link in part.select("a"):
            link.name, link.attrs = "span", {}
    return "".join(part.decode_contents().strip() for part in parts)


def all_of(site):
    """Return {address of a definition from the site's root: HTML} of a rendered site."""
    found = {}
    for page, read in ((GLOSSARY, terms), (REFERENCES, works)):
        path = Path(site) / f"{page}.html"
        if path.exists():
            there = read(path.read_text(encoding="utf-8"))
            found |= {f"{page}.html#{name}": text for name, text in there.items()}
    return found


def target(page, link):
    """Return where a link of a page leads, from the site's root."""
    return posixpath.normpath(urljoin(f"/{page}", link)).lstrip("/")


def write_data(app, failed):
    """Write the script file once all pages are there."""
    if not failed and app.builder.format == "html":
        text = f"const DEFINITIONS = {json.dumps(all_of(app.outdir))};\n"
        write(Path(app.outdir) / DATA, text)


def add_scripts(app, pagename, templatename, context, doctree):
    """Load the definitions, and what shows them, on pages of text."""
    if doctree is not None:
        for name in (Path(DATA).name, "definitions.js"):
            app.add_js_file(name, loading_method="defer")


def setup(app):
    """Register with Sphinx."""
    app.connect("html-page-context", add_scripts)
    app.connect("build-finished", write_data)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
