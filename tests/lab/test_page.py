"""The live lab's page in a real browser: it keeps anywidget's contract, render({model, el})."""

import json
import subprocess
import sys
from itertools import pairwise

import pytest
import traitlets

from grokutils.lab import Lab
from grokutils.parity.config import TrainConfig


def test_two_runs_of_the_papers_network_leave_the_page_responsive(chromium, page, show):
    lab = show(query="?epochs=60&change=lr&at=start&to=0.05")
    lab.answer("later")
    chromium.start_tracing(page=page, categories=["disabled-by-default-devtools.timeline"])
    lab.press("Train")
    lab.sees("Done.", 600_000)
    tasks = main_thread_tasks(json.loads(chromium.stop_tracing()))
    assert len(tasks) > 100
    assert max(tasks) < 100


def test_the_papers_network_groks_and_the_page_stays_responsive(chromium, page, show):
    lab = show("the paper")
    assert "1000 of 1000 neurons" in lab.status
    chromium.start_tracing(page=page, categories=["disabled-by-default-devtools.timeline"])
    lab.press("Train")
    lab.running()
    lab.stopped(600_000)
    tasks = main_thread_tasks(json.loads(chromium.stop_tracing()))
    tiles = lab.locator("dd").all_inner_texts()
    assert lab.epoch == 300
    assert tiles[1:3] == ["100 %", "100 %"]
    assert 1 <= int(tiles[3].split()[0]) <= 20
    assert "It generalized at epoch" in lab.status
    command = [sys.executable, "-m", "grokutils.parity.train", "--seed", "0"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert lab.digests() == {"undisturbed": printed.strip()}
    assert len(tasks) > 100
    assert max(tasks) < 100


def main_thread_tasks(trace):
    """Return the milliseconds of processor time, which others' load does not lengthen."""
    events = trace["traceEvents"]
    (main,) = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    } & {(event["pid"], event["tid"]) for event in events if event["name"] == "FireAnimationFrame"}
    return [
        event["tdur"] / 1000
        for event in events
        if event["name"] == "RunTask" and (event["pid"], event["tid"]) == main and "tdur" in event
    ]


def test_one_epoch_pause_and_reset(page, show):
    lab = show()
    fresh = lab.status
    lab.press("One epoch")
    lab.sees("Paused. Epoch 1:")
    first = lab.status
    assert first.split(":")[1] != fresh.split(":")[1]
    lab.set("epochs", 100_000)
    lab.press("Train")
    page.wait_for_function("parseInt(document.querySelector('dd').textContent) > 5")
    lab.press("Pause")
    lab.stopped()
    held = lab.epoch
    assert held > 5
    page.wait_for_timeout(400)
    assert lab.epoch == held
    lab.press("Train")
    page.wait_for_function(f"parseInt(document.querySelector('dd').textContent) > {held}")
    lab.press("Reset")
    lab.sees("Ready. Epoch 0:")
    assert lab.status == fresh
    lab.press("One epoch")
    lab.sees("Paused. Epoch 1:")
    assert lab.status == first  # the same seed, the same run


def test_a_finished_run_starts_again(page, show):
    lab = show()
    lab.set("epochs", 3)
    lab.press("Train")
    lab.sees("Done. Epoch 3:")
    once = lab.status
    lab.locator(".gl-status").evaluate("element => { element.textContent = ''; }")
    lab.press("Train again")
    lab.sees("Done. Epoch 3:")
    assert lab.status == once


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("width", "0", "Neurons (width) must be a whole number from 1 to 20,000."),
        ("k_relevant", "41", "must be a whole number from 1 to 40, the number of bits."),
        ("batch_size", "1.5", "Batch size must be a whole number"),
        ("lr", "0", "Learning rate must be a number above 0 and at most 10."),
        ("weight_decay", "-0.1", "Weight decay must be a number from 0"),
        ("seed", "", "Seed must be a whole number from 0"),
        ("n_train", "many", "Training samples must be a whole number"),
        ("epochs", "1e9", "Epochs must be a whole number from 1 to 100,000."),
    ],
)
def test_a_bad_setting_is_refused_beside_its_field(page, show, field, value, message):
    lab = show()
    good = lab.locator(f"[name={field}]").input_value()
    box = lab.set(field, value)
    assert box.get_attribute("aria-invalid") == "true"
    told = page.locator(f"#{box.get_attribute('aria-describedby')}")
    assert message in told.inner_text()
    assert message in lab.status
    lab.press("Train")
    assert page.evaluate("document.activeElement.name") == field
    page.wait_for_timeout(150)
    assert lab.epoch == 0  # nothing ran
    lab.set(field, good)
    assert box.get_attribute("aria-invalid") is None
    assert told.inner_text() == ""
    lab.press("One epoch")
    lab.sees("Paused. Epoch 1:")


def test_an_enormous_setting_says_its_cost_first(page, show):
    lab = show()
    ask = lab.locator(".gl-ask")
    assert not ask.is_visible()
    lab.set("width", 20_000)
    assert ask.is_visible()
    assert "16,000 steps" in ask.inner_text()  # 500 epochs of 32
    assert "MB of memory" in ask.inner_text()
    lab.press("Train")
    page.wait_for_timeout(150)
    assert lab.epoch == 0
    lab.press("Go back")
    assert lab.locator("[name=width]").input_value() == "20"
    assert not ask.is_visible()
    lab.set("width", 300)
    assert not ask.is_visible()
    lab.set("epochs", 100_000)
    assert "3,200,000 steps" in ask.inner_text()
    lab.press("Use these settings")
    assert not ask.is_visible()
    lab.press("Train")
    page.wait_for_function("parseInt(document.querySelector('dd').textContent) > 0")


def test_a_diverging_run_says_so_and_can_be_reset(page, show):
    lab = show()
    lab.set("lr", 10)
    lab.set("weight_decay", 10)
    lab.press("Train")
    lab.sees("Stopped: weights are not finite after epoch")
    lab.set("lr", 0.1)
    lab.sees("Ready. Epoch 0:")


def test_two_labs_do_not_interfere_and_closing_ends_the_worker(page, show):
    page.evaluate(
        """() => {
        window.ended = 0;
        const end = Worker.prototype.terminate;
        Worker.prototype.terminate = function () { ended += 1; end.call(this); };
        }"""
    )
    first, second = show(), show("too little data", "b")
    second.press("One epoch")
    second.sees("Paused. Epoch 1:")
    assert first.epoch == 0
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids))
    assert page.evaluate("() => { closers.a(); return ended; }") == 1
    second.press("One epoch")
    second.sees("Paused. Epoch 2:")


HIDE = """(hidden) => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_it_pauses_while_the_page_is_hidden(page, show):
    lab = show(query="?width=20&epochs=100000&change=lr&at=start&to=0.05")
    lab.answer("later")
    lab.press("Train")
    lab.running()
    page.evaluate(HIDE, True)
    lab.stopped()
    page.evaluate(HIDE, False)
    lab.running()


def test_ten_seeds_pause_while_the_page_is_hidden(page, show):
    lab = show(query="?width=20&epochs=100000")
    lab.press("Repeat over 10 seeds")
    lab.press("Use these settings")
    done = "document.querySelector('progress').value"
    page.wait_for_function(f"{done} > 0")
    page.evaluate(HIDE, True)
    page.wait_for_timeout(500)
    held = page.evaluate(done)
    page.wait_for_timeout(800)
    assert page.evaluate(done) == held
    page.evaluate(HIDE, False)
    page.wait_for_function(f"{done} > {held}")


def test_with_reduced_motion_nothing_slides_and_drawings_change_once_a_second(page, show):
    page.emulate_media(reduced_motion="reduce")
    lab = show()
    durations = "all => [...new Set(all.map((e) => getComputedStyle(e).transitionDuration))]"
    assert lab.locator("button, span").evaluate_all(durations) == ["0s"]
    page.evaluate(
        """() => {
        window.drawn = [];
        const get = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind) {
          if (this.closest(".gl-norms")) drawn.push(performance.now());
          return get.call(this, kind);
        };
        }"""
    )
    lab.set("epochs", 100_000)
    lab.press("Train")
    lab.running()
    page.evaluate("() => { drawn.length = 0; }")
    page.wait_for_function("drawn.length >= 5")
    times = page.evaluate("drawn")
    # A timer is never early; the first drawing may still be the one that shows the start.
    assert min(b - a for a, b in pairwise(times[1:])) > 900
    page.emulate_media(reduced_motion="no-preference")
    assert lab.locator("button").evaluate_all(durations) != ["0s"]


def test_presets_by_keyboard(page, show):
    lab = show("the paper")
    names = lab.lab.get_by_role("radio").evaluate_all("all => all.map((radio) => radio.value)")
    assert names == list(Lab.preset.values)
    lab.lab.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowRight")
    assert lab.locator("[name=weight_decay]").input_value() == "0"
    page.keyboard.press("ArrowLeft")
    shown = {
        box.get_attribute("name"): box.input_value() for box in lab.lab.get_by_role("textbox").all()
    }
    paper = TrainConfig()
    assert {name: float(value) for name, value in shown.items()} == {
        "n_bits": paper.task.n_bits,
        "k_relevant": paper.task.k_relevant,
        "n_train": paper.task.n_train,
        "n_test": paper.task.n_test,
        "label_noise": 0,
        "initial_scale": 1,
        "width": paper.width,
        "lr": paper.lr,
        "weight_decay": paper.weight_decay,
        "batch_size": paper.batch_size,
        "seed": 0,
        "epochs": paper.epochs,
    }
    lab.set("seed", 5)
    assert lab.locator("input:checked").count() == 0  # no longer a preset


def test_the_widget_takes_only_presets_there_are():
    assert Lab(preset="k = 4").preset == "k = 4"
    with pytest.raises(traitlets.TraitError, match="preset"):
        Lab(preset="k = 5")
