"""Some rendered pages on a phone: wide formulas, scrubbers, verdicts, the lab."""

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect
from rendered import HTML, PAGES, views

pytestmark = [pytest.mark.site, pytest.mark.usefixtures("_built")]
PHONE = {"width": 390, "height": 844}
TEXTS = [page for page in PAGES if page.startswith(("chapters/", "course/"))]
SCRUBBED = [page for page in TEXTS if views(page) and "data:image/webp" in HTML[page]]
JUDGED = [page for page in TEXTS if 'class="typeset parts"' in HTML[page]]

WIDE_FORMULAS = """() => [...document.querySelectorAll("article div.math")]
  .filter(box => box.querySelector("mjx-math").getBoundingClientRect().width > box.clientWidth)
  .map(box => [box.classList.contains("scrolls"), box.tabIndex, box.ariaLabel])"""
FRAMES = """() => [...document.querySelectorAll(".widget-subarea .widget-html img")].map(image => [
  11 * 90 / 72 * image.getBoundingClientRect().width / image.naturalWidth,
  image.closest(".scrolls") !== null || image.getBoundingClientRect().right <= innerWidth])"""


def test_there_are_scrubbers_and_verdicts():
    assert SCRUBBED
    assert JUDGED  # of none, the tests of each would have nothing to say


def test_a_wide_formula_says_that_it_scrolls(visit):
    tab = visit("chapters/14_start.html", viewport=PHONE)
    tab.wait_for_timeout(300)  # the observer tells after the next frame
    found = tab.evaluate(WIDE_FORMULAS)
    assert found
    assert all(box == [True, 0, "Formula, scrolls sideways"] for box in found)


@pytest.mark.parametrize("page", SCRUBBED)
def test_letters_of_a_scrubber_are_as_large_as_captions(visit, page):
    tab = visit(page, viewport=PHONE)
    expect(tab.locator(".widget-html img").first).to_be_visible()
    tab.wait_for_timeout(300)  # the observer tells after the next frame
    frames = tab.evaluate(FRAMES)
    assert frames
    assert all(letters >= 12.7 and whole for letters, whole in frames)  # captions have 12.8 pixels


@pytest.mark.parametrize("page", JUDGED[:2])
def test_what_decides_a_claim_fits_the_page(visit, page):
    tab = visit(page, viewport=PHONE)
    for table in tab.locator("table.parts").filter(visible=True).all():
        box = table.bounding_box()
        assert box["x"] + box["width"] <= PHONE["width"]


def test_train_is_in_the_first_screen_of_the_lab(visit):
    tab = visit("chapters/lab.html", viewport=PHONE)
    box = tab.get_by_role("button", name="Train", exact=True).bounding_box()
    assert box["y"] + box["height"] <= PHONE["height"]
    tab.get_by_text("or try an experiment").click()
    expect(tab.get_by_text("train the neuron ticket", exact=True)).to_be_visible()


@pytest.mark.parametrize("page", TEXTS)
def test_a_number_from_the_run_has_a_minus(page):
    pasted = BeautifulSoup(HTML[page], "html.parser").select(".pasted-text")
    assert not [number.text for number in pasted if number.text.startswith("-")]
