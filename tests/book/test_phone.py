"""The rendered pages on a phone and in the dark: formulas, scrubbers, verdicts, the lab."""

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect
from rendered import HTML, PAGES, views

pytestmark = [pytest.mark.site, pytest.mark.usefixtures("_built")]
PHONE = {"width": 390, "height": 844}
TEXTS = [page for page in PAGES if page.startswith(("chapters/", "course/"))]
TYPESET = [page for page in TEXTS if '<span class="math' in HTML[page]]
SCRUBBED = [page for page in TEXTS if views(page) and "data:image/webp" in HTML[page]]
JUDGED = [page for page in TEXTS if 'class="typeset criteria"' in HTML[page]]

# Formulas in sentences that reach out of their box.
CUT_OFF = """() => [...document.querySelectorAll("article span.math:not(table *)")].filter(span => {
  const edge = Math.min(span.getBoundingClientRect().right, innerWidth);
  return (span.querySelector("mjx-math")?.getBoundingClientRect().right ?? 0) > edge + 1;
}).map(span => span.textContent)"""
# Marks after a formula that stand on another line.
ASTRAY = """() => [...document.querySelectorAll("article span.math")].filter(span => {
  const next = span.nextSibling, mark = document.createRange();
  if (next?.nodeType !== Node.TEXT_NODE || !/^[^\\s\\p{L}\\p{N}]/u.test(next.data)) return false;
  mark.setStart(next, 0);
  mark.setEnd(next, 1);
  return mark.getBoundingClientRect().top > span.getBoundingClientRect().bottom;
}).map(span => span.parentElement.textContent)"""
WIDE_FORMULAS = """() => [...document.querySelectorAll("article div.math")]
  .filter(box => box.querySelector("mjx-math").getBoundingClientRect().width > box.clientWidth)
  .map(box => [box.classList.contains("scrolls"), box.tabIndex, box.ariaLabel])"""
FRAMES = """() => [...document.querySelectorAll(".widget-subarea .widget-html img")].map(image => [
  11 * 90 / 72 * image.getBoundingClientRect().width / image.naturalWidth,
  image.closest(".scrolls") !== null])"""


def test_there_are_formulas_scrubbers_and_verdicts():
    assert TYPESET
    assert SCRUBBED
    assert JUDGED  # of none, the tests of each would have nothing to say


@pytest.mark.parametrize("page", TYPESET)
def test_a_formula_is_whole_and_keeps_the_mark_after_it(visit, page):
    tab = visit(page, viewport=PHONE)
    assert tab.evaluate(CUT_OFF) == []
    assert tab.evaluate(ASTRAY) == []


def test_a_wide_formula_says_that_it_scrolls(visit):
    tab = visit("chapters/09_delay.html", viewport=PHONE)
    tab.wait_for_timeout(300)  # the observer tells after the next frame
    found = tab.evaluate(WIDE_FORMULAS)
    assert found
    assert all(box == [True, 0, "Formula, scrolls sideways"] for box in found)


@pytest.mark.parametrize("page", SCRUBBED)
def test_letters_of_a_scrubber_are_as_large_as_captions(visit, page):
    tab = visit(page, viewport=PHONE)
    expect(tab.locator(".scrolls .widget-html img").first).to_be_visible()
    frames = tab.evaluate(FRAMES)
    assert all(letters >= 12.7 and told for letters, told in frames)  # captions have 12.8 pixels


@pytest.mark.parametrize("page", JUDGED[:2])
def test_what_decides_a_claim_fits_the_page(visit, page):
    tab = visit(page, viewport=PHONE)
    for table in tab.locator("table.criteria").filter(visible=True).all():
        box = table.bounding_box()
        assert box["x"] + box["width"] <= PHONE["width"]


def test_train_is_in_the_first_screen_of_the_lab(visit):
    tab = visit("chapters/lab.html", viewport=PHONE)
    box = tab.get_by_role("button", name="Train", exact=True).bounding_box()
    assert box["y"] + box["height"] <= PHONE["height"]
    tab.get_by_text("or try an experiment").click()
    expect(tab.get_by_text("train the ticket", exact=True)).to_be_visible()


@pytest.mark.parametrize("page", TEXTS)
def test_links_to_the_next_page_stay_in_it(visit, page):
    tab = visit(page, viewport=PHONE)
    assert tab.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    for arrow in tab.locator(".prev-next-area a > :is(i, svg)").all():
        box, link = arrow.bounding_box(), arrow.locator("..").bounding_box()
        assert box["x"] >= link["x"] - 1
        assert box["x"] + box["width"] <= link["x"] + link["width"] + 1


@pytest.mark.parametrize("page", TEXTS)
def test_in_the_dark_no_output_lies_on_a_pale_ground(visit, page):
    tab = visit(page, mode="dark")
    pale = """() => [...document.querySelectorAll("article .cell_output *")].filter(box => {
      const [red, green, blue, alpha = 1] = getComputedStyle(box).backgroundColor.match(/[\\d.]+/g);
      return alpha > 0.3 && Math.min(red, green, blue) > 190 && box.clientHeight > 12;
    }).map(box => box.className)"""
    assert tab.evaluate(pale) == []


@pytest.mark.parametrize("page", TEXTS)
def test_a_number_from_the_run_has_a_minus(page):
    pasted = BeautifulSoup(HTML[page], "html.parser").select(".pasted-text")
    assert not [number.text for number in pasted if number.text.startswith("-")]
