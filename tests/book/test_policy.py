"""The book under a strict content policy, as learning platforms and intranets set one."""

import functools
import http.server
import re
import threading

import pytest
from playwright.sync_api import expect
from rendered import ROOT, SITE

pytestmark = [pytest.mark.site, pytest.mark.usefixtures("_built")]
README = (ROOT / "README.md").read_text(encoding="utf-8")
NEEDED = re.search(r"`(default-src 'self'; script-src [^`]*)`", README)[1]


@pytest.fixture
def under(chromium):
    """Open a page of the book, served with a content policy."""
    servers, contexts = [], []

    def under(policy, page):
        class Handler(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def end_headers(self):
                self.send_header("Content-Security-Policy", policy)
                super().end_headers()

        serve = functools.partial(Handler, directory=SITE)
        servers.append(http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        contexts.append(chromium.new_context())
        tab = contexts[-1].new_page()
        tab.faults = []
        tab.on("pageerror", lambda error: tab.faults.append(error.message))
        tab.goto(f"http://127.0.0.1:{servers[-1].server_port}/chapters/{page}.html")
        return tab

    yield under
    for context in contexts:
        context.close()
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("policy", ["default-src 'self'", NEEDED])
def test_the_lab_trains_where_only_the_sites_own_files_are_allowed(under, policy):
    lab = under(policy, "lab").get_by_label("Live training lab")
    lab.get_by_role("button", name="One epoch").click()
    expect(lab.locator(".gl-status", has_text="Paused. Epoch 1:")).to_be_visible(timeout=60000)


def test_an_answer_is_checked_where_only_the_sites_own_files_are_allowed(under):
    tab = under("default-src 'self'", "01_task")
    form = tab.locator("#ex-task-survivors form.answer")
    form.get_by_label("Your number").fill("20")
    form.get_by_role("button", name="Check").click()
    expect(form.get_by_role("status")).to_have_text("Right.")


def test_what_is_forbidden_is_said_where_it_is_missed(under):
    tab = under("default-src 'self'", "03_norms")
    note = tab.locator(".forbidden").first
    expect(note).to_contain_text("the server's content policy forbids", timeout=60000)
    expect(note).to_contain_text("script-src 'unsafe-eval'")
    expect(note).to_contain_text("README names what to allow")


def test_what_readme_names_is_enough(under):
    tab = under(NEEDED, "03_norms")
    expect(tab.locator(".jupyter-widgets .noUi-handle").first).to_be_visible(timeout=60000)
    assert tab.locator(".forbidden").count() == 0
    assert tab.faults == []
