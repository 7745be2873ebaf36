"""The reader's own experiments: the form's run is the book's run; the map counts every seed."""

import math
from dataclasses import replace

import pytest
import xarray as xr
from matplotlib.figure import Figure

from grokutils.parity.config import TrainConfig
from grokutils.parity.task import ParityTask
from grokutils.parity.train import train_seed
from grokutils.show.playground import _draw_map, sweep_form, training_form

SMALL = TrainConfig(task=ParityTask(n_bits=8, k_relevant=2, n_train=60), width=15, epochs=12)


def filled(form, **texts):
    for name, text in texts.items():
        form.fields[name].value = str(text)
    return form


def faults(form):
    return {name: fault.value for name, fault in form.faults.items() if fault.value}


def finish(form):
    form.start.click()
    form.thread.join()
    return form.results


def test_the_form_trains_the_network_that_train_does():
    texts = {"n_bits": 8, "k_relevant": 2, "n_train": 60, "width": 15, "epochs": 12, "seed": 3}
    form = filled(training_form(), **texts, weight_decay="1e-1", lr=".2")
    history = finish(form)
    expected = train_seed(replace(SMALL, weight_decay=0.1, lr=0.2), seed=3)
    xr.testing.assert_identical(history.drop_attrs(), expected)
    assert "Done. Epoch 12: train accuracy" in form.status.value


def test_the_form_begins_with_the_papers_settings():
    form = training_form()
    config, seed = form.check()
    assert (config, seed) == (TrainConfig(), 0)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("width", "0"),
        ("epochs", "2.5"),
        ("lr", "fast"),
        ("weight_decay", "-1"),
        ("n_train", ""),
        ("k_relevant", "41"),
        ("seed", "-1"),
    ],
)
def test_a_wrong_setting_is_told_beside_its_field(field, text):
    form = filled(training_form(), **{field: text})
    assert list(faults(form)) == [field]
    assert f"⚠ {field} = " in faults(form)[field]


def test_a_diverging_run_is_told():
    form = filled(training_form(), n_train=60, width=15, lr=1e200)
    form.start.click()
    form.thread.join()
    assert "Failed: training diverged" in form.status.value


def outcome(config, seed):
    """Happen at epoch n_train + seed, but never without weight decay."""
    return {"delay": config.task.n_train + seed if config.weight_decay else math.nan}


def test_a_sweep_runs_every_pair_with_every_seed():
    form = sweep_form(outcome, "delay", config=SMALL, n_train=[50, 60], weight_decay=[0, 0.1])
    grid = finish(filled(form, n_train="100, 200,300", seeds=2))
    assert dict(grid.sizes) == {"n_train": 3, "weight_decay": 2, "seed": 2}
    assert (grid["done"] == 1).all()
    assert grid["delay"].sel(n_train=200, weight_decay=0.1).values.tolist() == [200, 201]
    assert grid["delay"].sel(weight_decay=0).isnull().all()
    assert "12 of 12 runs" in form.status.value


def test_the_map_fills_in_and_counts_the_seeds_in_which_it_happened():
    form = sweep_form(outcome, "delay", config=SMALL, n_train=[50, 60], weight_decay=[0, 0.1])
    steps, texts = form.work(form.check()), []
    for _ in range(6):  # of 12: the first seed's four pairs, and two of the second's
        _, grid = next(steps)
        figure = Figure()
        _draw_map(grid, figure, "delay")
        texts.append([text.get_text() for text in figure.axes[0].texts])
    assert texts[0] == ["0 of 1"]
    assert texts[3] == ["0 of 1", "50\n1 of 1", "0 of 1", "60\n1 of 1"]
    assert texts[5] == ["0 of 2", "50.5\n2 of 2", "0 of 1", "60\n1 of 1"]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("n_train", ""),
        ("n_train", "100, many"),
        ("n_train", "100, 100"),
        ("weight_decay", "0.1, -1"),
        ("seeds", "0"),
    ],
)
def test_wrong_values_of_a_sweep_are_told_beside_their_field(field, text):
    form = sweep_form(outcome, "delay", n_train=[50, 60], weight_decay=[0, 0.1])
    assert list(faults(filled(form, **{field: text}))) == [field]
