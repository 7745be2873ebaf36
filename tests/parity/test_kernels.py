"""The kernels: every number has the bits of the order written down."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest
from plain_kernels import Reference, forward, relu, signed_sum, signs_of

from grokutils.parity import kernels
from grokutils.parity.config import LOSSES, TrainConfig
from grokutils.parity.engine import train_epochs
from grokutils.parity.network import batch_order, network
from grokutils.parity.subnetworks import flips, norms, predictions_by_size
from grokutils.parity.task import ParityTask, sign_patterns
from grokutils.parity.weights import Weights, activations, pack_inputs, unpack, weights_digest

CASES = {
    "one bit, one neuron": ((1, 1, 5), {"width": 1, "batch_size": 3}),
    "three bits": ((3, 2, 9), {"width": 7, "batch_size": 1}),
    "fifteen bits, a batch larger than the set": ((15, 3, 21), {"width": 128, "batch_size": 50}),
    "sixteen bits, no decay": ((16, 3, 33), {"width": 129, "weight_decay": 0.0}),
    "seventeen bits, two blocks": ((17, 3, 40), {"width": 256, "batch_size": 17}),
    "sixty bits, in float32": ((60, 3, 40), {"width": 300, "dtype": "float32"}),
    "the squared loss": ((20, 3, 40), {"width": 30, "loss": "squared", "lr": 0.02}),
    "AdamW": ((20, 3, 40), {"width": 30, "optimizer": "adamw", "lr": 0.01, "weight_decay": 0.5}),
    "AdamW in float32": ((9, 3, 40), {"width": 30, "optimizer": "adamw", "dtype": "float32"}),
}


def case(name):
    (n_bits, k_relevant, n_train), changes = CASES[name]
    task = ParityTask(n_bits=n_bits, k_relevant=k_relevant, n_train=n_train, n_test=5)
    return TrainConfig(task=task, epochs=3, **changes)


@pytest.mark.parametrize("name", CASES)
def test_training_has_the_bits_of_the_order_written_down(name):
    config = case(name)
    net, expected = network(config, 3), Reference(config, 3)
    start, (inputs, labels) = net.weights(), config.task.train_set(3)
    list(train_epochs(net, config))
    for order in batch_order(config, 3):
        for at in range(0, len(order), config.batch_size):
            places = order[at : at + config.batch_size]
            expected.step(signs_of(inputs)[places], labels[places])
    hidden, readout = expected.parts
    for ours, theirs in zip(net.weights(), (hidden[:-1].T, hidden[-1], readout), strict=True):
        assert ours.dtype == config.dtype
        assert (ours == theirs).all()
    assert any((a != b).any() for a, b in zip(start, net.weights(), strict=True))
    f = [forward(hidden, readout, x)[1] for x in signs_of(config.task.test_set().inputs)]
    assert (net.outputs("test") == f).all()


WEIGHTS = Weights(*(np.random.default_rng(0).normal(size=shape) for shape in ((200, 18), 200, 200)))

INPUTS = np.random.default_rng(1).choice(np.array([-1, 1], np.int8), size=(11, 18))


def test_measuring_has_the_bits_of_the_order_written_down():
    hidden = np.vstack([WEIGHTS.hidden_weight.T, WEIGHTS.hidden_bias])
    squares = np.zeros(200)
    for row in hidden[:-1]:
        squares = squares + row * row
    assert (norms(WEIGHTS) == np.sqrt(squares)).all()
    ranking = np.argsort(-squares, kind="stable")
    predictions = predictions_by_size(WEIGHTS, INPUTS)
    for x, found in zip(signs_of(INPUTS), predictions, strict=True):
        z = signed_sum(None, hidden, x)
        running = np.cumsum((WEIGHTS.readout * relu(z))[ranking])
        assert found.tolist() == [0, *np.sign(running)]
    f = np.array([forward(hidden, WEIGHTS.readout, x)[1] for x in signs_of(INPUTS)])
    labels = INPUTS[:, 0]
    loss = 0.0
    for margin in f * labels:
        loss += max(0.0, 1 - margin)
    found = kernels.evaluate(f, labels, kernels.HINGE)
    assert found == (loss / 11, np.mean(f * labels > 0))


@pytest.mark.parametrize("n_bits", [1, 3, 15, 16, 17, 18])
def test_a_flipped_bit_is_another_input(n_bits):
    weights = WEIGHTS._replace(hidden_weight=WEIGHTS.hidden_weight[:, :n_bits])
    mean = activations(weights, INPUTS[:, :n_bits]).mean(axis=0)
    readout = WEIGHTS.readout - mean * (mean @ WEIGHTS.readout) / (mean @ mean)
    weights = weights._replace(readout=readout)  # now outputs lie on both sides of 0
    hidden = np.vstack([weights.hidden_weight.T, weights.hidden_bias])
    inputs, expected = signs_of(INPUTS[:, :n_bits]), []
    for x in inputs:
        f = forward(hidden, readout, x)[1]
        turned = [x * np.where(np.arange(n_bits + 1) == bit, -1, 1) for bit in range(n_bits)]
        flipped = [forward(hidden, readout, t)[1] for t in turned]
        expected.append(sum(np.sign(g) != np.sign(f) for g in flipped))
    assert flips(weights, pack_inputs(INPUTS[:, :n_bits])).tolist() == expected
    assert max(expected) > 0


def test_an_output_that_is_nearly_zero_has_the_sign_of_the_order_written_down():
    tenths = np.array([(-2, 3, -1), (1, 0, 2), (-2, -5, -2), (1, 1, 5)])
    weights = Weights(tenths / 10, np.array([-3, -1, 5, -4]) / 10, np.array([2, 5, 5, 2]) / 10)
    hidden = np.vstack([weights.hidden_weight.T, weights.hidden_bias])
    inputs = sign_patterns(3)
    f = [forward(hidden, weights.readout, x)[1] for x in signs_of(inputs)]
    assert min(abs(value) for value in f) < 1e-15
    other = [[i ^ (1 << bit) for bit in range(3)] for i in range(8)]
    expected = [sum(np.sign(f[j]) != np.sign(f[i]) for j in other[i]) for i in range(8)]
    assert flips(weights, pack_inputs(inputs)).tolist() == expected


def test_silent_neurons_stay_silent():
    config = case("AdamW")
    net = network(config, 0)
    list(train_epochs(net, config))
    behind = net.hidden.swapaxes(1, 2).reshape(-1, net.hidden.shape[1])[config.width :]
    assert len(behind) == 98
    assert not behind.any()
    assert not net.readout.reshape(-1)[config.width :].any()
    assert not net.hidden[:, config.task.n_bits + 1 :].any()


def test_a_digest_is_of_the_values_in_their_order():
    weights = Weights(np.array([[1.0, -0.0], [3.0, 4.0]]), np.array([5.0, 6]), np.array([7.0, 8]))
    flat = np.array([1, 0, 3, 4, 5, 6, 7, 8], "<f8")
    assert weights_digest(weights) == hashlib.sha256(flat.tobytes()).hexdigest()
    packed = network(case("three bits"), 0)
    assert weights_digest(packed.weights()) == weights_digest(
        unpack(packed.hidden, packed.readout, 3, 7)
    )


def test_steps_one_by_one_are_an_epoch():
    config = replace(case("seventeen bits, two blocks"), loss="hinge")
    together, held = network(config, 2), network(config, 2)
    list(train_epochs(together, config))
    list(train_epochs(held, config, after_step=lambda: None))
    assert (together.hidden == held.hidden).all()


@pytest.mark.parametrize("loss", [-1, max(LOSSES.values()) + 1])
def test_a_code_of_no_loss_is_refused_by_compiled_code(loss):
    net = network(case("three bits"), 0)
    x, y = net.splits["train"]
    start = net.hidden.copy()
    with pytest.raises(ValueError, match="no such loss"):
        kernels.train(net.hidden, net.readout, None, x, y, 4, 1, 0.1, 0.01, loss)
    assert (net.hidden == start).all()
    with pytest.raises(ValueError, match="no such loss"):
        kernels.evaluate(net.outputs("train"), y, loss)


def test_each_loss_has_a_code_of_its_own():
    f, y = np.array([-0.5, 0.25]), np.array([1, 1], np.int8)
    found = {name: kernels.evaluate(f, y, code)[0] for name, code in LOSSES.items()}
    expected = {"hinge": [1.5, 0.75], "squared": [2.25, 0.5625]}
    expected["logistic"] = np.log1p(np.exp([0.5, -0.25]))
    assert set(found) == set(expected)
    for name, each in expected.items():
        assert found[name] == pytest.approx(np.mean(each), rel=1e-15)
