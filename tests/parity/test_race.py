"""Races and interventions: the same training, changed where they say and nowhere else."""

from dataclasses import replace

import numpy as np
import pytest

from grokutils.parity.config import TrainConfig, configure
from grokutils.parity.engine import weights_at
from grokutils.parity.intervene import baseline, chosen, clamp, freeze, intervene
from grokutils.parity.network import initial_weights
from grokutils.parity.race import epochs, network, race
from grokutils.parity.subnetworks import active_subnetwork, effective_sparsity, prune
from grokutils.parity.task import ParityTask
from grokutils.parity.train import train_seed
from grokutils.stats import events
from grokutils.store.cache import alone

# Learns to generalize within the run, some twenty epochs after it has memorized.
CONFIG = TrainConfig(
    task=ParityTask(n_bits=12, k_relevant=2, n_train=90, n_test=60), width=40, epochs=120
)


@pytest.fixture(scope="module")
def history():
    return alone(train_seed, config=CONFIG, seed=1, weights_at=(30, 120))


def test_a_race_finds_the_events_of_the_history_and_stops_once_they_last(history):
    net = network(CONFIG, 1)
    found = race(net, epochs(net, CONFIG), patience=10)
    happened = events(history)
    for name in ("memorization_epoch", "generalization_epoch"):
        assert found[name] == happened[name].item() > 1
    above = history["accuracy"].sel(split="test") > 0.98
    last = found["last_epoch"]
    assert above.sel(epoch=slice(last - 10, last)).all()
    assert not above.sel(epoch=last - 11)
    assert last < CONFIG.epochs
    assert found["effective_sparsity"] == effective_sparsity(
        net.weights(), CONFIG.task.train_set(1).inputs
    )


def test_a_race_without_the_event_is_censored_at_its_last_epoch():
    short = replace(CONFIG, epochs=3)
    net = network(short, 1)
    found = race(net, epochs(net, short))
    assert found["last_epoch"] == 3
    assert np.isnan(found["generalization_epoch"])
    assert found["test_accuracy"] < 0.98


def test_training_in_two_parts_is_training_in_one(history):
    net = network(CONFIG, 1)
    assert list(epochs(net, CONFIG, last=30)) == list(range(1, 31))
    for ours, whole in zip(net.weights(), weights_at(history, 30), strict=True):
        assert (ours == whole).all()
    assert list(epochs(net, CONFIG, first=30))[-1] == 120
    for ours, whole in zip(net.weights(), weights_at(history, 120), strict=True):
        assert (ours == whole).all()


@pytest.mark.parametrize("hold", [clamp, freeze])
def test_a_hold_keeps_its_neurons_and_leaves_the_others_to_learn(hold):
    kept = np.arange(40) < 15
    net = network(CONFIG, 1)
    before = net.weights()
    last = list(epochs(net, CONFIG, last=20, hold=hold(net, kept)))[-1]
    assert last == 20
    after = net.weights()
    norms = [np.linalg.norm(w.hidden_weight, axis=1) for w in (before, after)]
    growth = norms[1] / norms[0]
    assert growth[~kept].max() > 1.2  # without the hold they grow
    assert growth[kept].max() <= 1 + 1e-12
    if hold is freeze:
        for old, new in zip(before, after, strict=True):
            assert (old[kept] == new[kept]).all()
    else:
        assert growth[kept].min() < 0.999  # a clamp is a bound from above alone
        assert (before.readout[kept] != after.readout[kept]).any()


def test_a_clamp_that_never_binds_changes_nothing_but_rounding():
    free, held = network(CONFIG, 1), network(CONFIG, 1)
    hold = clamp(held, np.zeros(40, dtype=bool))
    list(epochs(free, CONFIG, last=5))
    list(epochs(held, CONFIG, last=5, hold=hold))
    assert (free.hidden == held.hidden).all()


def test_a_baseline_leaves_the_memorizing_weights_and_the_sparse_set(history):
    memorized, weights, sparse = alone(baseline, config=CONFIG, seed=1)
    assert memorized == events(history)["memorization_epoch"]
    run = alone(train_seed, config=CONFIG, seed=1, weights_at=(memorized,))
    for ours, whole in zip(weights, weights_at(run, memorized), strict=True):
        assert (ours == whole).all()
    last = weights_at(history, 120)
    assert (sparse == active_subnetwork(last, CONFIG.task.train_set(1).inputs)).all()


def test_controls_are_as_large_disjoint_and_matched_in_norm():
    weights = initial_weights(12, 400, 0)
    sparse = np.arange(400) % 50 == 7
    norms = np.linalg.norm(weights.hidden_weight, axis=1)
    assert (chosen("sparse", sparse, weights, 0) == sparse).all()
    for which in ("random", "matched"):
        kept = chosen(which, sparse, weights, 0)
        assert kept.sum() == sparse.sum() == 8
        assert not (kept & sparse).any()
    assert np.abs(np.sort(norms[kept]) - np.sort(norms[sparse])).max() < 0.02 * norms.mean()
    assert (chosen("random", sparse, weights, 1) != chosen("random", sparse, weights, 0)).any()
    with pytest.raises(ValueError, match="which = 'best'"):
        chosen("best", sparse, weights, 0)


@pytest.fixture
def kept_runs(tmp_path, monkeypatch):
    from grokutils.store import cache as runs

    monkeypatch.setattr(runs, "LOCATION", tmp_path)


def test_interventions_do_what_their_names_say(kept_runs):
    _, _, sparse = baseline(CONFIG, 1)
    races = {
        (what, when): intervene(what, when, "sparse", 1, horizon=60, config=CONFIG)
        for what in ("none", "remove", "enlarge", "alone", "clamp", "freeze")
        for when in ("start", "memorization")
    }
    plain = races["none", "start"]
    assert {found["size"] for found in races.values()} == {sparse.sum()}
    # A removed neuron never comes back, and a network of the set alone lies in it.
    assert {races["remove", when]["share_in_set"] for when in ("start", "memorization")} == {0}
    assert {races["alone", when]["share_in_set"] for when in ("start", "memorization")} == {1}
    for when in ("start", "memorization"):
        assert races["enlarge", when] != plain
        assert races["clamp", when] != races["freeze", when] != plain
    memorized = plain["memorization_epoch"]
    for (_, when), found in races.items():
        if when == "memorization":
            assert found["memorization_epoch"] == memorized
            assert found["last_epoch"] > memorized
    small = replace(CONFIG, width=int(sparse.sum()), epochs=60)
    net = network(small, 1, prune(initial_weights(12, 40, 1), sparse))
    expected = race(net, epochs(net, small))
    found = races["alone", "start"]
    np.testing.assert_equal({name: found[name] for name in expected}, expected)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("shout", "start", "sparse"), "intervention = 'shout'"),
        (("clamp", "later", "sparse"), "when = 'later'"),
        (("clamp", "start", "best"), "which = 'best'"),
    ],
)
def test_an_unknown_intervention_is_named(arguments, message, kept_runs):
    with pytest.raises(ValueError, match=message):
        intervene(*arguments, seed=1, config=CONFIG)


def test_a_configuration_is_set_by_the_fields_of_run_and_task():
    config = configure(TrainConfig(), n_train=250, batch_size=64, lr=0.3, steps=1000)
    assert config.task == ParityTask(n_train=250)
    assert (config.batch_size, config.lr, config.width) == (64, 0.3, 1000)
    assert config.epochs == 250  # four steps an epoch
    with pytest.raises(TypeError, match="speed"):
        configure(TrainConfig(), speed=3)
