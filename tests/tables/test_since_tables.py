"""The tables for papers since 2025: what their rows are of, and a temperature in a plain loop."""

import numpy as np
import pytest
import torch
from tiny import SEED, TINY

from experiments.tables import explorable, speeds, temperatures, three_dials
from grokutils.parity.config import configure
from grokutils.parity.network import start_of
from grokutils.parity.plain import LOSSES, net_of

EVENTS = {"memorization_epoch", "generalization_epoch", "last_epoch", "squared_norm"}


@pytest.mark.parametrize("loss", ["logistic", "squared"])
def test_a_temperature_at_a_held_norm_is_that_of_a_plain_loop(loss):
    config = configure(TINY, loss=loss, weight_decay=0.0, epochs=4)
    norm, temperature = 3.0, 1.7
    ours, passes = temperatures.cooled(config, SEED, norm, temperature)
    list(passes)
    net, inputs, labels, orders = net_of(config, SEED)
    parameters = list(net.parameters())

    def hold():
        with torch.no_grad():
            factor = norm / torch.sqrt(sum((p**2).sum() for p in parameters))
            for parameter in parameters:
                parameter *= factor

    hold()
    optimizer = torch.optim.SGD(parameters, lr=config.lr)
    for order in orders:
        for batch in order.split(config.batch_size):
            margin = labels[batch] * net(inputs[batch]) / temperature
            optimizer.zero_grad()
            LOSSES[loss](margin).mean().backward()
            optimizer.step()
            hold()
    start = start_of(config, SEED)
    for part, plain, first in zip(ours.weights(), net.weights(), start, strict=True):
        np.testing.assert_allclose(np.sqrt(temperature) * part, plain, rtol=0, atol=1e-9)
        assert np.abs(plain - first).max() > 1e-2


def test_a_row_of_a_temperature_has_the_norm_that_is_held(table, monkeypatch):
    module = table("temperatures")
    monkeypatch.setattr(module, "CONFIG", configure(TINY, loss="logistic", weight_decay=0.0))
    monkeypatch.setattr(module, "grokked_norm", lambda seed: 2.0)
    row = module.measure(held=1.7, like=1.2, steps=60, seed=SEED)
    assert row["temperature"] == pytest.approx((1.7 / 1.2) ** 2)
    assert row["held_norm"] == pytest.approx(3.4)
    assert row["squared_norm"] == pytest.approx(3.4**2)
    same = module.measure(held=1.4, like=1.4, steps=60, seed=SEED)
    assert same["temperature"] == 1


def test_under_a_penalty_weights_are_fewer_than_without(table):
    module = table("penalties")
    rows = [
        module.measure(strength=strength, lr=0.1, weight_decay=0.0, steps=150, seed=SEED)
        for strength in (0.0, 0.003)
    ]
    assert set(rows[0]) == set(rows[1]) > EVENTS
    assert rows[1]["squared_norm"] < rows[0]["squared_norm"]
    with pytest.raises(ValueError, match="must be 0 beside another penalty"):
        module.measure(strength=0.003, lr=0.1, weight_decay=0.01, steps=150, seed=SEED)


def test_random_labels_are_memorized_and_not_generalized(table):
    module = table("speeds")
    row = module.measure(width=40, n_train=60, label_noise=0.5, steps=300, seed=SEED)
    assert np.isfinite(row["memorization_epoch"])
    assert np.isnan(row["generalization_epoch"])


def test_the_page_has_all_examples_in_one_step(monkeypatch):
    calls = explorable.calls()
    assert all(call["batch_size"] == call["n_train"] for call in calls)
    config = explorable.CONFIG
    assert (config.task.n_bits, config.task.k_relevant, config.width) == (30, 3, 64)
    assert (config.optimizer, config.loss, config.lr) == ("adamw", "logistic", 0.003)
    row = explorable.measure(**calls[0] | {"steps": 30, "seed": SEED})
    assert row["last_epoch"] == 30  # an epoch is a step
    assert set(row) > EVENTS


def test_each_dial_is_turned_alone_over_its_values_and_three_times_with_another():
    settings = {
        tuple(call[dial] for dial in three_dials.DIALS)
        for call in three_dials.calls()
        if call["seed"] == 1000
    }
    base = tuple(three_dials.BASE[dial] for dial in three_dials.DIALS)
    turned = [sum(a != b for a, b in zip(s, base, strict=True)) for s in settings]
    assert sorted(turned) == [0] + 9 * [1] + 3 * [2]
    row = three_dials.measure(**three_dials.calls()[0] | {"steps": 32, "seed": SEED})
    assert set(row) > EVENTS


def test_width_and_examples_are_varied_apart_each_with_both_labels():
    first = [call for call in speeds.calls() if call["seed"] == 1000]
    assert len(first) == 2 * (len(speeds.WIDTHS) + len(speeds.SIZES))
    assert all(call["width"] == 1000 or call["n_train"] == 1000 for call in first)
