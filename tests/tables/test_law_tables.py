"""A wait is what a race finds; held biases are held; the grids are those that were frozen."""

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tiny import SEED, TINY

from experiments import claims
from experiments.tables import law_biases, law_costs, law_dials, law_waits, waited
from grokutils.parity.config import configure
from grokutils.parity.race import network, race, train_epochs

LAW = tomllib.loads((Path(claims.__file__).parent / "law.toml").read_text(encoding="utf-8"))
SMALL = configure(TINY, n_test=2000, epochs=400)


@pytest.fixture(scope="module")
def row():
    net = network(SMALL, SEED)
    return waited.waited(net, train_epochs(net, SMALL), SMALL)


def test_a_wait_has_the_events_and_norms_of_a_race(row):
    net = network(SMALL, SEED)
    raced = race(net, train_epochs(net, SMALL))
    shared = [column for column in raced if column.endswith(("ion", "ion_epoch"))]
    assert len(shared) == 4
    assert {column: row[column] for column in shared} == {c: raced[c] for c in shared}
    assert raced["memorization_epoch"] < raced["generalization_epoch"]


def test_a_run_ends_two_ticks_after_both_events_or_at_its_end(row):
    config = configure(SMALL, weight_decay=0.1)  # 100 steps a tick; three steps an epoch
    assert waited.epochs_in(2, config) == 67
    net = network(SMALL, SEED)
    assert row["last_epoch"] == SMALL.epochs  # two ticks are 667 epochs
    early = waited.waited(net, train_epochs(net, SMALL), SMALL, to_the_end=True)
    assert early["last_epoch"] == SMALL.epochs
    soon = network(config, SEED)
    found = waited.waited(soon, _remembered(soon, config), config)
    last = max(found["memorization_epoch"], found["generalization_epoch"])
    assert found["last_epoch"] == last + 67 < config.epochs


def _remembered(net, config):
    """Train as without decay to speak of, so that a network of so fast a tick generalizes."""
    yield from train_epochs(net, configure(config, weight_decay=0.01))


def test_a_run_without_an_event_goes_on_and_has_no_share():
    config = configure(SMALL, label_noise=0.5, epochs=20)
    net = network(config, SEED)
    found = waited.waited(net, train_epochs(net, config), config)
    assert found["last_epoch"] == 20
    assert np.isnan(found["generalization_epoch"])
    assert np.isnan(found["sparse_share_at_generalization"])


def test_few_test_inputs_answer_as_all_do():
    net = network(SMALL, SEED)
    answers = []
    for _ in train_epochs(net, SMALL):
        answers.append(waited.generalizes(net))
        assert answers[-1] == (net.accuracy("test") > 0.98)
    assert set(answers) == {False, True}


def test_the_sparse_neurons_are_the_fewest_that_carry_a_share():
    values = np.array([1.0, 4.0, 0.5, 3.0, 1.5])
    assert waited.fewest(values, 0.5).tolist() == [1, 3]
    assert waited.fewest(values, 0.4).tolist() == [1]  # exactly
    assert len(waited.fewest(values, 1.0)) == 5


def test_squares_are_of_relevant_bits_alone_and_shares_of_all(row):
    net = network(SMALL, SEED)
    weights = net.weights()
    expected = (weights.hidden_weight[:, :2] ** 2).sum(axis=1)
    np.testing.assert_allclose(waited.on_relevant(net, 2), expected, rtol=1e-14)
    assert 0 < row["sparse_share_at_memorization"] < row["sparse_share_at_generalization"] < 1
    assert 0 < row["sparse_neurons"] < 20


@pytest.mark.parametrize(("biases", "size"), [("zero", 0.0), ("apart", 0.1)])
def test_held_biases_stay_and_have_the_signs_of_their_first_draw(biases, size, monkeypatch):
    nets = []
    monkeypatch.setattr(
        law_biases, "waited", lambda net, passes, config: nets.append((net, passes))
    )
    few = {"n_bits": 10, "n_train": 60, "k_relevant": 2, "steps": 20, "seed": SEED}
    law_biases.measure(biases=biases, **few)
    ((net, passes),) = nets
    before = net.weights()
    assert list(passes)
    after = net.weights()
    np.testing.assert_array_equal(before.hidden_bias, after.hidden_bias)
    assert set(np.abs(after.hidden_bias)) == {size}
    assert (before.hidden_weight != after.hidden_weight).any()
    if size:
        config = configure(law_biases.TrainConfig(), n_bits=10, n_train=60, k_relevant=2)
        drawn = law_biases.start_of(config, SEED).hidden_bias
        np.testing.assert_array_equal(np.sign(after.hidden_bias), np.sign(drawn))


def settings(table, *columns):
    return {tuple(call[c] for c in columns) for call in table.calls()}


def test_the_waits_are_those_that_were_frozen():
    found = settings(law_waits, "k_relevant", "n_bits", "n_train", "steps")
    wanted = {
        (3, n, examples, 48_000)
        for kind in ("old", "new", "ratio")
        for n, examples, *_ in LAW["line"][kind]
    }
    horizons = {2: 24_000, 3: 48_000, 4: 48_000, 5: 48_000, 6: 48_000}
    grids = LAW["exponents"]
    wanted |= {
        (k, n, ratio * n, horizons[k])
        for k in horizons
        for n in grids["n_bits"][str(k)]
        for ratio in grids["examples_a_bit"][str(k)]
    }
    power, places = LAW["line"]["power"], LAW["wall"]["places"]
    for n in (20, 40, 60):
        assert LAW["wall"][f"n_{n}"] == [round(place * n**power) for place in places]
        wanted |= {(3, n, examples, 96_000) for examples in LAW["wall"][f"n_{n}"]}
    assert found == wanted
    plan = LAW["plan"]
    planned = ("waits", "wall", "two", "four", "five_and_six")
    assert len(found) == sum(plan[part]["settings"] for part in planned)


def test_the_other_tables_are_those_that_were_frozen():
    assert settings(law_dials, "n_bits", "n_train") == {*map(tuple, LAW["dials"]["settings"])}
    assert len(law_dials.calls()) == 20 * LAW["plan"]["dials"]["settings"]
    assert {call["steps"] for call in law_dials.calls()} == {24_000, 80_000}
    costs = settings(law_costs, "n_bits", "n_train", "label_noise")
    assert costs == {(n, r * n, 0.5) for n in (20, 40, 60) for r in (8, 16, 32)} | {
        (n, r * n, 0.0) for n in (20, 40, 60) for r in (24, 36)
    }
    biases = settings(law_biases, "biases", "n_bits", "n_train", "k_relevant", "steps")
    assert biases == {("zero", n, 36 * n, k, 32_000) for n in (24, 36) for k in (3, 4)} | {
        ("apart", n, 30 * n, k, 48_000) for n in (16, 24, 36, 54) for k in (3, 4)
    }
    free = settings(law_waits, "k_relevant", "n_bits", "n_train")
    assert {(4, n, 36 * n) for n in (24, 36)} <= free


@pytest.mark.parametrize("table", [law_waits, law_dials, law_costs, law_biases])
def test_each_setting_has_the_twenty_seeds(table):
    calls = pd.DataFrame(table.calls())
    assert (calls.groupby(calls.columns.drop("seed").tolist()).size() == 20).all()
    assert set(calls["seed"]) == set(range(4000, 4020))
