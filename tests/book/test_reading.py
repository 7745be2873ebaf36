"""The rendered pages as a reader has them: code, tables, figures, links, search."""

import re

import pages as around
import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import expect
from rendered import HTML, PAGES, SITE, soup

pytestmark = [pytest.mark.site, pytest.mark.usefixtures("_built")]
CODED = [page for page in PAGES if "cell_input" in HTML[page]]
TEXTS = [page for page in PAGES if page.startswith(("chapters/", "course/"))]
FIGURE = re.compile(r'<figure[^>]*\bid="(fig-[\w-]+)"(.*?)</figure>', re.DOTALL)
DRAWN = {(p, name): body for p in TEXTS for name, body in FIGURE.findall(HTML[p])}
FIGURES = list(DRAWN)
SCRUBBED = [figure for figure, body in DRAWN.items() if "<img" not in body]
every_text = pytest.mark.parametrize("page", TEXTS)


def test_there_are_figures_and_code():
    assert len(FIGURES) > len(SCRUBBED) > 0
    assert CODED  # of none, the tests of each would have nothing to say


@pytest.mark.parametrize("page", [page for page in CODED if re.search(r"chapters/\d", page)])
def test_a_chapter_opens_with_its_question(page):
    words = soup(page).select_one("article h1").find_next("p").text
    assert words.startswith("The question")
    first = soup(page).select_one("div.cell_input")
    assert first.find_parent("details"), "imports are folded"


@pytest.mark.parametrize("page", CODED[:3])
def test_one_control_shows_or_hides_all_code_and_remembers(visit, page):
    tab = visit(page)
    code = tab.locator("div.cell_input:not(.solution *)")  # a solution stays folded
    show, hide = (tab.get_by_role("button", name=f"{verb} all code") for verb in ("Show", "Hide"))
    usual = code.filter(visible=True).count()

    def assert_seen(number, pressed):
        expect(code.filter(visible=True)).to_have_count(number)
        for button in (show, hide):
            state = str(button == pressed).lower()
            expect(button).to_have_attribute("aria-pressed", state)

    assert_seen(usual, None)
    hide.press("Enter")
    assert_seen(0, hide)
    tab.reload()
    assert_seen(0, hide)
    show.press("Space")
    assert_seen(code.count(), show)
    tab.goto(tab.url.replace(page, CODED[-1]))
    expect(show).to_have_attribute("aria-pressed", "true")
    tab.goto(tab.url.replace(CODED[-1], page))
    show.press("Enter")
    assert_seen(usual, None)
    assert usual < code.count()


def test_the_control_works_where_nothing_may_be_kept(visit):
    tab = visit(CODED[0])
    refuse = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('refused') }})"
    tab.evaluate(refuse)
    tab.get_by_role("button", name="Hide all code").click()
    expect(tab.locator("div.cell_input").filter(visible=True)).to_have_count(0)
    assert not [fault for fault in tab.faults if "refused" in fault]


@pytest.mark.parametrize("page", CODED[:3])
def test_folded_code_opens_without_javascript(visit, page):
    fold = visit(page, java_script_enabled=False).locator("details.hide").first
    fold.locator("summary").click()
    expect(fold.locator("div.cell_input")).to_be_visible()


@pytest.mark.parametrize(("page", "figure"), FIGURES)
def test_a_figure_is_there_to_take_with_its_data(page, figure):
    links = soup(page).select(f"#{figure} p.downloads a")
    expected = ["data (CSV)"] if (page, figure) in SCRUBBED else ["picture", "data (CSV)"]
    assert [link.text for link in links] == expected
    *pictures, data = ((SITE / page).parent / link["href"] for link in links)
    assert all(picture.stat().st_size > 0 for picture in pictures)
    assert len(data.read_text(encoding="utf-8").splitlines()) > 1


@pytest.mark.parametrize(("page", "figure"), SCRUBBED)
def test_each_frame_of_a_scrubber_is_there_to_take_with_its_data(visit, page, figure):
    tab = visit(page)
    box = tab.locator(f"#{figure}")
    taken, steps = [], []
    for key in ("Home", "End"):
        box.get_by_role("slider").press(key)
        steps.append(step := box.locator(".widget-readout").inner_text())
        with tab.expect_download() as download:
            box.get_by_role("button", name="picture of this frame").click()
        assert download.value.suggested_filename == f"{figure}-{step}.png"
        taken.append(Image.open(download.value.path()))
    shown = (
        box.locator("img").filter(visible=True).evaluate("i => [i.naturalWidth, i.naturalHeight]")
    )
    assert [list(image.size) for image in taken] == [shown, shown]
    assert taken[0].tobytes() != taken[1].tobytes()
    data = pd.read_csv(SITE / "_downloads" / "figures" / f"{figure}.csv")
    numbers = data.iloc[:, 0].astype(str).unique()
    assert [numbers[0], numbers[-1]] == steps


@every_text
def test_a_table_of_results_has_a_number_and_a_caption(page):
    # On the scorecard and in the guide a table stands under the heading that says what it is.
    if page in ("chapters/scorecard.html", "course/guide.html"):
        return
    tables = soup(page).select("div.cell_output table.typeset")
    bare = [table.text[:60] for table in tables if not table.find_parent("figure")]
    assert bare == []


@every_text
def test_tables_are_typeset(page):
    assert soup(page).select("div.cell_output table.dataframe") == []


@every_text
def test_a_page_has_a_description_and_a_picture(page):
    metas = soup(page).select("meta[property^='og:']")
    told = {meta["property"]: meta["content"] for meta in metas}
    assert len(told["og:description"]) > 40
    assert told["og:title"]
    assert told["og:image:alt"]
    # Where the site's address is known it stands before; a path in the site has two parts.
    assert SITE.joinpath(*told["og:image"].split("/")[-2:]).exists()


@every_text
def test_a_page_says_how_to_cite_it_and_where_the_next_part_begins(page):
    parsed = soup(page)
    (entry,) = [
        fold for fold in parsed.select("details.cite") if fold.summary.text == "Cite this page"
    ]
    assert parsed.select_one("article h1").text.rstrip("#") in entry.text
    parts = around.parts()
    here = parts.get(page.removesuffix(".html"))
    for link in parsed.select(".prev-next-area a"):
        to = (SITE / page).parent.joinpath(link["href"]).resolve().relative_to(SITE.resolve())
        part, shown = parts.get(str(to.with_suffix(""))), link.select_one(".prev-next-title").text
        assert shown.startswith(f"{part}: ") == (part is not None and part != here)


@pytest.mark.parametrize("term", ["margin", "effective sparsity", "weight decay"])
def test_the_search_finds_the_glossary_first(visit, term):
    tab = visit("search.html")
    tab.goto(f"{tab.url}?q={term.replace(' ', '+')}")
    first = tab.locator("#search-results li a").first
    expect(first).to_have_attribute("href", re.compile(r"course/glossary\.html"), timeout=20000)
