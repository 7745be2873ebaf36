"""The lab's runs, under Node, are the book's: the same draws, the same changes on the way."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest

from grokutils.parity import race
from grokutils.parity.config import TrainConfig, configure
from grokutils.parity.intervene import baseline, chosen, clamp, freeze, intervene
from grokutils.parity.network import batch_order, start_of
from grokutils.parity.subnetworks import prune
from grokutils.parity.task import ParityTask
from grokutils.parity.weights import Weights, initial_weights, weights_digest

SMALL = TrainConfig(
    task=ParityTask(n_bits=12, k_relevant=2, n_train=150, n_test=60), width=60, epochs=120
)
CASES = {
    "small": SMALL,
    "odd": replace(SMALL, width=7, batch_size=9, lr=0.2, epochs=20, initial_scale=4.0),
}


def settings(config, seed, **more):
    """Return a configuration as the lab's settings."""
    of_task = ("n_bits", "k_relevant", "n_train", "n_test", "label_noise")
    task = {name: getattr(config.task, name) for name in of_task}
    fields = ("width", "epochs", "batch_size", "lr", "weight_decay", "initial_scale")
    own = {name: getattr(config, name) for name in fields}
    return {"seed": seed} | task | own | more


RUNS = "worker/new_run worker/signed_sums worker/sha256 worker/experiment shared/change"
DRAW = """const run = newRun(given), { train, test } = run.splits;
const signs = (examples) => Array.from({ length: examples.count * given.n_bits }, (_, i) => {
  const s = Math.floor(i / given.n_bits), bit = i % given.n_bits;
  const chunks = chunksOf(given.n_bits + 1);
  return 2 * (examples.signs[s * chunks + (bit >> 4)] >> (bit & 15) & 1) - 1;
});
tell({ ...weightsOf(run), train: signs(train), labels: train.labels, test: signs(test),
  digest: weightsDigest(weightsOf(run), given.n_bits),
  order: [1, 2, 3].map(() => run.nextOrder()), third: batchOrder(given, 2)() });"""


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("seed", [0, 2**40 + 3])
def test_a_run_begins_as_the_books(node, name, seed):
    config, task = CASES[name], CASES[name].task
    drawn = node(RUNS, DRAW, settings(config, seed))
    weights = start_of(config, seed)
    hidden = np.reshape(drawn["hidden"], (task.n_bits + 1, config.width))
    assert (hidden == np.vstack([weights.hidden_weight.T, weights.hidden_bias])).all()
    assert drawn["readout"] == weights.readout.tolist()
    inputs, labels = task.train_set(seed)
    assert drawn["train"] == inputs.ravel().tolist()
    assert drawn["labels"] == labels.tolist()
    assert drawn["test"] == task.test_set().inputs.ravel().tolist()
    order = batch_order(config, seed)[:3].tolist()
    assert drawn["order"] == order
    assert drawn["third"] == order[2]
    assert drawn["digest"] == weights_digest(weights)


@pytest.mark.parametrize("length", [0, 1, 55, 56, 63, 64, 65, 1000])
def test_sha256(node, length):
    data = bytes(i * 7 % 256 for i in range(length))
    found = node("worker/sha256", "tell(sha256(Uint8Array.from(given)));", list(data))
    assert found == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("share", [0.0, 0.03, 0.05, 0.5, 1.0])  # 0.03 and 0.05 lie half-way
def test_the_wrong_labels_are_the_books(node, share):
    config = configure(SMALL, label_noise=share)
    script = "const { labels } = trainSet(given); tell(labels);"
    found = np.array(node(RUNS, script, settings(config, 3)))
    assert (found == config.task.train_set(3).labels).all()
    wrong = found != SMALL.task.train_set(3).labels
    assert (wrong == config.task.wrong_labels(3)).all()
    assert wrong.sum() == round(share * 150)


RUN = """const { settings, change, winners } = given, course = new Experiment(settings, change);
if (winners && change && needsWinners(change)) course.give(Uint32Array.from(winners));
while (course.run.epoch < settings.epochs) course.step();
const { events, neurons, test, run } = course, { norms, ranking } = course.measure();
tell({ ...weightsOf(run), events, neurons, test, norms, ranking, digest: course.digest(),
  suffice: course.suffice() });"""


def course(node, config, seed, change=None, winners=None, **more):
    """Run a course to its end under Node; its weights as the book has them."""
    given = {"settings": settings(config, seed, **more), "change": change, "winners": winners}
    found = node(RUNS, RUN, given)
    hidden = np.reshape(found.pop("hidden"), (config.task.n_bits + 1, -1))
    found["weights"] = Weights(hidden[:-1].T, hidden[-1], np.array(found.pop("readout")))
    return found


def same(found, expected):
    """Assert that weights are equal, bit by bit."""
    for array, other in zip(found, expected, strict=True):
        assert (array == other).all()


@pytest.fixture(scope="module")
def undisturbed():
    """Return the small run's memorization, its weights then, and the set that suffices."""
    return baseline(SMALL, 5)


def test_the_undisturbed_course_has_the_books_events(node, undisturbed):
    memorized, _, sparse = undisturbed
    found = course(node, SMALL, 5)
    net = race.network(SMALL, 5)
    test = [net.accuracy("test"), *(net.accuracy("test") for _ in race.train_epochs(net, SMALL))]
    assert found["test"] == test
    assert max(test) > 0.98
    above = next(epoch for epoch, accuracy in enumerate(test) if accuracy > 0.98)
    assert found["events"] == {"memorization": memorized, "generalization": above, "change": None}
    assert memorized < above
    assert sorted(found["suffice"]) == np.flatnonzero(sparse).tolist()
    same(found["weights"], net.weights())


@pytest.mark.parametrize("when", ["start", "memorization"])
@pytest.mark.parametrize("which", ["sparse", "matched", "random"])
@pytest.mark.parametrize("kind", ["clamp", "freeze", "remove", "enlarge", "alone"])
def test_a_change_of_neurons_is_the_books(node, undisturbed, kind, which, when):
    memorized, at_memorization, sparse = undisturbed
    at = 0 if when == "start" else "memorization"
    change = {"kind": kind, "set": which, "at": at}
    found = course(node, SMALL, 5, change, np.flatnonzero(sparse).tolist())
    first = memorized if at else 0
    start = at_memorization if at else initial_weights(12, 60, 5)
    kept = chosen(which, sparse, start, 5)
    assert found["events"]["change"] == first
    assert found["neurons"] == np.flatnonzero(kept).tolist()
    trained = changed(kind, kept, start, first)
    same(found["weights"], trained)
    raced = intervene(kind, when, which, 5, SMALL.epochs, SMALL, undisturbed)
    generalized = raced["generalization_epoch"]
    assert found["events"]["generalization"] == (None if np.isnan(generalized) else generalized)
    by_hand = {"kind": kind, "set": found["neurons"], "at": first}
    assert course(node, SMALL, 5, by_hand)["digest"] == found["digest"]


def changed(kind, kept, start, first):
    """Return the weights of the small run after a change, made by the book's own functions."""
    config = SMALL
    if kind == "alone":
        config, start = replace(config, width=int(kept.sum())), prune(start, kept)
    start = Weights(*(part.copy() for part in start))
    if kind == "remove":
        for part in start:
            part[kept] = 0
    elif kind == "enlarge":
        start.hidden_weight[kept] *= 2
    net, after_step = race.network(config, 5, start), None
    if kind in ("clamp", "freeze"):
        after_step = {"clamp": clamp, "freeze": freeze}[kind](net, kept)
    for _ in race.train_epochs(net, config, first, after_step=after_step):
        pass
    return net.weights()


@pytest.mark.parametrize(
    ("kind", "value"),
    [("weight_decay", 0.0), ("lr", 0.03), ("n_train", 90), ("n_train", 200), ("label_noise", 0.1)],
)
@pytest.mark.parametrize("at", [0, 33])
def test_a_change_of_a_setting_is_the_books(node, kind, value, at):
    found = course(node, SMALL, 5, {"kind": kind, "at": at, "to": value})
    before, after = race.network(SMALL, 5), configure(SMALL, **{kind: value})
    for _ in race.train_epochs(before, SMALL, 0, at):
        pass
    net = race.network(after, 5, before.weights())
    for _ in race.train_epochs(net, after, at):
        pass
    same(found["weights"], net.weights())
    assert found["digest"] != course(node, SMALL, 5)["digest"]


def test_what_is_changed_at_the_start_is_a_run_of_its_own(node):
    plain = course(node, SMALL, 5)["digest"]
    for name, value in {"label_noise": 0.1, "initial_scale": 4}.items():
        changed = course(node, SMALL, 5, {"kind": name, "at": 0, "to": value})["digest"]
        assert plain != changed == course(node, SMALL, 5, **{name: value})["digest"]
        net = race.network(configure(SMALL, **{name: value}), 5)
        for _ in race.train_epochs(net, SMALL):
            pass
        assert changed == weights_digest(net.weights())
