"""What holds for every rendered page: on a desk, on a phone, in the dark, without scripts.

A page is opened once for each way to look at it; the tests only read it.
"""

import re

import pytest
from playwright.sync_api import expect
from rendered import AXE, HTML, PAGES, SITE, holds, views

pytestmark = [pytest.mark.site, pytest.mark.usefixtures("_built")]
IMAGE = re.compile(r'<img[^>]*?\ssrc="(?!data:)([^"]+)"')
PHONE = {"width": 390, "height": 844}
LOOKS = {
    "desk": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": PHONE},
    # From a disk, too: that a page opens there without fault needs no look of its own.
    "dark": {"mode": "dark", "reduced_motion": "reduce", "address": f"{SITE.as_uri()}/"},
    "plain": {"java_script_enabled": False},
}

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
# Of each picture in sight, in pixels: its letters (ticks have 11 points) and its caption's.
LETTERS = """() => [
  ...document.querySelectorAll("figure[id^=fig-] img, .tag_narrow img")
].map(image => {
  const figure = image.closest("figure") ?? image.closest(".cell").nextElementSibling;
  const caption = figure.querySelector("figcaption p");
  const drawn = image.getBoundingClientRect().width / image.naturalWidth;
  const dots = image.closest(".widget-subarea") ? 90 : 150; // an inch
  return [11 * dots / 72 * drawn, parseFloat(getComputedStyle(caption).fontSize)];
}).filter(([letters]) => letters > 0)"""  # one of a scrubber's frames, one of two drawings
# When the page had loaded, and when each file that only a widget needs was asked for.
STARTED = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const files = performance.getEntriesByType("resource")
    .filter(entry => /requirejs|html-manager|anywidget|static.lab/.test(entry.name));
  return [page.loadEventStart, ...files.map(entry => entry.startTime)];
}"""
# What is wider than its box, formulas apart; `kind` chooses among what scrolls.
WIDER = """kind => [...document.querySelectorAll(`article ${kind}`)]
  .filter(box => ["auto", "scroll"].includes(getComputedStyle(box).overflowX))
  .filter(box => box.scrollWidth > box.clientWidth + 1 && !box.closest("mjx-container"))
  .map(box => [box.className, box.tabIndex, box.ariaLabel, box.textContent.trim().slice(0, 60)])"""
# Outputs on a pale ground.
PALE = """() => [...document.querySelectorAll("article .cell_output *")].filter(box => {
  const [red, green, blue, alpha = 1] = getComputedStyle(box).backgroundColor.match(/[\\d.]+/g);
  return alpha > 0.3 && Math.min(red, green, blue) > 190 && box.clientHeight > 12;
}).map(box => box.className)"""
# Words in sight, without code and formulas, and how far one scrolls.
LENGTH = """() => {
  const article = document.querySelector("article") ?? document.querySelector("main");
  const words = (box) => (box.innerText.match(/\\S+/g) ?? []).length;
  const aside = [...article.querySelectorAll("div.cell_input, mjx-container")];
  return [words(article) - aside.reduce((sum, box) => sum + words(box), 0), article.offsetHeight];
}"""
# What is not read from end to end, or holds more than one claim, which belong together.
LOOKED_UP = {
    "chapters/08_decay.html": "C3, and C13 and C14, which see the same under two other settings",
    "chapters/14_start.html": "S1 and S2: the scale of the start, and the kernel that it sets",
    "chapters/18_law.html": "L1 to L4, each with its picture: long to scroll, not to read",
    "chapters/23_critical.html": "S7 and S16: two readings of the same critical size",
    "chapters/literature.html": "a map: one work, or those on a claim, is chosen from a list",
    "chapters/scorecard.html": "all claims, one sentence each; what decided one is unfolded",
    "course/guide.html": "for teachers, who read the chapter that they teach",
}


@pytest.fixture(
    scope="module", params=PAGES
)  # of the module, so that a page's tests stand together
def page(request):
    return request.param


@pytest.fixture(scope="module")
def look(page, open_page):
    """Return a function that opens the page in one of the `LOOKS`, once for all tests."""
    tabs = {}

    def look(way):
        tabs[way] = tabs.get(way) or open_page(page, **LOOKS[way])
        return tabs[way]

    yield look
    for tab in tabs.values():
        tab.context.close()


@pytest.mark.parametrize("way", ["desk", "dark"])
def test_it_opens_without_fault_and_without_the_internet(look, way):
    tab = look(way)
    tab.wait_for_load_state("networkidle")
    assert tab.faults == []


def test_widgets_wait_for_text_and_figures(look, page):
    load, *bundle = look("desk").evaluate(STARTED)
    assert bool(bundle) == bool(views(page))
    assert all(start >= load for start in bundle)


def test_it_is_read_in_ten_minutes(look, page):
    words, pixels = look("desk").evaluate(LENGTH)
    short = words <= 2500 and pixels <= 10_000
    assert short == (page not in LOOKED_UP), f"{words} words, {pixels} pixels"


def test_every_formula_is_set(look):
    tab = look("desk")
    assert tab.locator(".math:not(:has(mjx-container))").all_inner_texts() == []
    assert tab.locator("mjx-merror").all_inner_texts() == []
    prose = tab.locator("main").evaluate(
        """main => {
          const copy = main.cloneNode(true);
          copy.querySelectorAll("pre, code, script, mjx-container").forEach(e => e.remove());
          return copy.textContent;
        }"""
    )
    assert re.findall(r".{0,30}(?:\\\(|\\\[|\$\$|\{glue:).{0,30}", prose) == []


@pytest.mark.parametrize(("way", "mode"), [("desk", "light"), ("dark", "dark")])
def test_it_is_accessible(look, way, mode):
    tab = look(way)
    assert tab.locator("html").get_attribute("data-theme") == mode
    # axe lets empty alternatives pass; here they are missing, and one word does not describe.
    unseen = "img:not([alt]), img[alt=''], article img:not([alt*=' '])"
    assert tab.locator(unseen).evaluate_all("all => all.map(image => image.outerHTML)") == []
    tab.evaluate(AXE.read_text(encoding="utf-8"))
    violations = tab.evaluate("axe.run({ resultTypes: ['violations'] }).then(r => r.violations)")
    assert [
        (fault["id"], node["target"], node["failureSummary"])
        for fault in violations
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ] == []


def test_no_table_and_no_code_is_cut_off(look):
    assert look("desk").evaluate(WIDER, "*") == []


def test_a_form_says_that_it_needs_a_kernel(look, page):
    note = look("desk").locator(".needs-kernel", has_text="This form needs a running kernel.")
    assert bool(note.count()) == holds(page, "needs-kernel")
    if holds(page, "needs-kernel"):
        note.first.scroll_into_view_if_needed()
        expect(note.first).to_be_visible()


def test_it_fits_a_phone(look):
    tab = look("phone")
    assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for arrow in tab.locator(".prev-next-area a > :is(i, svg)").all():
        box, link = arrow.bounding_box(), arrow.locator("..").bounding_box()
        assert box["x"] >= link["x"] - 1
        assert box["x"] + box["width"] <= link["x"] + link["width"] + 1


def test_on_a_phone_letters_of_figures_are_as_large_as_captions(look, page):
    sizes = look("phone").evaluate(LETTERS)
    assert bool(sizes) == ("<figure" in HTML[page] and 'id="fig-' in HTML[page])
    assert all(letters >= caption - 0.1 for letters, caption in sizes)


def test_on_a_phone_a_formula_is_whole_and_keeps_the_mark_after_it(look):
    tab = look("phone")
    assert tab.evaluate(CUT_OFF) == []
    assert tab.evaluate(ASTRAY) == []


def test_on_a_phone_what_scrolls_says_so(look):
    tab = look("phone")
    tab.locator("details").evaluate_all("folds => folds.forEach((fold) => { fold.open = true; })")
    tab.wait_for_timeout(300)  # the observer tells after the next frame
    silent = [
        box
        for box in tab.evaluate(WIDER, "*")
        if "scrolls" not in box[0].split() or box[1] != 0 or "scrolls" not in (box[2] or "")
    ]
    assert silent == []
    assert tab.evaluate(WIDER, "pre") == []  # code goes on in the next line


def test_in_the_dark_no_output_lies_on_a_pale_ground(look):
    assert look("dark").evaluate(PALE) == []


def test_nothing_moves_by_itself_where_less_motion_is_asked_for(look):
    tab = look("dark")
    assert tab.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    tab.wait_for_timeout(500)
    # What takes no time (the formulas' appearance) does not move.
    moving = tab.evaluate(
        """() => document.getAnimations()
          .filter((a) => a.playState === "running" && a.effect.getTiming().duration !== 0)
          .map((a) => a.animationName || a.transitionProperty)"""
    )
    assert moving == []


def test_it_can_be_read_without_javascript(look):
    tab = look("plain")
    expect(tab.locator("main h1:visible")).to_have_count(1)
    content = tab.locator("main :is(p, .math, figure img):not(:empty, details *)")
    assert content.count() == content.filter(visible=True).count()


def test_it_is_light(page):
    images = {(SITE / page).parent / name for name in IMAGE.findall(HTML[page])}
    size = sum(path.stat().st_size for path in [SITE / page, *images])
    assert size <= 3e6, f"{size / 1e6:.1f} MB"
