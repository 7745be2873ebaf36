"""Gradients of all examples, and AdamW on them: what autograd and torch's optimizer give."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from experiments.methods import full_batch
from experiments.methods.updates import perpendicular
from grokutils.parity.config import TrainConfig
from grokutils.parity.network import network
from grokutils.parity.plain import LOSSES, net_of
from grokutils.parity.task import ParityTask

SMALL = TrainConfig(
    task=ParityTask(n_bits=10, k_relevant=2, n_train=70, n_test=30),
    width=150,
    epochs=1,
    loss="logistic",
    lr=0.01,
    weight_decay=0.0,
)


def across(gradient, weights):
    rest = gradient - (gradient * weights).sum() / (weights * weights).sum() * weights
    return rest * (gradient.norm() / rest.norm())


def by_torch(config, steps, changes):
    net, inputs, labels, _ = net_of(config, 3)
    optimizer = torch.optim.AdamW(net.parameters(), lr=config.lr, weight_decay=0.0)
    for _ in range(steps):
        optimizer.zero_grad()
        LOSSES[config.loss](labels * net(inputs)).mean().backward()
        for p in net.parameters() if changes else []:
            p.grad = across(p.grad, p.detach())
        optimizer.step()
    return net.weights()


@pytest.mark.parametrize("few", [250, 32])  # all at once, and in unequal parts
@pytest.mark.parametrize("changes", [False, True])
def test_steps_are_those_of_torch(changes, few, monkeypatch):
    monkeypatch.setattr(full_batch, "FEW", few)
    net = network(SMALL, 3)
    change = perpendicular(10, as_long=True) if changes else None
    assert list(full_batch.adamw(net, SMALL.lr, 12, change)) == list(range(1, 13))
    for ours, theirs in zip(net.weights(), by_torch(SMALL, 12, changes), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-8)
    apart = net.weights().hidden_weight - network(SMALL, 3).weights().hidden_weight
    assert np.abs(apart).max() > 0.05


def test_in_float32_all_is_float32_and_a_gradient_far_below_the_weights_is_not_lost():
    nets = [network(replace(SMALL, dtype=dtype), 3) for dtype in ("float32", "float64")]
    for net in nets:
        net.readout[...] *= 1e6
        net.hidden[...] *= 1e3
        labels = net.splits["train"].labels
        labels[...] = np.sign(net.outputs("train"))
        far = np.abs(net.outputs("train"))
        net.readout[...] *= 16 / far.min()  # so that the least margin is 16
    single, double = map(full_batch.gradients, nets)
    assert 0 < np.abs(double[0]).max() < 1e-7 * np.abs(nets[1].hidden).max()
    for ours, exact in zip(single, double, strict=True):
        assert ours.dtype == np.float32
        np.testing.assert_allclose(ours, exact, rtol=0, atol=1e-3 * np.abs(exact).max())
    list(full_batch.adamw(nets[0], 0.01, 3, perpendicular(10, as_long=True)))
    assert nets[0].hidden.dtype == nets[0].readout.dtype == np.float32


def test_a_run_that_diverges_is_said_to():
    net = network(SMALL, 3)
    net.readout[0, 0] = np.inf
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError, match="after step 1"):
        list(full_batch.adamw(net, 0.01, 3))
