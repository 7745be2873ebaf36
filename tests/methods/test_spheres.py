"""Steps across the weights: those of the slower code, and a norm that is held."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from experiments.methods.spheres import across
from experiments.methods.updates import changed, perpendicular
from grokutils.parity.config import TrainConfig
from grokutils.parity.engine import train_epochs
from grokutils.parity.network import network
from grokutils.parity.task import ParityTask

# Rows that fill no four, neurons that fill no block, batches that fill no batch.
SMALL = TrainConfig(
    task=ParityTask(n_bits=10, k_relevant=2, n_train=70, n_test=30),
    width=150,
    epochs=6,
    weight_decay=0.0,
)


def trained(config, after_step_of):
    net = network(config, 3)
    list(train_epochs(net, config, after_step=after_step_of(net)))
    return net


@pytest.mark.parametrize("loss", ["hinge", "logistic"])
def test_a_step_across_is_that_of_the_slower_code(loss):
    config = replace(SMALL, loss=loss)
    quick = trained(config, across)
    slow = trained(config, lambda net: changed(net, config, perpendicular(10)))
    plain = trained(config, lambda net: None)
    for ours, theirs, usual in zip(*(n.weights() for n in (quick, slow, plain)), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)
        assert np.abs(ours - usual).max() > 1e-4


def test_each_step_across_is_at_right_angles_to_what_it_started_from():
    net = network(SMALL, 3)
    seen = [net.weights()]
    step = across(net)

    def after_step():
        step()
        seen.append(net.weights())

    list(train_epochs(net, SMALL, after_step=after_step))
    for old, new in pairwise(seen):
        for a, b in zip(old, new, strict=True):
            assert abs(((b - a) * a).sum()) < 1e-12
    assert (seen[-1].hidden_weight != seen[0].hidden_weight).any()


def test_a_held_step_stays_on_its_first_sphere_and_a_free_one_leaves_it():
    start = network(SMALL, 3).squared_norm()
    held = trained(SMALL, lambda net: across(net, held=True))
    free = trained(SMALL, across)
    assert held.squared_norm() == pytest.approx(start, rel=1e-12)
    assert free.squared_norm() > 1.001 * start
    apart = held.weights().hidden_weight - network(SMALL, 3).weights().hidden_weight
    assert np.abs(apart).max() > 1e-2
