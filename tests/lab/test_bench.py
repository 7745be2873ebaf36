"""Where the lab shows what, and that what it shows together is of one moment."""

from itertools import pairwise

import pytest

SMALL = "n_bits=12&k_relevant=2&n_train=150&width=60&epochs=120"
SAME = """() => {
    window.apart = []; window.seen = new Set();
    const look = () => {
      const [tile] = document.querySelector("dd").textContent.split(" ");
      const status = document.querySelector(".gl-status").textContent;
      const [, said] = status.match(/Epoch (\\d+):/) ?? [];
      seen.add(tile);
      if (said !== tile.replace(",", "")) apart.push([said, tile]);
      requestAnimationFrame(look);
    };
    look();
}"""


def box(lab, selector):
    """Return top and bottom of an element, in pixels from the lab's own top."""
    found, whole = lab.locator(selector).first.bounding_box(), lab.locator("section").bounding_box()
    return found["y"] - whole["y"], found["y"] + found["height"] - whole["y"]


def test_what_one_watches_is_in_sight_at_once(page, show):
    page.set_viewport_size({"width": 950, "height": 900})
    lab = show("the paper")
    watched = (".gl-controls", ".gl-status", ".gl-tiles", ".gl-accuracy", ".gl-norms")
    ends = [box(lab, selector)[1] for selector in (*watched, ".gl-weights")]
    assert max(ends) < 700  # of 900, with the page's head and the lab's words above
    assert box(lab, ".gl-accuracy")[0] == box(lab, ".gl-norms")[0]


def test_on_a_phone_train_comes_before_accuracy_and_norms(page, show):
    page.set_viewport_size({"width": 390, "height": 844})
    lab = show("the paper")
    places = [".gl-controls", ".gl-accuracy", ".gl-norms", ".gl-weights", ".gl-tiles"]
    tops = [box(lab, place)[0] for place in places]
    assert tops == sorted(tops)
    assert not lab.locator(".gl-experiments").evaluate("fold => fold.open")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_experiments_are_open_whether_or_not_there_is_a_layout_yet(page, show):
    page.evaluate("document.getElementById('a').style.display = 'none'")
    page.evaluate("show('a', 'narrow')")
    page.locator("#a section").wait_for(state="attached")
    assert page.locator("#a .gl-experiments").evaluate("fold => fold.open")


def test_status_and_tiles_tell_one_epoch_while_it_trains(page, show):
    lab = show(query="?width=200&epochs=600")  # of a few, a busy machine shows a handful
    page.evaluate(SAME)
    lab.press("Train")
    lab.sees("Done.", 120_000)
    page.wait_for_timeout(100)
    assert page.evaluate("seen.size") > 5
    assert page.evaluate("apart") == []


def test_the_axis_is_linear_where_that_is_asked_for(page, show):
    lab = show(query=f"?{SMALL}")
    lab.press("Train")
    lab.sees("Done.")
    accuracy = lab.locator(".gl-accuracy svg")
    assert "epoch, logarithmic" in accuracy.text_content()
    lab.lab.get_by_role("checkbox", name="Linear axis").check()
    accuracy.get_by_text("epoch", exact=True).wait_for()
    ticks = accuracy.locator("text").evaluate_all(
        """all => all.filter((t) => /^[0-9]+$/.test(t.textContent))
          .map((t) => [+t.textContent, +t.getAttribute("x")])"""
    )
    steps = [
        (b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(ticks[:-1])
    ]  # the last word stays inside
    assert len(ticks) > 3
    assert max(steps) == pytest.approx(min(steps), rel=0.01)


def test_files_carry_the_run_in_their_name(page, show):
    lab = show(query=f"?{SMALL}&seed=13")
    with page.expect_download() as download:
        lab.press("Curves as CSV")
    name = download.value.suggested_filename
    assert name.startswith("lab-n-bits-12-k-relevant-2-")
    assert "seed-13" in name
    assert name.endswith(".csv")


def test_ten_seeds_are_shown_above_the_single_run(page, show):
    lab = show(query="?n_bits=12&n_train=200&width=20&epochs=10")
    assert not lab.locator(".gl-seeds").is_visible()
    lab.press("Repeat over 10 seeds")
    lab.sees("Done: 10 of 10 seeds.")
    assert box(lab, ".gl-seeds")[1] < box(lab, ".gl-accuracy")[0]


def test_an_event_of_the_changed_run_is_said_in_words(page, show):
    lab = show(query=f"?{SMALL}&seed=5&change=lr&at=start&to=0.05")
    lab.answer("about the same")
    lab.press("Train")
    lab.sees("Done.")
    assert "You predicted “about the same”" in lab.status
    lab.locator(".gl-accuracy svg", has_text="the changed run generalized at ").wait_for()
    assert "not by epoch 120" in lab.locator(".gl-guess").inner_text()
