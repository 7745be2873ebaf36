"""Sphinx extension: how the book, a page and each claim are cited, by version and address.

All of it is `CITATION.cff`; where the site's address is known (SITE_URL), pages and claims have
theirs, and the site holds a `CITATION.cff` that has it, too. A claim's entry stands at the end of
its section, under the place that the address names.
"""

import os
from pathlib import Path
from types import SimpleNamespace

import yaml
from bs4 import BeautifulSoup

from experiments.registry import CLAIMS
from grokutils.store.whole import write

ROOT = Path(__file__).parents[1]
FILE = "CITATION.cff"


def citation():
    """Return how the book is cited: `CITATION.cff`."""
    return yaml.safe_load((ROOT / FILE).read_text(encoding="utf-8"))


def entry(key, title, address=""):
    """Return a part of the book as words and as BibTeX.

    Parameters
    ----------
    key : str
        What the part is called in the key of its BibTeX entry.
    title : str
        Of the part.
    address : str
        Of the part on the web; "" where it has none.
    """
    book = citation()
    author, year = book["authors"][0]["name"], book["date-released"].year
    fields = {
        "author": f"{{{author}}}",
        "title": f"{{{title}}}",
        "booktitle": book["title"],
        "year": str(year),
        "note": f"Version {book['version']}",
    }
    fields |= {"url": address} if address else {}
    lines = ",\n".join(f"  {name:<9} = {{{value}}}" for name, value in fields.items())
    words = f"{author} ({year}). {title}. In *{book['title']}*, version {book['version']}."
    return SimpleNamespace(
        words=f"{words} {address}".rstrip(),
        bibtex=f"@incollection{{grokkingbook:{key},\n{lines}\n}}",
    )


def of_claim(claim, address=""):
    """Return the entry of a claim; the key is its id, as in ``grokkingbook:C8``."""
    return entry(claim.id, f"Claim {claim.id}: {claim.title}", address)


def as_html(what, found):
    """Return an entry as a fold of HTML."""
    soup = BeautifulSoup("", "html.parser")
    fold = soup.new_tag("details", attrs={"class": "cite d-print-none"})
    before, title, after = found.words.split("*")
    for name, words in (("summary", f"Cite {what}"), ("p", before), ("pre", found.bibtex)):
        tag = soup.new_tag(name)
        tag.string = words
        fold.append(tag)
    emphasis = soup.new_tag("em")
    emphasis.string = title
    fold.p.extend([emphasis, after])
    fold.pre["tabindex"] = "0"
    return str(fold)


def add_entries(body, page, address=""):
    """Return a page's body with an entry at the end of the section of each of its claims.

    Parameters
    ----------
    body : str
        HTML of the page.
    page : str
        Its name, such as ``chapters/03_norms``.
    address : str
        Of the page on the web; "" where it has none.
    """
    here = [claim for claim in CLAIMS.values() if f"chapters/{claim.chapter}" == page]
    places = {claim.id: f'id="claim-{claim.id.lower()}"' for claim in here}
    if not any(place in body for place in places.values()):
        return body
    soup = BeautifulSoup(body, "html.parser")
    for claim in here:
        name = f"claim-{claim.id.lower()}"
        place = soup.find(id=name)
        if place is None:
            continue
        section = place if place.name == "section" else place.find_parent("section")
        found = of_claim(claim, address and f"{address}#{name}")
        fold = BeautifulSoup(as_html(f"claim {claim.id}", found), "html.parser")
        inner = section.find("section", recursive=False)
        inner.insert_before(fold) if inner else section.append(fold)
    return str(soup)


def of_page(app, pagename, templatename, context, doctree):
    """Give a page its own entry."""
    if doctree is None:
        return
    address = context.get("pageurl") or ""
    key, title = pagename.rpartition("/")[2], context["title"]
    title = BeautifulSoup(title, "html.parser").get_text()
    context["citation"] = citation()  # of which the template shows the note on a page, if any
    context["cite_page"] = as_html("this page", entry(key, title, address))


def of_claims(app, pagename, templatename, context, doctree):
    """Give a page the entries of its claims."""
    if doctree is not None:
        address = context.get("pageurl") or ""
        context["body"] = add_entries(context["body"], pagename, address)


def write_file(app, failed):
    """Write the site's own `CITATION.cff`, with its address and that of the repository."""
    if failed or app.builder.format != "html":
        return
    text = (ROOT / FILE).read_text(encoding="utf-8")
    for name, address in (
        ("url", app.config.html_baseurl),
        ("repository-code", os.environ.get("REPOSITORY", "")),
    ):
        text += f"{name}: {address}\n" if address else ""
    write(Path(app.outdir) / FILE, text)


def setup(app):
    """Register with Sphinx."""
    # The theme drops what is empty when it is asked, as all are by default: at 500.
    app.connect("html-page-context", of_page, priority=400)
    app.connect("html-page-context", of_claims, priority=600)  # the body as others leave it
    app.connect("build-finished", write_file)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
