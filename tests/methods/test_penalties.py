"""An l1 penalty: its step on each weight, and none on what has come to 0."""

from dataclasses import replace

import numpy as np
import pytest

from experiments.methods.penalties import l1
from grokutils.parity.config import TrainConfig
from grokutils.parity.engine import train_epochs
from grokutils.parity.network import network
from grokutils.parity.task import ParityTask

# Rows that fill no four, neurons that fill no block, batches that fill no batch.
SMALL = TrainConfig(
    task=ParityTask(n_bits=10, k_relevant=2, n_train=70, n_test=30),
    width=150,
    epochs=1,
    batch_size=70,
    weight_decay=0.0,
)
STRENGTH = 0.3


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_step_of_the_penalty_brings_each_weight_nearer_to_zero_and_not_across(dtype):
    config = replace(SMALL, dtype=dtype)
    plain, under = network(config, 3), network(config, 3)
    list(train_epochs(plain, config))
    list(train_epochs(under, config, after_step=l1(under, config, STRENGTH)))
    length = np.dtype(dtype).type(config.lr * STRENGTH)
    stopped = 0
    for before, after in zip(plain.weights(), under.weights(), strict=True):
        assert after.dtype == dtype
        expected = np.sign(before) * np.maximum(np.abs(before) - length, 0)
        np.testing.assert_array_equal(after, expected)
        stopped += (after == 0).sum()
    assert 100 < stopped < 0.9 * sum(part.size for part in plain.weights())


def test_under_the_penalty_alone_nothing_else_moves_and_all_comes_to_rest_at_zero():
    net = network(SMALL, 3)
    after_step = l1(net, SMALL, STRENGTH)
    first = np.abs(net.weights().hidden_weight).sum()
    after_step()
    assert np.abs(net.weights().hidden_weight).sum() < first
    for _ in range(40):  # 0.03 each, from at most one over the root of ten
        after_step()
    assert net.squared_norm() == 0


def test_weight_decay_beside_it_is_refused():
    config = replace(SMALL, weight_decay=0.01)
    with pytest.raises(ValueError, match=r"weight_decay = 0.01: must be 0"):
        l1(network(config, 3), config, STRENGTH)
