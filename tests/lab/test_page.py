"""The live lab's page in a real browser: it keeps anywidget's contract, render({model, el})."""

import pytest
import traitlets

from grokutils.parity.config import TrainConfig
from grokutils.show.lab import Lab


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
