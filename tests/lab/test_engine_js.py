"""The live lab's engine, under Node: it is the Python engine, bit by bit."""

import functools

import numpy as np
import pytest

from grokutils.parity.config import TrainConfig
from grokutils.parity.engine import train_from, weights_at
from grokutils.parity.network import batch_order
from grokutils.parity.subnetworks import effective_sparsity
from grokutils.parity.task import ParityTask
from grokutils.parity.weights import Weights, initial_weights
from lab.address import paper

SEED = 7

DRIVER = """
const { settings, hidden, readout, train, test, order } = given;
const examples = ({ inputs, labels }) => packed(inputs.flat(), settings.nBits, labels);
let epoch = 0;
const run = new Run(settings, {
  hidden: Float64Array.from(hidden.flat()), readout: Float64Array.from(readout),
  train: examples(train), test: examples(test),
  nextOrder: () => Uint32Array.from(order[epoch++]),
});
const measured = [run.measure()];
while (run.epoch < order.length) {
  run.step();
  if (run.position === 0 && run.epoch % settings.every === 0) measured.push(run.measure());
}
tell({ ...weightsOf(run), measured });
"""


def settings_of(config):
    task = config.task
    return {
        "nBits": task.n_bits,
        "width": config.width,
        "lr": config.lr,
        "weightDecay": config.weight_decay,
        "batchSize": config.batch_size,
    }


def javascript_run(node, config, every):
    weights = initial_weights(config.task.n_bits, config.width, SEED)
    given = {
        "settings": settings_of(config) | {"every": every},
        "hidden": np.vstack([weights.hidden_weight.T, weights.hidden_bias]).tolist(),
        "readout": weights.readout.tolist(),
        "order": batch_order(config, SEED).tolist(),
    }
    splits = {"train": config.task.train_set(SEED), "test": config.task.test_set()}
    for split, examples in splits.items():
        given[split] = {name: array.tolist() for name, array in examples._asdict().items()}
    return node("worker/engine worker/new_run", DRIVER, given)


def python_run(config, every):
    return train_from(
        config,
        initial_weights(config.task.n_bits, config.width, SEED),
        config.task.train_set(SEED),
        batch_order(config, SEED),
        test=config.task.test_set(),
        weights_at=range(0, config.epochs + 1, every),
        every=every,
    )


SMALL = ParityTask(n_bits=10, k_relevant=2, n_train=70, n_test=30)
CASES = {
    "short last batch": TrainConfig(task=SMALL, width=24, epochs=12),  # 32, 32 and 6
    "single samples": TrainConfig(task=SMALL, width=33, epochs=4, batch_size=1),
    "one neuron, one batch": TrainConfig(task=SMALL, width=1, epochs=20, batch_size=500),
    "many bits": TrainConfig(task=ParityTask(n_bits=70, n_train=90), width=70, epochs=8),
    "no decay": TrainConfig(task=SMALL, width=40, epochs=20, weight_decay=0.0, lr=0.5),
    "strong decay": TrainConfig(task=SMALL, width=40, epochs=20, weight_decay=0.3),
    "until it generalizes": TrainConfig(task=SMALL, width=50, epochs=300),
    "the paper's shapes": TrainConfig(epochs=20),
    "the paper's whole run": TrainConfig(),
}
EVERY = {"the paper's whole run": 100}  # epochs between measurements, else 1


@pytest.fixture(scope="module")
def runs(node):
    """Return both engines' runs of a case, each made once."""

    @functools.cache
    def both(name):
        config, every = CASES[name], EVERY.get(name, 1)
        return javascript_run(node, config, every), python_run(config, every)

    return both


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_the_browser_engine_equals_the_python_engine(name, runs):
    config, (ours, reference) = CASES[name], runs(name)
    hidden = np.reshape(ours["hidden"], (config.task.n_bits + 1, config.width))
    found = Weights(hidden[:-1].T, hidden[-1], np.array(ours["readout"]))
    start = initial_weights(config.task.n_bits, config.width, SEED)
    trained = weights_at(reference, config.epochs)
    for array, expected, initial in zip(found, trained, start, strict=True):
        assert np.abs(expected - initial).max() > 1e-3  # it did train
        assert (array == expected).all()
    for split in ("train", "test"):
        for quantity in ("loss", "accuracy"):
            values = [point[split][quantity] for point in ours["measured"]]
            assert (values == reference[quantity].sel(split=split)).all()
    assert ([point["norms"] for point in ours["measured"]] == reference["weight_norm"]).all()
    inputs = config.task.train_set(SEED).inputs
    sizes = [
        effective_sparsity(weights_at(reference, e), inputs) for e in reference["epoch"].values
    ]
    assert [point["sparsity"] for point in ours["measured"]] == sizes
    if name == "until it generalizes":
        assert min(sizes) <= 10 < max(sizes)  # it moved, so equality says something


FINISH = """const run = newRun(given);
while (run.epoch < given.epochs) run.step();
const digest = weightsDigest(weightsOf(run), given.n_bits);
tell({ digest, measured: run.measure(), vectors: run.kernels.vectors !== null });"""
ENDS = "worker/new_run worker/sha256"
NONE = "globalThis.WebAssembly = undefined;"


@pytest.mark.parametrize(
    "changes",
    [
        {"width": 33, "n_bits": 10, "n_train": 70, "epochs": 12},  # a block and one neuron
        {"width": 201, "n_bits": 12, "n_train": 150, "epochs": 12},  # an odd width beyond a lane
        {"width": 170, "n_bits": 70, "n_train": 90, "epochs": 6},  # more than three chunks
        {"width": 64, "batch_size": 3, "n_train": 100, "epochs": 12},  # one four of samples
    ],
)
def test_without_vectors_the_bits_are_the_same(node, changes):
    given = paper() | changes
    fast = node(ENDS, FINISH, given)
    plain = node(ENDS, FINISH, given, NONE)
    assert fast.pop("vectors") > plain.pop("vectors")
    assert fast == plain
