"""A scaled output at a held norm: its steps are plain ones of it, and only the scale counts."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from experiments.methods.temperature import tempered
from grokutils.parity.config import TrainConfig
from grokutils.parity.network import network
from grokutils.parity.plain import net_of
from grokutils.parity.race import train_epochs
from grokutils.parity.task import ParityTask

SMALL = TrainConfig(
    task=ParityTask(n_bits=10, k_relevant=2, n_train=70, n_test=30),
    width=20,
    epochs=4,
    weight_decay=0.0,
)


def trained(norm, scale, config=SMALL):
    """Return f's weights after training scale * f at a norm."""
    net = network(config, 3)
    list(train_epochs(net, config, after_step=tempered(net, norm, scale)))
    weights = net.weights()
    return weights._replace(readout=weights.readout / scale)


def by_autograd(norm, scale):
    """Do the same by plain steps of autograd."""
    net, inputs, labels, order = net_of(SMALL, 3)
    parts = list(net.parameters())

    def hold():
        size = torch.sqrt(sum((part**2).sum() for part in parts))
        for part in parts:
            part.mul_(norm / size)

    with torch.no_grad():
        hold()
    for batch in (b for epoch in order for b in epoch.split(SMALL.batch_size)):
        loss = (1 - labels[batch] * scale * net(inputs[batch])).clip(min=0).mean()
        for part, slope in zip(parts, torch.autograd.grad(loss, parts), strict=True):
            with torch.no_grad():
                part.sub_(SMALL.lr * slope)
        with torch.no_grad():
            hold()
    return [part.detach().numpy() for part in parts]


@pytest.mark.parametrize("scale", [0.5, 4.0])
def test_a_tempered_step_is_the_plain_one_of_the_scaled_output(scale):
    ours, theirs = trained(3.0, scale), by_autograd(3.0, scale)
    sizes = sorted(float((np.asarray(part) ** 2).sum()) for part in ours)
    assert sizes == pytest.approx(sorted(float((part**2).sum()) for part in theirs), rel=1e-9)
    assert sum(sizes) == pytest.approx(9)
    by_size = {np.size(part): np.ravel(part) for part in theirs if np.size(part) > 20}
    np.testing.assert_allclose(np.ravel(ours.hidden_weight), by_size[200], atol=1e-10)


def test_norm_and_scale_are_one_dial_and_a_clock():
    one = trained(2.0, 1.0)
    other = trained(1.0, 4.0, replace(SMALL, lr=SMALL.lr / 4))
    for a, b in zip(one, other, strict=True):
        np.testing.assert_allclose(a / 2, b, atol=1e-12)
    faster = trained(1.0, 4.0)
    assert np.abs(faster.hidden_weight - other.hidden_weight).max() > 1e-3
