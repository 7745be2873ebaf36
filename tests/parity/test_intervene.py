"""Interventions: each changes what its name says, from when it says, and nothing else.

Every intervention is made a second time here, by hand on the weights of an undisturbed run, and
both races must come out alike. The networks are tiny, so each comparison is over several seeds
and the test first says that the undisturbed run would not do.
"""

from dataclasses import replace

import numpy as np
import pytest

from grokutils.parity.config import TrainConfig
from grokutils.parity.engine import weights_at
from grokutils.parity.intervene import baseline, chosen, clamp, freeze, intervene
from grokutils.parity.race import network, race, train_epochs
from grokutils.parity.subnetworks import active_subnetwork, control_set, prune
from grokutils.parity.task import ParityTask
from grokutils.parity.train import train_seed
from grokutils.parity.weights import initial_weights
from grokutils.stats import THRESHOLD, events
from grokutils.store.cache import single_threaded

TASK = ParityTask(n_bits=12, k_relevant=2, n_train=90, n_test=60)
CONFIG = TrainConfig(task=TASK, width=40, epochs=120)
SEEDS = (0, 1, 4)
HORIZON = 70


@pytest.fixture(scope="module")
def undisturbed():
    """Return for each seed the memorization epoch, the weights then, and the sparse set."""
    return {seed: single_threaded(baseline, config=CONFIG, seed=seed) for seed in SEEDS}


def start_of(seed, when, undisturbed):
    if when == "start":
        return 0, initial_weights(TASK.n_bits, CONFIG.width, seed)
    memorized = int(undisturbed[seed][0])
    run = single_threaded(train_seed, config=CONFIG, seed=seed, weights_at=(memorized,))
    return memorized, weights_at(run, memorized)


def race_by_hand(config, seed, first, weights, after_step=None):
    config = replace(config, epochs=HORIZON)
    net = network(config, seed, weights)
    if after_step is not None:
        after_step = after_step(net)
    return net, race(net, train_epochs(net, config, first, after_step=after_step), first or np.nan)


def races(what, when, which, undisturbed):
    given = {"horizon": HORIZON, "config": CONFIG}
    return [
        intervene(what, when, which, seed, undisturbed=undisturbed[seed], **given) for seed in SEEDS
    ]


def enlarged(weights, kept):
    return weights._replace(
        hidden_weight=np.where(kept[:, None], 2 * weights.hidden_weight, weights.hidden_weight)
    )


def removed(weights, kept):
    return type(weights)(*(np.where(kept, part.T, 0).T for part in weights))


@pytest.mark.parametrize("when", ["start", "memorization"])
@pytest.mark.parametrize("which", ["sparse", "random", "matched"])
@pytest.mark.parametrize(
    ("what", "changed"),
    [
        ("none", lambda weights, kept: weights),
        ("enlarge", enlarged),
        ("remove", lambda weights, kept: removed(weights, ~kept)),
    ],
    ids=["none", "enlarge", "remove"],
)
def test_an_intervention_changes_the_weights_it_names_and_no_others(
    what, changed, when, which, undisturbed
):
    expected, plain = [], []
    for seed in SEEDS:
        first, start = start_of(seed, when, undisturbed)
        kept = chosen(which, undisturbed[seed][2], start, seed)
        net, found = race_by_hand(CONFIG, seed, first, changed(start, kept))
        final = active_subnetwork(net.weights(), TASK.train_set(seed).inputs)
        shares = {"size": kept.sum(), "share_in_set": final[kept].sum() / final.sum()}
        expected.append(found | shares)
        plain.append(race_by_hand(CONFIG, seed, first, start)[1] | shares)
    assert (str(expected) == str(plain)) == (what == "none")
    np.testing.assert_equal(races(what, when, which, undisturbed), expected)


@pytest.mark.parametrize("when", ["start", "memorization"])
def test_a_set_alone_is_the_network_without_the_others(when, undisturbed):
    expected = []
    for seed in SEEDS:
        first, start = start_of(seed, when, undisturbed)
        kept = undisturbed[seed][2]
        alone_ = replace(CONFIG, width=int(kept.sum()))
        _, found = race_by_hand(alone_, seed, first, prune(start, kept))
        expected.append({"size": kept.sum()} | found | {"share_in_set": 1})
    np.testing.assert_equal(races("alone", when, "sparse", undisturbed), expected)


@pytest.mark.parametrize("what", ["clamp", "freeze"])
def test_a_hold_begins_with_the_weights_at_memorization(what, undisturbed):
    expected, plain = [], []
    for seed in SEEDS:
        first, start = start_of(seed, "memorization", undisturbed)
        kept = undisturbed[seed][2]
        make = {"clamp": clamp, "freeze": freeze}[what]
        expected.append(
            race_by_hand(CONFIG, seed, first, start, lambda net: make(net, kept))[1]  # noqa: B023
        )
        plain.append(race_by_hand(CONFIG, seed, first, start)[1])
    assert str(expected) != str(plain)
    found = races(what, "memorization", "sparse", undisturbed)
    np.testing.assert_equal([{k: row[k] for k in expected[0]} for row in found], expected)


def test_going_on_from_memorization_undisturbed_is_the_undisturbed_run(undisturbed):
    # One epoch early or late, and the batches would be others.
    from_start = races("none", "start", "sparse", undisturbed)
    from_memorization = races("none", "memorization", "sparse", undisturbed)
    for row in from_memorization + from_start:
        del row["squared_norm_at_memorization"]  # which the later race does not see
    np.testing.assert_equal(from_memorization, from_start)
    for row, (seed, (memorized, weights, _)) in zip(from_start, undisturbed.items(), strict=True):
        assert row["memorization_epoch"] == memorized > 20
        assert network(CONFIG, seed, weights).accuracy("train") > THRESHOLD


@pytest.mark.parametrize("make", [clamp, freeze])
def test_a_hold_binds_the_neurons_that_would_grow_at_every_epoch(make):
    free = network(CONFIG, 1)
    before = free.weights()
    list(train_epochs(free, CONFIG, last=30))
    growth = norms(free.weights()) / norms(before)
    kept = growth > 1.1
    assert kept.sum() > 2  # else there is nothing to hold
    held = network(CONFIG, 1)
    for _ in train_epochs(held, CONFIG, last=30, after_step=make(held, kept)):
        now = norms(held.weights()) / norms(before)
        assert now[kept].max() <= 1 + 1e-12
    assert now[~kept].max() > 1.1  # only the set is held
    after = held.weights()
    moved = [old != new for old, new in zip(before, after, strict=True)]
    assert all(part[~kept].all() for part in moved)
    # A clamp leaves directions, biases and readouts to training.
    assert all((part[kept] == (make is clamp)).all() for part in moved)


def norms(weights):
    return np.linalg.norm(weights.hidden_weight, axis=1)


def test_controls_are_as_large_disjoint_and_matched_in_norm():
    weights = initial_weights(12, 400, 0)
    sparse = np.arange(400) % 50 == 7
    assert (chosen("sparse", sparse, weights, 0) == sparse).all()
    for which in ("random", "matched"):
        kept = chosen(which, sparse, weights, 0)
        assert kept.sum() == sparse.sum() == 8
        assert not (kept & sparse).any()
    apart = np.sort(norms(weights)[kept]) - np.sort(norms(weights)[sparse])
    assert np.abs(apart).max() < 0.02 * norms(weights).mean()
    assert (chosen("random", sparse, weights, 1) != chosen("random", sparse, weights, 0)).any()


def test_controls_have_no_neuron_of_the_set_however_large_it_is():
    weights = initial_weights(12, 60, 0)
    for seed in range(5):
        sparse = np.random.default_rng(seed).permutation(60) < 30
        for which in ("random", "matched"):
            assert (chosen(which, sparse, weights, seed) == ~sparse).all()


def test_the_random_set_is_drawn_apart_from_the_control_set():
    # From one stream, the two would be the same neurons up to those of the sparse set.
    same = []
    for seed in range(20):
        sparse = np.arange(206) < 6
        drawn = chosen("random", sparse, initial_weights(12, 206, seed), seed)[~sparse]
        same.append((drawn & control_set(200, 6, seed)).sum())
    assert np.sum(same) < 20  # of 120; by chance some 4


def test_a_baseline_leaves_the_memorizing_weights_and_the_sparse_set(undisturbed):
    for seed, (memorized, weights, sparse) in undisturbed.items():
        run = single_threaded(train_seed, config=CONFIG, seed=seed, weights_at=(memorized, 120))
        assert memorized == events(run)["memorization_epoch"]
        for ours, whole in zip(weights, weights_at(run, memorized), strict=True):
            assert (ours == whole).all()
        last = active_subnetwork(weights_at(run, 120), TASK.train_set(seed).inputs)
        assert (sparse == last).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("shout", "start", "sparse"), "intervention = 'shout'"),
        (("clamp", "later", "sparse"), "when = 'later'"),
        (("clamp", "start", "best"), "which = 'best'"),
    ],
)
def test_an_unknown_intervention_is_named(arguments, message, undisturbed):
    with pytest.raises(ValueError, match=message):
        intervene(*arguments, seed=1, config=CONFIG, undisturbed=undisturbed[1])
