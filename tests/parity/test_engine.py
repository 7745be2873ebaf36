"""The engine's loop: what it may pass over, what it calls, when it gives up."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from experiments.methods.updates import amplify_slow, changed
from grokutils.parity import kernels
from grokutils.parity.config import TrainConfig
from grokutils.parity.engine import train_epochs
from grokutils.parity.network import network
from grokutils.parity.task import ParityTask

# Few examples and no decay: after some epochs no sample pulls, and the weights rest.
RESTING = TrainConfig(
    task=ParityTask(n_bits=10, k_relevant=2, n_train=40, n_test=30),
    width=150,
    weight_decay=0.0,
    epochs=60,
)


def trained_to_rest(seed=0, last=50):
    net = network(RESTING, seed)
    list(train_epochs(net, RESTING, last=last))
    assert (net.outputs("train") * net.splits["train"].labels).min() >= 1
    return net


@pytest.mark.parametrize("part", ["inputs", "labels", "hidden", "readout"])
def test_what_changes_while_a_network_rests_is_trained_on(part):
    net = trained_to_rest()
    passes = train_epochs(net, RESTING, first=50)
    next(passes)
    next(passes)  # passed over
    x, y = net.splits["train"]
    array = {"inputs": x[:, :5], "labels": y, "hidden": net.hidden, "readout": net.readout}[part]
    array[...] = -array  # of the labels, all are wrong now; of the others, many
    before = net.hidden.copy()
    next(passes)
    assert (net.hidden != before).any()


def test_a_network_at_rest_is_not_computed_on(monkeypatch):
    net = trained_to_rest()
    passes = train_epochs(net, RESTING, first=50)
    next(passes)
    monkeypatch.setattr(kernels, "train", None)
    assert list(passes) == list(range(52, 61))


def test_what_is_called_after_each_step_is_called_at_rest_too():
    net, calls = trained_to_rest(), []
    list(train_epochs(net, RESTING, first=50, after_step=lambda: calls.append(net.hidden.copy())))
    assert len(calls) == 2 * 10  # steps of 32 and 8 samples


def test_an_update_with_a_memory_goes_on_giving_at_rest():
    net = network(RESTING, 0)
    update = changed(net, RESTING, amplify_slow(2.0, 0.98))
    steps = []
    for _ in train_epochs(net, RESTING, after_step=update):
        resting = (net.outputs("train") * net.splits["train"].labels).min() >= 1
        steps.append((resting, net.hidden.copy()))
    moved = [(a[1] != b[1]).any() for a, b in pairwise(steps) if a[0]]
    assert len(moved) > 5
    assert all(moved)


@pytest.mark.parametrize("part", ["hidden", "bias", "readout"])
@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_weights_that_are_not_finite_stop_the_run_and_name_the_epoch(part, value):
    config = replace(RESTING, weight_decay=0.01)
    net = network(config, 0)
    spoilt = {
        "hidden": net.hidden[1, 3, 5:6],
        "bias": net.hidden[1, net.n_bits, 5:6],
        "readout": net.readout[1, 5:6],
    }[part]
    passes = train_epochs(net, config, last=4, after_step=lambda: None)
    assert next(passes) == 1

    def spoil():
        spoilt[:] = value

    passes = train_epochs(net, config, first=1, last=4, after_step=spoil)
    with pytest.raises(FloatingPointError, match=r"after epoch 2 with lr = 0\.1"):
        next(passes)
