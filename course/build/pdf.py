"""Print the rendered book as one PDF, twice: the first tells on which sheet each place lies.

The second has these numbers filled in. So bookmarks, tags and links from page to page are the
browser's own.
"""

import functools
import http.server
import io
import sys
import threading

from bs4 import BeautifulSoup
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

from course.build import browser, paper
from course.build.book import ROOT, SITE
from grokutils.store.whole import write

PASSES = 8
FILL = """numbers => {
  for (const place of document.querySelectorAll(".no"))
    place.textContent = numbers[place.dataset.to] ?? "";
}"""


def serve():
    """Serve the rendered book on a free port; return the server."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=SITE)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def numbers(printed):
    """Return {place: number of its sheet, from 1} of all places that a link leads to."""
    reader = PdfReader(io.BytesIO(printed))
    return {
        name.removeprefix("/"): reader.get_destination_page_number(place) + 1
        for name, place in reader.named_destinations.items()
    }


def with_numbers(tab):
    """Return the document of a tab as PDF, once the numbers in it are those of its sheets.

    Raises
    ------
    RuntimeError
        If they move the sheets each time that they are filled in.
    """
    look = {"prefer_css_page_size": True, "print_background": True, "tagged": True}
    filled = None
    for number in range(PASSES):
        printed = tab.pdf(**look, outline=True)
        found = numbers(printed)
        if found == filled:
            return printed
        if (
            number % 2
        ):  # Chromium breaks a sheet now here, now there, by turns, with nothing changed
            tab.evaluate(FILL, found)
            filled = found
    raise RuntimeError(f"after {PASSES} passes the page numbers are still others")


def headings(html):
    """Return {words of a heading, without blanks: its words} of a document."""
    found = BeautifulSoup(html, "html.parser").select("h1, h2, h3, h4, h5, h6")
    words = [" ".join(paper.words(heading).split()) for heading in found]
    return {text.replace(" ", ""): text for text in words}


def is_twice(title, text):
    """Whether a title is a text whose pieces, one after the other, stand in it twice each."""
    if len(title) != 2 * len(text):
        return False
    pieces = (text[:end] for end in range(1, len(text) + 1))
    return not text or any(
        title.startswith(2 * piece) and is_twice(title[2 * len(piece) :], text[len(piece) :])
        for piece in pieces
    )


def mend(bookmarks, titles):
    """Give bookmarks the words of their headings.

    Chromium has the pieces of one at the top of a sheet twice, and no blank where a line ends.
    """
    entry = bookmarks.get("/First")
    while entry:
        entry = entry.get_object()
        title = "".join(entry["/Title"].split())
        twice = (text for text in titles if is_twice(title, text))
        said = titles.get(title) or titles.get(next(twice, ""), entry["/Title"])
        entry[NameObject("/Title")] = TextStringObject(said)
        mend(entry, titles)
        entry = entry.get("/Next")


def main(target):
    """Print the book."""
    server, html = serve(), paper.document()
    address = f"http://127.0.0.1:{server.server_port}/print.html"
    with browser.started() as chromium:
        tab = chromium.new_page()
        tab.route(address, lambda route: route.fulfill(body=html, content_type="text/html"))
        tab.goto(address)
        tab.evaluate("Promise.all([MathJax.startup.promise, document.fonts.ready])")
        tab.wait_for_function("[...document.images].every(image => image.complete)")
        printed = with_numbers(tab)
    server.shutdown()
    book, whole = PdfWriter(clone_from=io.BytesIO(printed)), io.BytesIO()
    mend(book.root_object["/Outlines"], headings(html))
    book.write(whole)
    write(target, whole.getvalue())
    print(target)


if __name__ == "__main__":
    if not browser.find():
        sys.exit(f"The PDF is printed by a browser: {browser.MISSING}.")
    main(ROOT / "_build" / "book.pdf")
