"""Slides and PDF, as they lie in `_build`: complete, legible, in need of nothing else."""

import re
import unicodedata
from pathlib import Path

import pytest
from pypdf import PdfReader

from course.build import pdf, slides

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "_build"
pytestmark = pytest.mark.site


@pytest.fixture(autouse=True, scope="module")
def _made(need):
    need((BUILD / "book.pdf").exists() and (BUILD / "slides").exists(), "make slides pdf")


@pytest.fixture
def tab(chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 720})
    tab = context.new_page()
    tab.faults = []
    tab.on("pageerror", lambda error: tab.faults.append(error.message))
    here = ("file:", "data:", "blob:", "about:")
    tab.on("request", lambda r: r.url.startswith(here) or tab.faults.append(r.url))
    yield tab
    context.close()


def deck(route):
    return (BUILD / "slides" / f"{route}.html").as_uri()


@pytest.mark.parametrize("route", slides.ROUTES)
def test_every_slide_fits_and_its_figures_are_large_enough_to_read(tab, route):
    tab.goto(deck(route))
    tab.wait_for_function("Reveal.isReady()")
    titles = []
    for number in range(tab.evaluate("Reveal.getTotalSlides()")):
        tab.evaluate("n => Reveal.slide(n)", number)
        slide = tab.locator("section.present")
        titles.append(slide.locator("h2").inner_text())
        assert slide.evaluate("s => s.scrollHeight <= s.clientHeight"), titles[-1]
        heights = slide.locator("img").evaluate_all("all => all.map(i => i.clientHeight)")
        assert all(height >= 200 for height in heights), titles[-1]
    assert titles == [slide.title for slide in slides.read(route)]
    assert tab.faults == []


@pytest.mark.parametrize("route", ["90-minutes", "since-2023"])
def test_links_into_the_lab_lead_to_the_book_and_print_their_address(tab, route):
    tab.goto(deck(route))
    links = tab.locator("a[href*='lab.html?']").evaluate_all("all => all.map(a => a.href)")
    assert len(links) > 3
    for link in links:
        address, _, query = link.partition("?")
        assert (
            not address.startswith("file:")
            or (BUILD / "html/chapters/lab.html").as_uri() == address
        )
        assert tab.locator(f"a[title='lab.html?{query}']").count() > 0


def test_the_speaker_sees_the_notes(tab):
    tab.goto(deck("50-minutes"))
    tab.wait_for_function("Reveal.isReady()")
    with tab.context.expect_page() as opened:
        tab.keyboard.press("s")
    notes = opened.value.locator(".speaker-controls-notes .value")
    notes.get_by_text("Do not explain the figure yet").wait_for()


@pytest.mark.parametrize("route", slides.ROUTES)
def test_a_route_prints_a_page_a_slide(tab, route, tmp_path):
    tab.goto(f"{deck(route)}?print-pdf")
    tab.locator(".pdf-page").last.wait_for()
    tab.pdf(path=tmp_path / "slides.pdf", prefer_css_page_size=True, print_background=True)
    texts = [page.extract_text() for page in PdfReader(tmp_path / "slides.pdf").pages]
    wanted = slides.read(route)
    assert len(texts) - len(wanted) in (0, 1)  # Chromium may add an empty sheet
    for slide, text in zip(wanted, texts, strict=False):
        plain = unicodedata.normalize("NFKC", text)  # no ligatures
        assert "".join(slide.title.split()) in "".join(plain.split())


@pytest.fixture(scope="module")
def printed():
    return PdfReader(BUILD / "book.pdf")


def test_the_pdf_has_every_page_in_order_and_bookmarks_of_its_sections(printed):
    pages = [entry for entry in printed.outline if not isinstance(entry, list)]
    begins = [printed.get_destination_page_number(entry) for entry in pages]
    assert len(begins) == len(pdf.pages())
    assert begins == sorted(begins)
    below = [entry for entry in printed.outline if isinstance(entry, list)]
    assert len(below) > len(pages) / 2
    titles = [entry.title for entry in pages]
    assert [title for title in titles if title[: len(title) // 2] * 2 == title] == []


def elements(node):
    """Yield the tags below one, whole tree."""
    kids = node.get_object().get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        kid = kid.get_object()
        if isinstance(kid, dict) and "/S" in kid:
            yield kid
            yield from elements(kid)


def test_the_pdf_is_tagged_from_the_first_sheet_to_the_last(printed):
    root = printed.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    tree = root["/StructTreeRoot"]
    found = list(elements(tree))
    assert {"/H1", "/H2", "/P", "/Table", "/Figure", "/Link"} <= {tag["/S"] for tag in found}
    # A figure says what is seen, or holds what does.
    figures = [tag for tag in found if tag["/S"] == "/Figure" and "/Alt" not in tag]
    held = [{below["/S"] for below in elements(figure)} for figure in figures]
    assert all(kinds & {"/Figure", "/Table"} for kinds in held)
    # Each sheet finds elements of its own, which lie on it: no number is used twice.
    numbers = tree["/ParentTree"]["/Nums"]
    owners = dict(zip(numbers[::2], numbers[1::2], strict=True))
    assert len(owners) == len(numbers) / 2
    for sheet in printed.pages:
        on_it = [tag.get_object() for tag in owners[sheet["/StructParents"]].get_object() if tag]
        assert any(tag.get("/Pg") == sheet.indirect_reference for tag in on_it)


def test_no_sheet_of_the_pdf_is_empty(printed):
    empty = [
        number
        for number, page in enumerate(printed.pages)
        if len(page.extract_text()) < 60 and not page.images
    ]
    assert empty == []


def test_no_link_of_the_pdf_leads_to_this_computer(printed):
    for page in printed.pages:
        for entry in page.get("/Annots", []):
            uri = entry.get_object().get("/A", {}).get("/URI", "")
            assert not re.match(r"file:|http://127", uri), uri


def test_widgets_are_figures_in_print(printed):
    text = " ".join(page.extract_text() for page in printed.pages)
    assert "After 1 examples" in " ".join(text.split())  # a frame's words, from chapter 1
    assert "Weights at epoch 0" in " ".join(text.split())


def test_a_link_into_the_lab_says_on_paper_what_to_type(printed):
    text = "".join("".join(page.extract_text().split()) for page in printed.pages)
    assert "lab.html?seed=0)" in text
    assert "lab.html?change=clamp&set=sparse&at=memorization)" in text
