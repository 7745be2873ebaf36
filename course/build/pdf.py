"""Print the rendered book as one PDF: the articles of all pages in one document, printed once.

So bookmarks, tags, page numbers and links from page to page are the browser's own. What needs a
screen has a static figure in its place.
"""

import functools
import http.server
import json
import posixpath
import re
import sys
import threading
from urllib.parse import urljoin, urlsplit

import yaml
from bs4 import BeautifulSoup
from pypdf import PdfWriter
from pypdf.generic import NameObject, TextStringObject

from course.build import browser
from course.build.book import ROOT, SITE, embedded

TITLE = "Grokking, a tale of two circuits"
FOOTER = """<div style="font: 8px sans-serif; width: 100%; text-align: center; color: #555">
<span class="pageNumber"></span></div>"""
STYLE = """main {padding: 0 !important} article + article {break-before: page}
.static-widget figure:not(:only-child) {display: inline-block; width: 49%}"""
VIEW, STATE = (f"application/vnd.jupyter.widget-{kind}+json" for kind in ("view", "state"))


def pages():
    """Return the pages of the book in the order of its table of contents."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    entries = [entry for part in toc["parts"] for entry in part["chapters"]]
    return [toc["root"], *(page for entry in entries for page in _named(entry))]


def _named(entry):
    """Return the pages that an entry names: a file, or all that a pattern matches."""
    if "file" in entry:
        return [entry["file"]]
    found = {path.with_suffix("") for path in ROOT.glob(entry["glob"]) if path.is_file()}
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def document():
    """Return all pages as one HTML page, for an address at the root of the site."""
    soups = {page: _soup(page) for page in pages()}
    styles, mathjax = {}, {}
    for page, soup in soups.items():
        for link in soup.select("link[rel=stylesheet]"):
            styles[_from_root(page, link["href"])] = None
        for script in soup.select("head script, body > script"):
            if "mathjax" in script.get("src", "").lower():
                script["src"] = _from_root(page, script["src"])
                mathjax[str(script)] = None
            elif "window.MathJax" in script.text:
                mathjax[str(script)] = None
    links = "".join(f'<link rel="stylesheet" href="{style}">' for style in styles)
    articles = "".join(str(_article(page, soup)) for page, soup in soups.items())
    return f"""<!DOCTYPE html><html lang="en" data-theme="light" data-mode="light">
<head><meta charset="utf-8"><title>{TITLE}</title>{links}<style>{STYLE}</style>{"".join(mathjax)}
</head><body><main class="bd-main">{articles}</main></body></html>"""


def _soup(page):
    return BeautifulSoup((SITE / f"{page}.html").read_text(encoding="utf-8"), "html.parser")


def _from_root(page, link):
    """Return a link of a page as it is at the root of the site; one to elsewhere as it is."""
    return urljoin(f"{posixpath.dirname(page)}/", link).lstrip("/") if _is_near(link) else link


def _is_near(link):
    return not urlsplit(link).scheme and not link.startswith("//")


def _name(page, place=""):
    """Return a name of a place of a page that no other page has."""
    return f"{page.replace('/', '-')}--{place}" if place else page.replace("/", "-")


def _article(page, soup):
    """Return the article of a page, fit for paper."""
    article = soup.select_one("article.bd-article")
    state = soup.find("script", type=STATE)
    models = json.loads(state.text)["state"] if state else {}
    for view in article.find_all("script", type=VIEW):
        lab_figure = not article.select("#fig-landing")  # which is on its page already
        still = _still(models, json.loads(view.text)["model_id"], lab_figure)
        view.replace_with(BeautifulSoup(f'<div class="static-widget">{still}</div>', "html.parser"))
    for fold in article.select("details:not(.hide)"):
        fold["open"] = ""  # hints and solutions are for reading; folded code stays so (book.css)
    for tag in article.select("[id]"):
        tag["id"] = _name(page, tag["id"])
    for image in article.select("img[src]"):
        image["src"] = _from_root(page, image["src"])
        image["loading"] = "eager"
    for link in article.select("a[href]"):
        _relink(page, link)
    article["id"] = _name(page)
    return article


def _relink(page, link):
    """Lead a link to its place in the document; one to a file that a PDF lacks is none."""
    if not _is_near(link["href"]):
        return
    path, _, place = link["href"].partition("#")
    path = path.partition("?")[0]  # what a link into the lab sets is printed beside it
    target = posixpath.normpath(_from_root(page, path)).removesuffix(".html") if path else page
    if target in pages():
        link["href"] = f"#{_name(target, place)}"
    else:
        del link["href"]


def _still(models, model, lab_figure):
    """Return four frames of what is scrubbed, the landing figure for the lab, or a line."""
    if frames := _frames(models, model):
        chosen = dict.fromkeys(round(i * (len(frames) - 1) / 3) for i in range(4))
        return "".join(
            f"<figure>{frames[i]}<figcaption>{_alt(frames[i])}</figcaption></figure>"
            for i in chosen
        )
    if lab_figure and models[model]["state"].get("_anywidget_id", "").endswith("Lab"):
        return embedded("fig-landing")
    return "Here the book on screen has an interactive part."


def _alt(frame):
    found = re.search(r'alt="([^"]*)"', frame)
    return found[1] if found else ""


def _frames(models, model):
    """Return the frames below a model, in order, if one of its descendants is a Stack."""
    children = [
        child.removeprefix("IPY_MODEL_") for child in models[model]["state"].get("children", [])
    ]
    if models[model]["model_name"] == "StackModel":
        return [models[child]["state"]["value"] for child in children]
    return next(filter(None, (_frames(models, child) for child in children)), [])


def serve():
    """Serve the rendered book on a free port; return the server."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=SITE)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def say_once(bookmarks):
    """Mend bookmarks of headings at the top of a sheet, in which Chromium has the title twice."""
    entry = bookmarks.get("/First")
    while entry:
        entry = entry.get_object()
        title = entry["/Title"]
        half = len(title) // 2
        if title[:half] == title[half:]:
            entry[NameObject("/Title")] = TextStringObject(title[:half])
        say_once(entry)
        entry = entry.get("/Next")


def main(target):
    """Print the book."""
    server, html = serve(), document()
    address = f"http://127.0.0.1:{server.server_port}/print.html"
    with browser.started() as chromium:
        tab = chromium.new_page()
        tab.route(address, lambda route: route.fulfill(body=html, content_type="text/html"))
        tab.goto(address)
        tab.evaluate("Promise.all([MathJax.startup.promise, document.fonts.ready])")
        tab.wait_for_function("[...document.images].every(image => image.complete)")
        tab.pdf(
            path=target,
            format="A4",
            scale=0.8,
            print_background=True,
            tagged=True,
            outline=True,
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=FOOTER,
            margin=dict.fromkeys(("top", "bottom", "left", "right"), "16mm"),
        )
    server.shutdown()
    book = PdfWriter(clone_from=target)
    say_once(book.root_object["/Outlines"])
    book.write(target)
    print(target)


if __name__ == "__main__":
    if not browser.find():
        sys.exit(f"The PDF is printed by a browser: {browser.MISSING}.")
    main(ROOT / "_build" / "book.pdf")
