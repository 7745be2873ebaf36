"""Experiments in the lab's page: addresses, a second run, many seeds, what is taken home."""

import csv
import io
import re
import time
from urllib.parse import parse_qsl

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from grokutils.parity.config import TrainConfig, configure
from grokutils.parity.engine import weights_at
from grokutils.parity.train import train_seed
from grokutils.parity.weights import weights_digest

SMALL = "n_bits=12&k_relevant=2&n_train=150&width=60&epochs=120"


def taken(page, lab, button):
    """Press a button; return the file that it gives."""
    with page.expect_download() as download:
        lab.press(button)
    return download.value.path()


def table(path):
    """Return the first line and the rows of a table."""
    first, rest = path.read_text(encoding="utf-8").split("\n", 1)
    return first, list(csv.DictReader(io.StringIO(rest)))


@pytest.mark.parametrize("seed", [0, 13, 2**53 - 1])
@pytest.mark.parametrize("query", [SMALL, "width=150&n_train=200&lr=0.2&batch_size=50&epochs=9"])
def test_a_run_is_the_books_to_the_last_bit(page, show, seed, query):
    lab = show(query=f"?{query}&seed={seed}")
    assert lab.digests() == {}
    lab.press("Train")
    lab.sees("Done.")
    changes = {name: float(value) for name, value in parse_qsl(query)}
    whole = {name: int(value) for name, value in changes.items() if name != "lr"}
    config = configure(TrainConfig(), **changes | whole)
    run = train_seed(config, seed, [config.epochs], every=config.epochs)
    assert lab.digests() == {"undisturbed": weights_digest(weights_at(run, config.epochs))}


def test_an_address_sets_up_and_waits(page, show):
    lab = show(query=f"?{SMALL}&seed=13&weight_decay=0.001&change=remove&set=3,17&at=40")
    page.wait_for_timeout(200)
    assert lab.epoch == 0
    shown = {name: lab.locator(f"[name={name}]").input_value() for name in ("seed", "weight_decay")}
    assert shown == {"seed": "13", "weight_decay": "0.001"}
    assert lab.locator("[name=neurons]").input_value() == "3,17"
    assert lab.locator("[name=epoch]").is_visible()
    lab.press("Copy link")
    expect(lab.locator("textarea")).to_have_value(re.compile(r"\?"))  # the clipboard is asked first
    link = lab.locator("textarea").input_value()
    assert sorted(link.split("?")[1].split("&")) == sorted(page.url.split("?")[1].split("&"))
    assert link.startswith(page.url.split("?")[0])


def test_a_bad_value_in_an_address_is_said_and_never_run(page, show):
    lab = show(query="?width=0&seed=2", until="Neurons (width) must be")
    box = lab.locator("[name=width]")
    assert box.get_attribute("aria-invalid") == "true"
    lab.press("Train")
    page.wait_for_timeout(200)
    assert page.evaluate("document.activeElement.name") == "width"
    lab.set("width", 30)
    lab.sees("Ready. Epoch 0:")
    assert "of 30 neurons" in lab.status


def test_an_unknown_name_in_an_address_is_said_and_never_run(page, show):
    lab = show(query="?wieght_decay=0", until="“wieght_decay” is no setting of the lab.")
    lab.press("Train")
    page.wait_for_timeout(200)
    assert lab.epoch == 0
    lab.press("Go on without it")
    lab.press("One epoch")
    lab.sees("Paused. Epoch 1:")


def test_a_change_asks_for_a_prediction_and_says_what_differed(page, show):
    lab = show(query=f"?{SMALL}&seed=5&change=clamp&at=memorization")
    assert not lab.locator(".gl-norms-changed").evaluate("box => box.hidden")
    lab.press("Train")
    lab.sees("First your prediction")
    assert page.evaluate("document.activeElement.value") == "sooner"
    assert lab.epoch == 0
    lab.answer("later")
    lab.press("Train")
    lab.sees("Done.")
    told = lab.status
    epochs = [int(word.strip(".:")) for word in told.split() if word.strip(".:").isdigit()]
    assert "Held down from epoch" in told
    assert "You predicted “later”" in told
    alone, changed = lab.digests().values()
    assert alone != changed
    first, rows = table(taken(page, lab, "Curves as CSV"))
    assert first.startswith(f"# {page.url.split('?')[0]}?")
    assert set(f"{page.url}&set=sparse".split("?")[1].split("&")) == set(
        first.split("?")[1].split("&")
    )
    last = {row["run"]: row for row in rows}
    assert set(last) == {"undisturbed", "changed"}
    assert last["changed"]["epoch"] == "120"
    assert 120 in epochs


def test_what_changes_the_second_run_leaves_the_first(page, show):
    lab = show(query=f"?{SMALL}&seed=5")
    lab.press("Train")
    lab.sees("Done.")
    alone = lab.digests()
    lab.locator("summary").last.click()
    lab.set("change", "weight_decay")
    lab.set("at", "start")
    lab.set("to", 0)
    assert lab.digests() == alone  # the first run is kept
    lab.answer("I would rather see")
    lab.press("Train")
    lab.locator("[data-run=changed]").wait_for()
    both = lab.digests()
    assert both["undisturbed"] == alone["undisturbed"] != both["changed"]
    lab.set("change", "")
    assert lab.digests() == alone
    lab.set("weight_decay", 0)
    lab.press("Train")
    lab.sees("Done.")
    assert lab.digests() == {"undisturbed": both["changed"]}  # the same run, asked for otherwise


def test_neurons_are_picked_by_mouse_touch_and_keyboard(page, show):
    lab = show(query=f"?{SMALL}&seed=5&change=freeze&set=0&at=start")
    numbers = lab.locator("[name=neurons]")
    lab.set("neurons", "")
    assert "click some below" in lab.locator("[data-field=neurons] .gl-fault").inner_text()
    weights = lab.locator(".gl-weights [role=listbox]")
    weights.scroll_into_view_if_needed()
    weights.click(position={"x": 200, "y": 22})
    largest = numbers.input_value()
    assert largest.isdigit()
    assert "rank 1," in weights.locator("[role=option]").text_content()
    norms = lab.locator(".gl-norms [role=listbox]")
    norms.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    option = norms.locator("[role=option]")
    assert "rank 2," in option.text_content()
    assert option.get_attribute("aria-selected") == "false"
    page.keyboard.press("Space")
    assert option.get_attribute("aria-selected") == "true"
    assert option.get_attribute("id") == norms.get_attribute("aria-activedescendant")
    first, second = numbers.input_value().split(", ")
    assert first == largest != second
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert numbers.input_value() == second  # picked again is picked no longer
    lab.answer("I would rather see")
    lab.press("Train")
    lab.sees("(1 neuron)")
    # On the norm chart the neuron whose line is nearest: the largest, at the top left.
    norms.tap(position={"x": 43, "y": 2})
    assert numbers.input_value().startswith(f"{second}, ")


def test_ten_seeds_with_progress_and_censored_ones(page, show):
    lab = show(query="?n_bits=12&n_train=200&width=20&epochs=100")
    train = lab.lab.get_by_role("button", name="Train", exact=True).element_handle()
    lab.locator("progress").evaluate(  # it may come and go between two looks from here
        """(bar, train) => {
        window.disabled = [];
        const look = () => bar.hidden || disabled.push(train.disabled);
        new MutationObserver(look).observe(bar, { attributes: true });
        }""",
        train,
    )
    lab.press("Repeat over 10 seeds")
    lab.sees("Done: 10 of 10 seeds.")
    assert set(page.evaluate("disabled")) == {True}  # none while there was progress to see
    _, rows = table(taken(page, lab, "Seeds as CSV"))
    assert [row["seed"] for row in rows] == [str(seed) for seed in range(10)]
    censored = [row["seed"] for row in rows if not row["generalization_epoch"]]
    assert 0 < len(censored) < 10  # else the next line says nothing
    drawn = lab.locator("[data-censored]").evaluate_all("all => all.map(e => e.dataset.censored)")
    assert drawn == censored
    assert f"{10 - len(censored)} of 10 seeds generalized" in lab.status
    assert not lab.locator("progress").is_visible()
    # Each is the run that the lab makes of that seed alone.
    lab.set("seed", 3)
    lab.press("Train")
    lab.sees("Done.")
    epoch = rows[3]["generalization_epoch"]
    assert (
        (f"generalized at epoch {epoch}" in lab.status) if epoch else ("It gen" not in lab.status)
    )


def test_ten_seeds_can_be_stopped(page, show):
    lab = show("the paper")
    lab.press("Repeat over 10 seeds")
    page.wait_for_timeout(300)
    lab.press("Stop")
    lab.sees("Stopped: 0 of 10 seeds.")
    assert lab.lab.get_by_role("button", name="Train", exact=True).is_enabled()


def test_the_picture_holds_the_figures(page, show):
    lab = show(query=f"?{SMALL.replace('120', '20')}")
    lab.press("Train")
    lab.sees("Done.")
    with Image.open(taken(page, lab, "Picture as PNG")) as image:
        pixels = np.asarray(image.convert("RGB")).reshape(-1, 3)
    colours = {tuple(colour) for colour in np.unique(pixels, axis=0)}
    # train, test, those that suffice, negative weights: none of the layers is missing
    wanted = {(0, 114, 178), (213, 94, 0), (0, 158, 115), (123, 79, 201)}
    assert wanted <= colours
    assert len(pixels) > 1000 * 1000


def test_words_in_charts_are_sharp_from_the_first_paint(page, show):
    page.evaluate(
        """() => {
        window.painted = 0;
        CanvasRenderingContext2D.prototype.fillText = () => { painted += 1; };
        }"""
    )
    lab = show()
    for chart in (".gl-weights", ".gl-accuracy"):  # each draws in a frame of its own
        lab.locator(f"{chart} text").nth(5).wait_for()
    assert page.evaluate("painted") == 0  # no word is made of pixels
    sizes = lab.locator(".gl-norms canvas, .gl-weights canvas").evaluate_all(
        """all => all.map((c) => [c.width, c.clientWidth * devicePixelRatio,
        c.height, c.clientHeight * devicePixelRatio])"""
    )
    for width, shown_width, height, shown_height in sizes:
        assert abs(width - shown_width) <= 1
        assert abs(height - shown_height) <= 1
    assert lab.locator("svg[viewBox]").count() == 0  # nothing that could stretch


def test_two_runs_share_the_cores(page, show):
    lab = show(query="?epochs=4&change=weight_decay&to=0&at=start")
    lab.answer("I would rather see")
    started = time.perf_counter()
    lab.press("Train")
    lab.sees("Done.")
    assert time.perf_counter() - started < 60
    assert len(lab.digests()) == 2
