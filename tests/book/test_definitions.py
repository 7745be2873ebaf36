"""A term or a citation shows what it says: pointed at, by keyboard, tapped, from a disk."""

import re
from urllib.parse import urljoin

import definitions
import pytest
from playwright.sync_api import expect
from rendered import PAGES, SITE, soup

PAGE = "chapters/02_training.html"
ON_DISK = f"{SITE.as_uri()}/"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
TERMS = """<dl class="glossary">
<dt id="term-Margin">Margin<a class="headerlink" href="#t">#</a></dt>
<dd><p>Label times <em>output</em>. See <a href="x.html">there</a>.</p></dd></dl>"""
WORKS = """<div class="citation-list"><div class="citation" id="id2"><span class="label">M</span>
<p>Merrill. <em>Tale</em>.</p></div></div>"""

site = [pytest.mark.site, pytest.mark.usefixtures("_built")]


def test_a_definition_is_what_the_page_has_without_its_links():
    text = "<p>Label times <em>output</em>. See <span>there</span>.</p>"
    assert definitions.terms(TERMS) == {"term-Margin": text}
    assert definitions.works(WORKS) == {"id2": "Merrill. <em>Tale</em>."}


def test_a_link_is_known_by_where_it_leads_from_the_root():
    for page, link in (
        ("chapters/02.html", "../course/glossary.html#term-Tick"),
        ("course/guide.html", "glossary.html#term-Tick"),
    ):
        assert definitions.target(page, link) == "course/glossary.html#term-Tick"


class TestOfTheSite:
    pytestmark = site

    def test_every_term_and_citation_has_a_definition(self):
        known, seen = definitions.all_of(SITE), set()
        for page in PAGES:
            for link in soup(page).select("article a.reference.internal[href*='#']"):
                to = definitions.target(page, link["href"])
                term = link.select_one(".std-term") is not None
                if term or re.match(r"chapters/references\.html#id", to):
                    assert to in known, f"{page}: {link['href']}"
                    seen.add(to)
        assert len(seen) > 50

    @pytest.mark.parametrize("disk", [False, True])
    def test_a_term_that_is_pointed_at_says_what_it_means_and_goes_away(self, visit, disk):
        tab = visit(PAGE, **({"address": ON_DISK} if disk else {}))
        box = tab.locator("#definition")
        link = tab.locator("article a[href$='#term-Hinge-loss']").first
        expect(box).to_be_hidden()
        link.hover()
        expect(box).to_contain_text("Beyond a margin of 1 it is zero")
        expect(box.locator("mjx-container").first).to_be_visible()  # its formula is set
        expect(link).to_have_attribute("aria-describedby", "definition")
        box.hover()  # one may go into it
        tab.wait_for_timeout(400)
        expect(box).to_be_visible()
        tab.keyboard.press("Escape")
        expect(box).to_be_hidden()
        tab.mouse.move(0, 0)
        link.hover()
        expect(box).to_be_visible()
        tab.mouse.move(0, 0)
        expect(box).to_be_hidden()
        assert tab.faults == []

    def test_by_keyboard_it_opens_with_the_focus_and_enter_leads_there(self, visit):
        tab = visit(PAGE)
        link = tab.locator("article a[href$='#term-Hinge-loss']").first
        link.focus()
        expect(tab.locator("#definition")).to_be_visible()
        tab.keyboard.press("Escape")
        expect(tab.locator("#definition")).to_be_hidden()
        link.press("Enter")
        tab.wait_for_url(re.compile(r"glossary\.html#term-Hinge-loss"))

    def test_a_citation_shows_the_work(self, visit):
        page = "chapters/index.html"
        tab = visit(page)
        link = tab.locator("article a[href*='references.html#id']").filter(visible=True).first
        to = definitions.target(page, link.get_attribute("href"))
        link.focus()
        author = definitions.all_of(SITE)[to].partition(",")[0]
        expect(tab.locator("#definition")).to_contain_text(author)

    def test_a_tap_opens_it_and_the_next_one_leads_there(self, visit):
        tab = visit(PAGE, **PHONE)
        link = tab.locator("article a[href$='#term-Hinge-loss']").first
        link.tap()
        box = tab.locator("#definition")
        expect(box).to_be_visible()
        edges = box.bounding_box()
        assert edges["x"] >= 0
        assert edges["x"] + edges["width"] <= PHONE["viewport"]["width"]
        assert tab.url.endswith(PAGE)
        to = box.get_by_role("link", name="In the glossary")
        expect(to).to_have_attribute("href", re.compile(r"glossary\.html#term-Hinge-loss$"))
        tab.locator("article h1").tap()
        expect(box).to_be_hidden()
        link.tap()
        link.tap()
        tab.wait_for_url(re.compile(r"glossary\.html#term-Hinge-loss"))

    def test_without_a_script_the_link_leads_there(self, visit):
        tab = visit(PAGE, java_script_enabled=False)
        link = tab.locator("article a[href$='#term-Hinge-loss']").first
        assert urljoin(tab.url, link.get_attribute("href")).endswith(
            "course/glossary.html#term-Hinge-loss"
        )
        expect(tab.locator("#definition")).to_have_count(0)
