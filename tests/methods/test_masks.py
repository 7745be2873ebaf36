"""Masks keep what they say, and training under one is a masked autograd loop."""

import numpy as np
import pytest
import torch

from experiments.methods.masks import CONTROLS, control, keep_mask, largest, masked
from grokutils.parity.config import TrainConfig
from grokutils.parity.network import batch_order, start_of
from grokutils.parity.plain import net_of
from grokutils.parity.race import network, train_epochs
from grokutils.parity.task import ParityTask

TINY = TrainConfig(
    task=ParityTask(n_bits=9, k_relevant=2, n_train=70, n_test=20), width=150, epochs=30
)
SEED = 3


def mask_of_start(share=0.3):
    return largest(start_of(TINY, SEED).hidden_weight, share)


def test_the_largest_weights_are_kept_whatever_their_sign():
    weights = np.array([[1.0, -5.0, 2.0], [0.5, 3.0, -4.0]])
    assert largest(weights, 0.5).tolist() == [[False, True, False], [False, True, True]]
    assert largest(np.ones((2, 3)), 0.5).tolist() == [
        [True] * 3,
        [False] * 3,
    ]  # the first of equals
    with pytest.raises(ValueError, match="share"):
        largest(weights, 1.5)


def test_every_control_keeps_as_many_weights_as_it_says_and_where():
    mask = mask_of_start()
    made = {which: control(which, mask, 2, SEED) for which in CONTROLS}
    assert {other.sum() for other in made.values()} == {mask.sum()}
    assert (made["random"].sum(axis=0) == mask.sum(axis=0)).all()
    assert (made["shuffled"].sum(axis=1) == mask.sum(axis=1)).all()
    assert (made["moved"][:, :4] == mask[:, [2, 3, 0, 1]]).all()
    assert (made["moved"][:, 4:] == mask[:, 4:]).all()
    assert all((other != mask).any() for other in made.values())


def test_columns_are_of_whole_neurons_and_the_rest_at_random():
    few = control("columns", largest(np.ones((50, 9)), 0.1), 2, SEED)
    assert few[:, 2:].sum() == 0
    assert set(few.sum(axis=1)) <= {0, 1, 2}
    assert (few.sum(axis=1) == 1).sum() <= 1
    many = control("columns", largest(np.ones((50, 9)), 0.5), 2, SEED)
    assert many[:, :2].all()
    assert many.sum() == 225


def test_training_under_a_mask_equals_a_masked_autograd_loop():
    mask = mask_of_start()
    net = network(TINY, SEED, masked(start_of(TINY, SEED), mask))
    for _ in train_epochs(net, TINY, after_step=keep_mask(net, mask)):
        assert (net.weights().hidden_weight[~mask] == 0).all()
    plain, inputs, labels, _ = net_of(TINY, SEED)
    kept = torch.from_numpy(mask)
    optimizer = torch.optim.SGD(plain.parameters(), lr=TINY.lr, weight_decay=TINY.weight_decay)
    with torch.no_grad():
        plain.hidden.weight *= kept
    for order in batch_order(TINY, SEED):
        for batch in torch.from_numpy(order).split(TINY.batch_size):
            loss = (1 - labels[batch] * plain(inputs[batch])).clip(min=0).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            with torch.no_grad():
                plain.hidden.weight *= kept
    for ours, theirs in zip(net.weights(), plain.weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-10)


def test_a_mask_of_all_weights_changes_no_bit():
    free, held = network(TINY, SEED), network(TINY, SEED)
    list(train_epochs(free, TINY))
    list(train_epochs(held, TINY, after_step=keep_mask(held, np.ones((150, 9), bool))))
    assert all((a == b).all() for a, b in zip(free.weights(), held.weights(), strict=True))
