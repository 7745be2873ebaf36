"""The tables of later claims, on tiny networks: each row measures what its column says."""

from dataclasses import replace
from importlib import import_module

import numpy as np
import pandas as pd
import pytest

from grokutils.claims import CLAIMS
from grokutils.parity.config import TrainConfig, configure
from grokutils.parity.network import output
from grokutils.parity.race import epochs, network, race
from grokutils.parity.task import ParityTask, sign_patterns
from grokutils.parity.train import start_of
from grokutils.quantities import examples, modes, norms, steps
from grokutils.tables import accelerators, later, transfers
from grokutils.tables.make import TABLES

TINY = TrainConfig(
    task=ParityTask(n_bits=12, k_relevant=2, n_train=90, n_test=60), width=40, epochs=120
)
NAMES = TABLES[TABLES.index("scales") :]
SEED = 9001


@pytest.fixture
def table(monkeypatch):
    """Return a table's room, with the paper's network a tiny one and nothing kept."""

    def room(name):
        found = import_module(f"grokutils.tables.{name}")
        monkeypatch.setattr(found, "PAPER", TINY)
        if hasattr(found, "compute_once"):
            monkeypatch.setattr(
                found, "compute_once", lambda function, **options: function(**options)
            )
        return found

    return room


def raced(config, **options):
    net = network(config, SEED)
    return race(net, epochs(net, config), **options)


def test_a_run_that_is_followed_is_a_race_with_more_columns():
    net = network(TINY, SEED)
    found = later.followed(net, epochs(net, TINY), TINY.task)
    plain = raced(TINY)
    assert {name: found[name] for name in plain} == plain
    assert 0 < found["train_rise_epoch"] <= found["memorization_epoch"]
    assert 0 < found["rise_epoch"] <= found["generalization_epoch"]
    inputs, labels = TINY.task.fresh_set(2000)
    assert found["fresh_accuracy"] == (output(net.weights(), inputs) * labels > 0).mean()
    start, until = network(TINY, SEED), int(found["memorization_epoch"])
    first = np.concatenate([part.ravel() for part in start.weights()])
    list(epochs(start, TINY, last=until))
    then = np.concatenate([part.ravel() for part in start.weights()])
    cosine = first @ then / np.linalg.norm(first) / np.linalg.norm(then)
    assert found["direction_kept"] == pytest.approx(cosine, rel=1e-5)


def test_a_run_that_diverges_has_a_row_of_the_same_columns():
    wild = replace(TINY, loss="squared", lr=1e4)
    with np.errstate(all="ignore"):
        net = network(wild, SEED)
        found = later.followed(net, epochs(net, wild), wild.task)
    usual = network(TINY, SEED)
    assert list(found) == list(later.followed(usual, [], TINY.task))
    assert np.isnan(list(found.values())).all()


def test_scales_and_dials_set_what_they_name(table):
    expected = raced(configure(TINY, steps=360))
    same = table("scales").measure(steps=360, seed=SEED, initial_scale=1.0)
    assert {name: same[name] for name in expected} == expected
    larger = table("scales").measure(steps=3, seed=SEED, initial_scale=3.0)
    smaller = table("scales").measure(steps=3, seed=SEED, initial_scale=1.0)
    assert larger["squared_norm"] > 5 * smaller["squared_norm"]
    assert table("dials").measure(steps=360, seed=SEED)["last_epoch"] == expected["last_epoch"]


def test_a_held_norm_is_held_to_the_end(table):
    found = table("held").measure(held=0.5, loss="hinge", steps=60, seed=SEED)
    grokked = network(TINY, SEED)
    list(epochs(grokked, TINY))
    assert found["held_norm"] ** 2 == pytest.approx(grokked.squared_norm() / 4)
    assert found["squared_norm"] == pytest.approx(found["held_norm"] ** 2)


def test_every_update_of_the_table_is_one_of_its_own(table, monkeypatch):
    room = table("accelerators")
    monkeypatch.setattr(room, "N_BITS", TINY.task.n_bits)
    usual = {"loss": "hinge", "lr": 0.1, "weight_decay": 0.01, "steps": 60, "seed": SEED}
    updates = {call["update"] for call in room.calls()}
    rows = {update: room.measure(update, **usual) for update in sorted(updates)}
    plain = raced(configure(TINY, steps=60))
    for update in ("plain", "longer", "plain, small"):  # which differ in their rates alone
        assert {name: rows[update][name] for name in plain} == plain
    norms = {update: row["squared_norm"] for update, row in rows.items()}
    assert len(set(norms.values())) == len(accelerators.CHANGES) + len(accelerators.FLIPS) + 1


def test_features_are_those_of_the_narrow_network_and_mixed_as_large(table, monkeypatch):
    room = table("transfers")
    monkeypatch.setattr(room, "NARROW", replace(TINY, width=8, epochs=300))
    rows = {source: room.measure(source, steps=360, seed=SEED) for source in transfers.SOURCES}
    assert rows["none"]["generalization_epoch"] == raced(TINY)["generalization_epoch"]
    steps_taken = [rows[source]["narrow_steps"] for source in ("untrained", "weak", "grokked")]
    assert 0 == steps_taken[0] < steps_taken[1] < steps_taken[2]
    assert rows["oracle"]["memorization_epoch"] < rows["none"]["memorization_epoch"]
    like = start_of(TINY, SEED).hidden_weight
    given = room.mixed(np.eye(12)[:2], like, SEED)
    assert (given[:, 2:] == 0).all()
    assert np.linalg.norm(given) == pytest.approx(np.linalg.norm(like))
    assert np.linalg.matrix_rank(room.mixed(like[:5], like, SEED)) == 5


def test_without_biases_no_network_is_right_on_more_than_seven_eighths(table):
    found = table("biases").measure(biases=0, k_relevant=3, steps=360, seed=SEED)
    assert found["train_accuracy"] > 0.9  # it learns its examples all the same
    config = configure(TINY, k_relevant=3, steps=360)
    start = start_of(config, SEED)
    net = network(config, SEED, start._replace(hidden_bias=np.zeros(40)))
    from grokutils.parity.updates import no_biases

    list(epochs(net, config, hold=no_biases(net)))
    inputs = sign_patterns(12)
    right = (output(net.weights(), inputs) * config.task.label(inputs) > 0).mean()
    assert right <= 7 / 8


def test_a_grokked_network_goes_on_with_its_own_examples_or_with_others(table):
    room = table("returns")
    usual = {"weight_decay": 0.01, "loss": "hinge", "ticks": 0.3, "seed": SEED}
    kept = room.measure(n_left=90, which="subset", **usual)
    assert kept["fresh_accuracy_before"] > 0.98
    assert kept["fresh_accuracy"] > 0.98
    assert np.isnan(kept["fell_for_good_epoch"])
    few, fresh = (
        room.measure(n_left=4, which=w, **usual | {"ticks": 8}) for w in ("subset", "fresh")
    )
    assert few["fresh_accuracy"] < 0.75
    assert few["fell_for_good_epoch"] > 0
    assert few != fresh
    whole = TINY.task.train_set(SEED).inputs[:4]
    assert (replace(TINY.task, n_train=4).train_set(SEED).inputs == whole).all()


def test_random_labels_are_memorized_and_their_margin_told(table):
    found = table("capacities").measure(width=60, label_noise=0.5, n_train=20, steps=400, seed=SEED)
    assert found["train_accuracy"] == 1
    assert 0.5 < found["mean_margin"] < 3
    assert found["last_epoch"] == 400  # to the end, whatever happens before
    assert found["fresh_accuracy"] < 0.7


def test_a_sparse_start_is_another_and_an_unknown_one_is_refused(table):
    rows = [table("widths").measure(30, 90, start, 90, SEED) for start in ("dense", "sparse")]
    assert rows[0]["squared_norm"] != rows[1]["squared_norm"]
    with pytest.raises(ValueError, match="start = 'long'"):
        table("widths").measure(30, 90, "long", 90, SEED)


def test_wrong_labels_are_watched_and_pruned(table):
    room = table("noise")
    found = room.measure(label_noise=0.1, n_train=90, weight_decay=0.0, steps=900, seed=SEED)
    assert found["wrong_fitted"] == found["wrong_fitted_most"] == 1  # without decay all is fitted
    assert np.isnan(found["wrong_lost_epoch"])
    assert found["gap_by_norm"] > found["fresh_accuracy"] - 1  # the whole network's
    lost = room.measure(label_noise=0.1, n_train=300, weight_decay=0.03, steps=900, seed=SEED)
    assert lost["wrong_fitted"] < 0.5
    assert lost["fresh_accuracy"] > 0.95


def test_a_path_is_a_row_each_ten_epochs(table):
    rows = table("paths").measure(SEED)
    assert [row["epoch"] for row in rows] == list(range(0, 121, 10))
    assert len({row["generalization_epoch"] for row in rows}) == 1
    assert rows[0]["generalization_epoch"] == raced(TINY)["generalization_epoch"]
    net = network(TINY, SEED)
    list(epochs(net, TINY, last=20))
    weights = net.weights()
    squares = sum((part**2).sum() for part in weights)
    assert rows[2]["norm"] == pytest.approx(squares**0.5, rel=1e-5)
    neurons = np.sort((weights.hidden_weight**2).sum(axis=1))
    assert rows[2]["top_share"] == pytest.approx(neurons[-10:].sum() / neurons.sum(), rel=1e-5)


def test_the_kernel_of_a_run_that_groks_moves_and_comes_to_predict(table):
    found = table("tangents").measure(SEED)
    order = ["start", "memorization", "halfway", "generalization", "end"]
    assert found["kernel_moved_start"] == 0
    assert (np.diff([found[f"epoch_{event}"] for event in order]) >= 0).all()
    assert found["kernel_moved_end"] > found["kernel_moved_memorization"] > 0
    assert found["kernel_accuracy_end"] > 0.95
    assert found["kernel_aligned_end"] > found["kernel_aligned_start"]
    assert found["sensitivity_end"] == pytest.approx(2, abs=0.2)  # of the parity of two bits


@pytest.mark.parametrize("name", NAMES)
def test_the_runs_of_a_table_fit_together_and_go_seed_by_seed(name):
    calls = import_module(f"grokutils.tables.{name}").calls()
    assert len({tuple(call.items()) for call in calls}) == len(calls)
    assert {tuple(call) for call in calls} == {tuple(calls[0])}
    seeds = pd.Series([call["seed"] for call in calls])
    assert seeds.min() == 1000  # which no other table uses
    assert seeds.nunique() >= 20
    changes = (seeds.diff().fillna(1) != 0).sum()
    assert changes <= 3 * seeds.nunique()  # not setting by setting


def filled(name):
    """A table with the runs that there will be, and any numbers as what they measured."""
    calls = pd.DataFrame(import_module(f"grokutils.tables.{name}").calls())
    rng = np.random.default_rng(0)
    net = network(TINY, SEED)
    columns = [*later.followed(net, [], TINY.task), "mean_margin", "narrow_steps", "narrow_width"]
    columns += ["held_norm", "gap_by_norm", "gap_at_random", "wrong_fitted", "wrong_lost_epoch"]
    columns += [
        f"kernel_{w}_{e}" for w in ("moved", "accuracy") for e in ("memorization", "generalization")
    ]
    columns = [column for column in columns if column not in calls]
    numbers = pd.DataFrame(rng.uniform(0.1, 1, (len(calls), len(columns))), columns=columns)
    numbers["memorization_epoch"] = 30.0
    numbers["generalization_epoch"] = 100 + 10 * numbers["generalization_epoch"]
    return pd.concat([calls, numbers], axis=1)


def test_what_decides_the_claims_finds_its_rows_in_the_tables_that_there_will_be():
    t = {name: filled(name) for name in NAMES if name != "paths"}
    found = {
        "S1": norms.s1(t["scales"]),
        "S2": norms.s2(t["tangents"], t["scales"]),
        "S3": norms.s3(t["held"], t["scales"], t["accelerators"]),
        "S4": steps.s4(t["concealment"]),
        "S5": steps.s5(t["accelerators"]),
        "S6": steps.s6(t["transfers"], t["biases"]),
        "S7": examples.s7(t["returns"], t["capacities"], t["examples"]),
        "S8": examples.s8(t["widths"]),
        "S9": modes.s9(t["noise"]),
        "S15": norms.s15(t["dials"], t["concealment"], t["widths"], held=t["held"]),
        "S16": examples.s16(t["widths"], t["capacities"]),
    }
    for claim, measured in found.items():
        assert set(measured) == {c.quantity for c in CLAIMS[claim].criteria}
    unknown = {k for measured in found.values() for k, value in measured.items() if np.isnan(value)}
    # Where all runs generalize there is no half, and no rank of halves that are all the same.
    assert unknown <= {
        "late_above",
        "crossing_off",
        "exponential_error_held",
        "examples_saved_by_width",
        "examples_saved_by_sparse_start",
        "critical_size_by_width",
        "capacity_growth",
        "threshold_ratio",
    }
