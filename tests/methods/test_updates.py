"""Other updates: equal to changing the gradients that autograd gives, step by step."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from experiments.methods.spectra import equalized
from experiments.methods.updates import (
    amplify_slow,
    changed,
    equal_speeds,
    flipped,
    keep_norm,
    momentum,
    no_biases,
    perpendicular,
)
from grokutils.parity.config import TrainConfig
from grokutils.parity.engine import train_epochs
from grokutils.parity.network import network
from grokutils.parity.plain import LOSSES, net_of
from grokutils.parity.task import ParityTask
from grokutils.parity.weights import in_blocks, weights_digest

# Rows that fill no four, neurons that fill no block, batches that fill no batch.
SMALL = TrainConfig(
    task=ParityTask(n_bits=10, k_relevant=2, n_train=70, n_test=30), width=150, epochs=6
)
CHANGES = {
    "slow": lambda config: amplify_slow(2.0, 0.9),
    "momentum": lambda config: momentum(3.0, 0.9),
    "perpendicular": lambda config: perpendicular(config.task.n_bits),
    "as long": lambda config: perpendicular(config.task.n_bits, as_long=True),
    "equal": lambda config: equal_speeds(config.task.n_bits, config.lr),
    "twin": lambda config: equal_speeds(config.task.n_bits, config.lr, twin=True),
}


def tangential(gradient, weights, as_long=False):
    rest = gradient - (gradient * weights).sum() / (weights * weights).sum() * weights
    return rest * (gradient.norm() / rest.norm()) if as_long and rest.norm() > 0 else rest


def orthogonal(gradient):
    u, s, v = torch.linalg.svd(gradient, full_matrices=False)
    kept = (s > 1e-9 * s.max()) & (s > 0)
    return u[:, kept] @ v[kept]


def by_autograd(config, seed, name):
    """Train with gradients changed between backward and step, the way their papers write it."""
    net, inputs, labels, order = net_of(config, seed)
    optimizer = torch.optim.SGD(net.parameters(), lr=config.lr, weight_decay=config.weight_decay)
    averages = None
    for batch in (b for epoch in order for b in epoch.split(config.batch_size)):
        optimizer.zero_grad()
        LOSSES[config.loss](labels[batch] * net(inputs[batch])).mean().backward()
        parameters = list(net.parameters())
        gradients = [p.grad.clone() for p in parameters]
        averages = averages or [g.clone() for g in gradients]
        averages = [0.9 * a + 0.1 * g for a, g in zip(averages, gradients, strict=True)]
        for i, (p, g, a) in enumerate(zip(parameters, gradients, averages, strict=True)):
            is_hidden_weight = i == 0
            if name == "slow":
                p.grad = g + 2 * a
            elif name == "momentum":
                p.grad = 3 * a
            elif name in ("perpendicular", "as long"):
                p.grad = tangential(g, p.detach(), as_long=name == "as long")
            elif is_hidden_weight and g.norm() > 0:
                even = orthogonal(g)
                p.grad = even if name == "equal" else g * (even.norm() / g.norm())
        optimizer.step()
    return net.weights()


@pytest.mark.parametrize("loss", ["hinge", "logistic"])
@pytest.mark.parametrize("name", CHANGES)
def test_an_update_equals_changing_the_gradients_of_autograd(name, loss):
    config = replace(SMALL, loss=loss, weight_decay=0.02)
    # So few steps of Newton and Schulz reach 1 only for singular values that are not too small.
    tolerance = 0.05 if name in ("equal", "twin") else 1e-10
    net = network(config, 3)
    before = net.weights()
    list(train_epochs(net, config, after_step=changed(net, config, CHANGES[name](config))))
    plain = network(config, 3)
    list(train_epochs(plain, config))
    for ours, theirs, old in zip(net.weights(), by_autograd(config, 3, name), before, strict=True):
        assert np.abs(theirs - old).max() > 1e-3  # it did train
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance * np.abs(theirs).max())
    apart = net.weights().hidden_weight - plain.weights().hidden_weight
    assert np.abs(apart).max() > 1e-3  # not what SGD does


def test_a_change_that_changes_nothing_changes_nothing_but_rounding():
    net, plain = network(SMALL, 0), network(SMALL, 0)
    list(
        train_epochs(
            net,
            SMALL,
            after_step=changed(net, SMALL, lambda hidden, readout, *_: (hidden, readout)),
        )
    )
    list(train_epochs(plain, SMALL))
    for ours, usual in zip(net.weights(), plain.weights(), strict=True):
        np.testing.assert_allclose(ours, usual, rtol=0, atol=1e-13)


def test_equalized_has_the_singular_vectors_and_all_values_one():
    rng = np.random.default_rng(0)
    u, v = (np.linalg.qr(rng.normal(size=(n, 12)))[0] for n in (12, 200))
    values = np.geomspace(1, 0.1, 12)
    matrix = (u * values) @ v.T
    packed = np.ascontiguousarray(in_blocks(matrix).swapaxes(0, 1))
    found = equalized(packed).swapaxes(0, 1).reshape(12, -1)[:, :200]
    np.testing.assert_allclose(found, u @ v.T, atol=1e-6)
    few = np.ascontiguousarray(in_blocks((u[:, :3] * values[:3]) @ v[:, :3].T).swapaxes(0, 1))
    singular = np.linalg.svd(equalized(few).swapaxes(0, 1).reshape(12, -1), compute_uv=False)
    np.testing.assert_allclose(singular, [1] * 3 + [0] * 9, atol=1e-6)  # of a batch of three
    assert (equalized(np.zeros_like(few)) == 0).all()


def test_a_kept_norm_is_kept_and_directions_learn():
    config = replace(SMALL, weight_decay=0.0, epochs=2)
    net = network(config, 0)
    before = net.hidden.copy()
    for _ in train_epochs(net, config, after_step=keep_norm(net, 3.0)):
        assert net.squared_norm() == pytest.approx(9, rel=1e-12)
    cosine = (before * net.hidden).sum() / np.linalg.norm(before) / np.linalg.norm(net.hidden)
    assert 0.5 < cosine < 0.9999


def test_without_biases_they_stay_zero_and_the_rest_learns():
    net = network(SMALL, 0)
    list(train_epochs(net, SMALL, after_step=no_biases(net)))
    assert (net.weights().hidden_bias == 0).all()
    assert (net.weights().hidden_weight != network(SMALL, 0).weights().hidden_weight).all()


def test_flipped_inputs_train_and_are_never_what_is_measured():
    plain, never, often = (network(SMALL, 0) for _ in range(3))
    clean = plain.splits["train"].inputs.copy()
    list(train_epochs(plain, SMALL))
    rng = np.random.default_rng(0)
    assert list(flipped(never, train_epochs(never, SMALL), 0.0, rng)) == list(range(1, 7))
    assert weights_digest(never.weights()) == weights_digest(plain.weights())
    for _ in flipped(often, train_epochs(often, SMALL), 0.2, rng):
        assert (often.splits["train"].inputs == clean).all()
    assert weights_digest(often.weights()) != weights_digest(plain.weights())


SCRIPT = """
import numpy as np
from test_updates import CHANGES, SMALL, changed, train_epochs, keep_norm, network, weights_digest
for name, make in CHANGES.items():
    net = network(SMALL, 1)
    after_step = changed(net, SMALL, make(SMALL)) if name != "held" else keep_norm(net, 3.0)
    list(train_epochs(net, SMALL, after_step=after_step))
    print(name, weights_digest(net.weights()))
"""


def digests(environment):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=Path(__file__).parent,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.slow
def test_the_bits_are_the_same_on_a_processor_without_wide_vectors(tmp_path):
    here = digests({})
    assert len(set(here.split()[1::2])) == len(CHANGES)
    plainest = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", "NUMBA_ENABLE_AVX": "0"}
    plainest |= {"NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3", "NUMBA_CACHE_DIR": str(tmp_path)}
    assert digests(plainest) == here
