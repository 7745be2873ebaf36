"""Slides and PDF, as they lie in `_build`: complete, legible, in need of nothing else."""

import re
import unicodedata
from pathlib import Path

import pytest
import yaml
from pypdf import PdfReader

from course.build import paper, pdf, slides

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "_build"
LONGEST = 180  # sheets
# In one process, for the PDF is read for all tests of it: a minute and more.
pytestmark = [pytest.mark.site, pytest.mark.xdist_group("handouts")]


@pytest.mark.parametrize("title", ["1.Thetask", "1.1.ThetaskThetask", "1.T1.Thetaskhetask"])
def test_a_title_is_twice_where_each_of_its_pieces_is(title):
    assert pdf.is_twice(title, "1.Thetask") == (title != "1.Thetask")
    assert not pdf.is_twice(title, "1.Thetasks")


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


def test_the_note_has_the_length_of_a_workshop_paper(need):
    path = BUILD / "law-of-the-wait.pdf"
    need(path.exists(), "make note")
    texts = [page.extract_text() for page in PdfReader(path).pages]
    assert 4 <= len(texts) <= 6
    assert all(len(text) > 100 for text in texts)


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


@pytest.mark.parametrize("route", ["90-minutes", "since-2023-90-minutes"])
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


@pytest.fixture(scope="module")
def seen(printed):
    """Return of each sheet its words, and how far down it reaches (0 to 1, its number left out)."""
    return [look(page) for page in printed.pages]


@pytest.fixture(scope="module")
def sheets(seen):
    """Return the words of each sheet, first to last."""
    return [words for words, _ in seen]


def look(page):
    height = float(page.mediabox.height)
    found = [height]

    def see_text(text, cm, tm, *_):
        if text.strip():
            found.append(tm[5] * cm[3] + cm[5] if cm[3] else tm[5])

    def see_image(operator, _, cm, tm):
        if operator == b"Do":
            found.append(min(cm[5], cm[5] + cm[3]))

    text = page.extract_text(visitor_text=see_text, visitor_operand_before=see_image)
    words = unicodedata.normalize("NFKC", " ".join(text.split()))  # no ligatures
    return words, 1 - min(y for y in found if y > 0.05 * height) / height


@pytest.fixture(scope="module")
def begins(printed):
    """Return [(title, its sheet)] of title page, contents, pages and solutions, in order."""
    top = [entry for entry in printed.outline if not isinstance(entry, list)]
    return [(entry.title, printed.get_destination_page_number(entry)) for entry in top]


def test_the_pdf_has_every_page_in_order_and_bookmarks_of_its_sections(printed, begins):
    titles, numbers = zip(*begins, strict=True)
    assert titles[1] == "Contents"
    assert titles[-1] == "Hints and solutions"
    assert len(begins) == 3 + len(paper.pages())  # title page, contents, solutions
    assert list(numbers) == sorted(numbers)
    below = [entry for entry in printed.outline if isinstance(entry, list)]
    assert len(below) > len(begins) / 2
    assert [title for title in titles if title[: len(title) // 2] * 2 == title] == []
    numbered = [
        title
        for page, title in zip(paper.pages(), titles[2:], strict=False)
        if re.match(r"chapters/\d|chapters/since", page)
    ]
    assert [title.split()[0] for title in numbered] == [f"{n + 1}." for n in range(len(numbered))]


def test_the_book_in_print_is_no_longer_than_it_may_be(printed):
    assert len(printed.pages) <= LONGEST


def test_the_title_page_says_version_and_holds_nothing_else(sheets):
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert sheets[0].startswith(cited["title"])
    assert f"Version {cited['version']}" in sheets[0]
    assert "Contents" not in sheets[0]


def test_the_contents_have_the_sheet_of_each_page_which_has_its_number_and_its_head(sheets, begins):
    of_contents = " ".join(sheets[begins[1][1] : begins[2][1]])
    for title, sheet in begins[2:]:
        assert re.search(rf"{re.escape(title)} ?{sheet + 1}\b", of_contents), title
    ends = [sheet for _, sheet in begins[3:]] + [len(sheets)]
    parts = [*paper.pages().values(), paper.APPENDIX]
    for part, (_, sheet), end in zip(parts, begins[2:], ends, strict=True):
        for number in range(sheet, max(end, sheet + 1)):
            assert str(number + 1) in sheets[number].split(), number + 1
            assert part in sheets[number], number + 1  # the running head


def test_a_solution_stands_in_the_appendix_and_its_exercise_says_on_which_sheet(sheets, begins):
    appendix = begins[-1][1]
    said = [int(n) for text in sheets for n in re.findall(r"Hint and solution: page (\d+)", text)]
    assert len(said) > 20
    assert all(appendix < number <= len(sheets) for number in said)
    assert not any("Hint and solution" in text for text in sheets[appendix:])


def test_no_table_and_no_figure_leaves_half_a_sheet_blank(seen, begins):
    last = {sheet - 1 for _, sheet in begins} | {len(seen) - 1}  # of a page of the book
    depths = {n: depth for n, (_, depth) in enumerate(seen) if n not in last}
    assert len(depths) > 100
    assert {n + 1: depth for n, depth in depths.items() if depth < 0.55} == {}


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


def test_no_sheet_of_the_pdf_is_empty(printed, sheets):
    empty = [
        number
        for number, (page, words) in enumerate(zip(printed.pages, sheets, strict=True), 1)
        if len(words) < 120 and not page.images  # running head and number have up to 80
    ]
    assert [number for number in empty if number > 1] == []  # the title page apart


def test_no_link_of_the_pdf_leads_to_this_computer(printed):
    for page in printed.pages:
        for entry in page.get("/Annots", []):
            uri = entry.get_object().get("/A", {}).get("/URI", "")
            assert not re.match(r"file:|http://127", uri), uri


def test_widgets_are_figures_in_print_with_their_address(sheets):
    text = " ".join(sheets)
    assert "After 1 examples" in text  # a frame's words, from chapter 1
    assert "Weights at epoch 0" in text
    assert re.search(r"Live on screen: \S*chapters/\S*01_task\.html", text)


def test_a_link_into_the_lab_says_on_paper_what_to_type(sheets):
    text = "".join("".join(sheets).split())
    assert "lab.html?seed=0)" in text
    assert "lab.html?change=clamp&set=sparse&at=memorization)" in text
