"""Print the rendered book to one PDF, with static figures in place of widgets."""

import functools
import http.server
import io
import re
import sys
import threading
from pathlib import Path

import yaml
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, NameObject

from course.build import browser, tags
from course.build.book import ROOT, SITE, embedded

TITLE = "Grokking, a tale of two circuits"
FOOTER = """<div style="font: 8px sans-serif; width: 100%; text-align: center; color: #555">
<span class="title"></span></div>"""


def pages():
    """Return the pages of the book in the order of its table of contents."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text())
    entries = [entry for part in toc["parts"] for entry in part["chapters"]]
    return [toc["root"], *(page for entry in entries for page in _named(entry))]


def _named(entry):
    """Return the pages that an entry names: a file, or all that a pattern matches."""
    if "file" in entry:
        return [entry["file"]]
    found = {path.with_suffix("") for path in ROOT.glob(entry["glob"]) if path.is_file()}
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def printed(chromium, address, landing):
    """Return one page as PDF bytes; the figure `landing` stands for the lab."""
    tab = chromium.new_page()
    tab.add_init_script("for (const k of ['mode', 'theme']) localStorage.setItem(k, 'light')")
    tab.goto(address)
    tab.wait_for_selector("html:not(.typesetting)")
    views = 'script[type="application/vnd.jupyter.widget-view+json"]'
    expected = tab.locator(views).count()
    tab.wait_for_function(
        "n => document.querySelectorAll('.widget-subarea > *').length >= n", arg=expected
    )
    tab.evaluate(Path(__file__).with_name("static.js").read_text(), landing)
    tab.wait_for_function("[...document.images].every(image => image.complete)")
    data = tab.pdf(
        format="A4",
        scale=0.8,
        print_background=True,
        tagged=True,
        outline=True,
        display_header_footer=True,
        header_template="<span></span>",
        footer_template=FOOTER,
        margin={"top": "16mm", "bottom": "16mm", "left": "16mm", "right": "16mm"},
    )
    tab.close()
    return data


def bind(parts, address):
    """Join the parts (page, PDF): bookmarks, tags, and links that stay inside the book."""
    book, begins, tagged = PdfWriter(), {}, []
    for page, data in parts:
        begins[f"{address}{page}.html"] = first = len(book.pages)
        reader = PdfReader(io.BytesIO(data))
        book.append(reader)  # with its bookmarks, the page's headings
        tagged.append((reader, book.pages[first:]))
    tags.carry(book, tagged)
    for sheet in book.pages:
        for entry in list(sheet.get("/Annots", [])):
            link = entry.get_object()
            # A link into the lab leads to its page; what it sets is printed beside it.
            uri = re.split("[?#]", link.get("/A", {}).get("/URI", ""))[0]
            if not uri.startswith(address):
                continue
            del link["/A"]
            if uri in begins:  # else a file beside the pages, which a PDF lacks
                to = book.pages[begins[uri]].indirect_reference
                link[NameObject("/Dest")] = ArrayObject([to, NameObject("/Fit")])
            else:
                sheet["/Annots"].remove(entry)
    book.add_metadata({"/Title": TITLE})
    book.create_viewer_preferences().display_doctitle = True
    return book


def serve():
    """Serve the rendered book on a free port; return the server."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=SITE)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main(target):
    """Print every page and bind them."""
    server = serve()
    address = f"http://127.0.0.1:{server.server_port}/"
    with browser.started() as chromium:
        landing = embedded("fig-landing")
        parts = [(page, printed(chromium, f"{address}{page}.html", landing)) for page in pages()]
    server.shutdown()
    bind(parts, address).write(target)
    print(target)


if __name__ == "__main__":
    if not browser.find():
        sys.exit(f"The PDF is printed by a browser: {browser.MISSING}.")
    main(ROOT / "_build" / "book.pdf")
