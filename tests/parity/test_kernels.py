"""The kernels: every number has the bits of the order written down, on every processor."""

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grokutils.parity import kernels
from grokutils.parity.config import TrainConfig
from grokutils.parity.engine import epochs
from grokutils.parity.network import (
    Weights,
    activations,
    initial_weights,
    pack_inputs,
    unpack,
    weights_digest,
)
from grokutils.parity.subnetworks import flips, norms, predictions_by_size
from grokutils.parity.task import ParityTask
from grokutils.parity.train import batch_order, network

# ---- The same sums, in NumPy, one addition after the other as the module's docstring says.


def signed_sum(start, rows, signs):
    """Add the signed rows (row, neuron) to `start`, sixteen at a time."""
    padded = np.zeros((-(-len(rows) // 16) * 16, rows.shape[1]), rows.dtype)
    padded[: len(rows)] = rows * signs[:, None].astype(rows.dtype)
    for sixteen in padded.reshape(-1, 4, 4, rows.shape[1]):
        t = [(four[0] + four[1]) + (four[2] + four[3]) for four in sixteen]
        total = (t[0] + t[1]) + (t[2] + t[3])
        start = total if start is None else start + total
    return start


def sum_of_neurons(values):
    lanes = np.zeros(128, values.dtype)
    for j, value in enumerate(values):
        lanes[j % 128] += value
    while len(lanes) > 1:
        lanes = lanes[: len(lanes) // 2] + lanes[len(lanes) // 2 :]
    return lanes[0]


def relu(z):
    return np.where(z > 0, z, 0).astype(z.dtype)


def forward(hidden, readout, x):
    """Return W x + b and f of one input, whose last sign is the bias's."""
    z = signed_sum(None, hidden, x)
    return z, sum_of_neurons(readout * relu(z))


PULLS = {"hinge": lambda m: float(m < 1), "squared": lambda m: 2 * (1 - m)}


class Reference:
    """The training of kernels.train, in NumPy."""

    def __init__(self, config, seed):
        weights, self.config = initial_weights(config.task.n_bits, config.width, seed), config
        hidden = np.vstack([weights.hidden_weight.T, weights.hidden_bias])
        self.parts = [array.astype(config.dtype) for array in (hidden, weights.readout)]
        self.moments = [np.zeros((2, *part.shape), part.dtype) for part in self.parts]
        self.powers, self.real = np.ones(2), self.parts[0].dtype.type

    def step(self, x, y):
        config, real, (hidden, readout) = self.config, self.real, self.parts
        lr = config.lr if config.optimizer == "sgd" else -1.0
        z, f = zip(*(forward(hidden, readout, sample) for sample in x), strict=True)
        pulls = [PULLS[config.loss](float(out) * sign) for out, sign in zip(f, y, strict=True)]
        pulled = [s for s in range(len(x)) if pulls[s]]
        moves = [real(lr * y[s] * pulls[s] / len(x)) for s in pulled]
        rows = [np.where(z[s] > 0, m * readout, 0) for s, m in zip(pulled, moves, strict=True)]
        rows = np.array(rows, hidden.dtype).reshape(-1, len(readout))
        keep = real(1 - config.lr * config.weight_decay)
        sgd = config.optimizer == "sgd"
        starts = [keep * part if sgd else np.zeros_like(part) for part in self.parts]
        sums = [signed_sum(r, rows, x[pulled][:, i]) for i, r in enumerate(starts[0])]
        for s, move in zip(pulled, moves, strict=True):
            starts[1] = starts[1] + move * relu(z[s])
        self.parts = [np.array(sums), starts[1]]
        if not sgd:
            self.adapt(keep, [hidden, readout])

    def adapt(self, keep, old):
        real, (first, second), config = self.real, (0.9, 0.999), self.config
        self.powers *= [first, second]
        rate = real(config.lr / (1 - self.powers[0]))
        root = real(np.sqrt(1 - self.powers[1]))
        for i, (gradient, weights) in enumerate(zip(self.parts, old, strict=True)):
            m, v = self.moments[i]
            m = real(first) * m + real(1 - first) * gradient
            v = real(second) * v + real(1 - second) * (gradient * gradient)
            self.moments[i] = m, v
            self.parts[i] = keep * weights - rate * (m / (np.sqrt(v) / root + real(1e-8)))


def signs_of(inputs):
    return np.column_stack([inputs, np.ones(len(inputs), inputs.dtype)])


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
    list(epochs(net, config))
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


def test_silent_neurons_stay_silent():
    config = case("AdamW")
    net = network(config, 0)
    list(epochs(net, config))
    behind = net.hidden.swapaxes(1, 2).reshape(-1, net.hidden.shape[1])[config.width :]
    assert len(behind) == 98
    assert not behind.any()
    assert not net.readout.reshape(-1)[config.width :].any()
    assert not net.hidden[:, config.task.n_bits + 1 :].any()


PROGRAM = """
import sys
from grokutils.parity.config import TrainConfig
from grokutils.parity.dissect import dissect_seed
from grokutils.parity.engine import weights_at
from grokutils.parity.network import weights_digest
run = dissect_seed(TrainConfig(epochs=4, width=300), 1)
print(weights_digest(weights_at(run, 4)), *(run[name].values.tobytes().hex() for name in
    ("loss", "accuracy", "weight_norm", "faithfulness", "sensitivity", "effective_sparsity",
     "mean_norm", "relevant_share")))
"""


def elsewhere(folder=None, **environment):
    """Return what a process in another folder or environment prints, and its errors."""
    command, environment = [sys.executable, "-c", PROGRAM], os.environ | environment
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


@pytest.fixture(scope="module")
def here():
    return elsewhere()[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    "processor",
    [{"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}, {"NUMBA_ENABLE_AVX": "0"}],
    ids=["generic", "no AVX"],
)
def test_every_processor_gives_the_same_bits(processor, here, tmp_path):
    assert len(here) > 10_000
    assert elsewhere(NUMBA_CACHE_DIR=str(tmp_path), **processor) == (here, "")
    assert list(tmp_path.rglob("*.nbc"))  # it was compiled for that processor


@pytest.mark.slow
def test_where_nothing_can_be_written_it_is_said_once_and_computed_all_the_same(here, tmp_path):
    package = Path(kernels.__file__).parents[1]
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(package, tmp_path / "grokutils", ignore=ignored)
    (tmp_path / "grokutils/parity/__pycache__").write_text("a file where a folder is wanted")
    (tmp_path / "home").write_text("likewise")
    environment = dict.fromkeys(("HOME", "XDG_CACHE_HOME"), str(tmp_path / "home"))
    printed, said = elsewhere(tmp_path, PYTHONPATH=str(tmp_path), **environment)
    assert printed == here
    assert said.count("no folder to keep compiled code in") == 1
    assert "Traceback" not in said


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
    list(epochs(together, config))
    list(epochs(held, config, hold=lambda: None))
    assert (together.hidden == held.hidden).all()
