"""The rendered book in a browser: its front door, its widgets, the lab and the links into it."""

import functools
import html
import json
import re
from urllib.parse import parse_qsl, urljoin

import pytest
from playwright.sync_api import expect
from rendered import HTML, PAGES, REDIRECTS, SITE, STATE, holds, views

LAB_LINK = re.compile(r'<a class="lab-link [^>]*href="([^"]+)"')
LAB_LINKS = sorted(
    {
        urljoin(page, html.unescape(link))
        for page, text in HTML.items()
        for link in LAB_LINK.findall(text)
    }
)
# What leads on without a script; where old addresses lead, test_moved.py asks.
FRONT_DOOR = [page for page in REDIRECTS if 'http-equiv="Refresh"' in HTML[page]]

pytestmark = [pytest.mark.site, pytest.mark.usefixtures("_built")]


def scrubbers(page):
    """Numbers of those widgets of a page that hold a Stack of frames."""
    found = STATE.search(HTML[page])
    models = json.loads(found[1])["state"] if found else {}

    def holds_stack(model):
        children = models[model]["state"].get("children", [])
        return models[model]["model_name"] == "StackModel" or any(
            holds_stack(child.removeprefix("IPY_MODEL_")) for child in children
        )

    return [number for number, view in enumerate(views(page)) if holds_stack(view)]


def test_there_are_pages():
    assert len(PAGES) > 10  # of none, the tests of every page would have nothing to say


@pytest.mark.parametrize("page", FRONT_DOOR)
def test_the_front_door_leads_to_a_page(visit, chromium, http_address, page):
    context = chromium.new_context()
    tab = context.new_page()
    tab.goto(http_address + page)
    tab.wait_for_url(re.compile(r"/chapters/index\.html$"))
    context.close()


@pytest.mark.parametrize(
    ("page", "number"), [(page, number) for page in PAGES for number in scrubbers(page)]
)
def test_a_scrubber_changes_its_frame(visit, page, number):
    tab = visit(page)
    area = tab.locator(".widget-subarea").nth(number)
    area.scroll_into_view_if_needed()
    frame = functools.partial(
        area.evaluate,
        """area => {
          const copy = area.cloneNode(true);
          copy.querySelectorAll(".widget-slider, .widget-play").forEach(e => e.remove());
          return copy.innerHTML;
        }""",
    )

    def assert_changes(action):
        before = frame()
        action()
        for _ in range(30):
            if frame() != before:
                return
            tab.wait_for_timeout(100)
        raise AssertionError(f"the frame stays as it was after {action}")

    sliders = area.get_by_role("slider").all()
    assert sliders
    for slider in sliders:
        expect(slider).to_have_accessible_name(re.compile(r"\w"))
        slider.press("Home")
        assert_changes(lambda slider=slider: slider.press("ArrowRight"))
        track = slider.locator("xpath=ancestor::*[contains(@class, 'noUi-target')]").bounding_box()
        slider.hover()
        tab.mouse.down()
        assert_changes(
            lambda track=track: tab.mouse.move(
                track["x"] + 0.9 * track["width"], track["y"] + track["height"] / 2
            )
        )
        tab.mouse.up()
        slider.press("Home")
    for play in area.get_by_title("Play or pause").all():
        assert_changes(play.click)
        play.click()


@pytest.mark.parametrize("scheme", ["http", "file"])
@pytest.mark.parametrize("page", [page for page in PAGES if holds(page, "grokutils.show.lab")])
def test_the_live_lab_trains(visit, page, scheme):
    tab = visit(page, address=f"{SITE.as_uri()}/") if scheme == "file" else visit(page)
    lab = tab.get_by_label("Live training lab")
    lab.get_by_role("button", name="One epoch").click()
    expect(lab.locator(".gl-status", has_text="Paused. Epoch 1:")).to_be_visible(timeout=30000)


def test_what_one_watches_in_the_lab_is_in_sight_at_once(visit):
    tab = visit("chapters/lab.html", viewport={"width": 1280, "height": 900})
    tab.locator(".gl-status", has_text="Ready. Epoch 0:").wait_for()
    for watched in (".gl-controls", ".gl-status", ".gl-accuracy", ".gl-norms", ".gl-weights"):
        box = tab.locator(watched).first.bounding_box()
        assert box["y"] + box["height"] <= 900


@pytest.mark.parametrize("link", LAB_LINKS)
def test_a_link_into_the_lab_sets_it_up_and_waits(visit, link):
    tab = visit(link)
    lab = tab.get_by_label("Live training lab")
    expect(lab.locator(".gl-status", has_text="Ready. Epoch 0:")).to_be_visible(timeout=30000)
    for name, value in parse_qsl(link.partition("?")[2]):
        at_epoch = name == "at" and value.isdigit()
        expect(lab.locator(f"[name={'epoch' if at_epoch else name}]")).to_have_value(value)
    assert tab.faults == []
