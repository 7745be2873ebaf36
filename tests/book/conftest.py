"""A browser that opens the rendered pages and notes what goes wrong."""

import functools
import http.server
import re
import threading

import pytest
from playwright.sync_api import expect
from rendered import AXE, PAGES, REDIRECTS, SITE, views


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items):
    """Keep the tests of a page in one process, which then opens it once for all of them."""
    for item in items:
        if "look" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group(item.callspec.params["page"]))


@pytest.fixture(scope="module")
def _built(need):
    need(PAGES, "the book is not built: make book")
    need(AXE, "npm was out of reach when the book was built, so its pages need the internet")


@pytest.fixture(scope="module")
def http_address(_built):
    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    class Server(http.server.ThreadingHTTPServer):
        request_queue_size = 128  # of five, a page with many files waits for some in vain

    serve = functools.partial(Handler, directory=SITE)
    with Server(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def open_page(chromium, http_address):
    """Open a page, wait until its formulas and widgets stand, and note what goes wrong."""

    def open_page(page, address=http_address, mode="light", **options):
        context = chromium.new_context(**options)
        context.add_init_script(
            f"for (const key of ['mode', 'theme']) localStorage.setItem(key, '{mode}')"
        )
        tab = context.new_page()
        tab.faults = []
        tab.on("pageerror", lambda error: tab.faults.append(error.message))
        tab.on("console", lambda line: line.type == "error" and tab.faults.append(line.text))
        tab.on("requestfailed", lambda request: tab.faults.append(f"failed: {request.url}"))
        tab.on("response", lambda r: r.status >= 400 and tab.faults.append(f"{r.status}: {r.url}"))
        here = (address, "data:", "blob:")
        tab.on("request", lambda r: r.url.startswith(here) or tab.faults.append(f"off: {r.url}"))
        tab.goto(address + page)
        name = re.split("[?#]", page)[0]
        if options.get("java_script_enabled", True) and name not in REDIRECTS:
            # Text appears first, formulas next, widgets last.
            expect(tab.locator("html:not(.typesetting)")).to_be_attached()
            expect(tab.locator(".widget-subarea > *")).to_have_count(
                len(views(name)), timeout=30000
            )
        return tab

    return open_page


@pytest.fixture
def visit(open_page):
    """Open a page for one test alone, which may change it."""
    tabs = []

    def visit(page, **options):
        tabs.append(open_page(page, **options))
        return tabs[-1]

    yield visit
    for tab in tabs:
        tab.context.close()
