"""Bits of 0 and 1 without biases: what autograd does with them."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from experiments.methods.low_rank import equalized
from experiments.methods.zero_one import on_signs, steps_of_bits
from grokutils.parity.config import TrainConfig
from grokutils.parity.engine import train_epochs
from grokutils.parity.network import batch_order, network, start_of
from grokutils.parity.task import ParityTask
from grokutils.parity.weights import output

SMALL = TrainConfig(
    task=ParityTask(n_bits=10, k_relevant=2, n_train=70, n_test=30),
    width=150,
    epochs=6,
    weight_decay=0.02,
)


def orthogonal(gradient):
    u, s, v = torch.linalg.svd(gradient, full_matrices=False)
    kept = s > 1e-9 * s.max()
    return u[:, kept] @ v[kept]


def by_autograd(config, equal):
    start, (inputs, labels) = start_of(config, 3), config.task.train_set(3)
    w, u = (torch.tensor(part, requires_grad=True) for part in (start[0], start[2]))
    z, y = torch.tensor((1 - inputs) / 2), torch.tensor(labels)
    optimizer = torch.optim.SGD([w, u], lr=config.lr, weight_decay=config.weight_decay)
    for order in batch_order(config, 3):
        for batch in torch.tensor(order).split(config.batch_size):
            optimizer.zero_grad()
            margin = y[batch] * (torch.relu(z[batch] @ w.T) @ u)
            (1 - margin).clip(min=0).mean().backward()
            if equal and w.grad.norm() > 0:
                w.grad = orthogonal(w.grad)
            optimizer.step()
    return w.detach().numpy(), u.detach().numpy()


def test_on_signs_the_output_is_that_on_zeros_and_ones():
    start, (inputs, _) = start_of(SMALL, 3), SMALL.task.train_set(3)
    found = output(on_signs(start), inputs)
    bits = (1 - inputs) / 2
    expected = np.maximum(bits @ start.hidden_weight.T, 0) @ start.readout
    np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize("equal", [False, True])
def test_steps_are_those_of_a_network_on_bits_without_biases(equal):
    config = replace(SMALL, lr=0.02) if equal else SMALL
    net = network(config, 3, on_signs(start_of(config, 3)))
    change = (lambda step: config.lr * equalized(step)) if equal else None
    list(train_epochs(net, config, after_step=steps_of_bits(net, config, change)))
    hidden, bias, readout = net.weights()
    expected_hidden, expected_readout = by_autograd(config, equal)
    tolerance = 1e-3 if equal else 1e-12
    np.testing.assert_allclose(-2 * hidden, expected_hidden, rtol=0, atol=tolerance)
    np.testing.assert_allclose(readout, expected_readout, rtol=0, atol=tolerance)
    np.testing.assert_allclose(bias, -hidden.sum(axis=1), atol=1e-12)
    assert np.abs(expected_hidden - start_of(config, 3).hidden_weight).max() > 0.02
