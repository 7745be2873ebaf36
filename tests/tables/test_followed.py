"""The tables of later claims, on tiny networks: what a run is followed by, and what is set."""

from dataclasses import replace

import numpy as np
import pytest
from tiny import SEED, TINY, raced

from experiments.methods.max_margin import max_margin
from experiments.tables import accelerators, followed, transfers
from grokutils.parity.config import configure
from grokutils.parity.network import start_of
from grokutils.parity.race import network, train_epochs
from grokutils.parity.task import sign_patterns
from grokutils.parity.weights import activations, output


def test_a_run_that_is_followed_is_a_race_with_more_columns():
    net = network(TINY, SEED)
    found = followed.followed(net, train_epochs(net, TINY), TINY.task)
    plain = raced(TINY)
    assert {name: found[name] for name in plain} == plain
    assert 0 < found["train_rise_epoch"] <= found["memorization_epoch"]
    assert 0 < found["rise_epoch"] <= found["generalization_epoch"]
    inputs, labels = TINY.task.fresh_set(2000)
    assert found["fresh_accuracy"] == (output(net.weights(), inputs) * labels > 0).mean()
    start, until = network(TINY, SEED), int(found["memorization_epoch"])
    first = np.concatenate([part.ravel() for part in start.weights()])
    list(train_epochs(start, TINY, last=until))
    then = np.concatenate([part.ravel() for part in start.weights()])
    cosine = first @ then / np.linalg.norm(first) / np.linalg.norm(then)
    assert found["direction_kept"] == pytest.approx(cosine, rel=1e-5)


def test_a_run_that_diverges_has_a_row_of_the_same_columns():
    wild = replace(TINY, loss="squared", lr=1e4)
    with np.errstate(all="ignore"):
        net = network(wild, SEED)
        found = followed.followed(net, train_epochs(net, wild), wild.task)
    usual = network(TINY, SEED)
    assert list(found) == list(followed.followed(usual, [], TINY.task))
    assert np.isnan(list(found.values())).all()


def test_scales_and_dials_set_what_they_name(table):
    expected = raced(configure(TINY, steps=360))
    same = table("scales").measure(steps=360, seed=SEED, initial_scale=1.0)
    assert {name: same[name] for name in expected} == expected
    larger = table("scales").measure(steps=3, seed=SEED, initial_scale=3.0)
    smaller = table("scales").measure(steps=3, seed=SEED, initial_scale=1.0)
    assert larger["squared_norm"] > 5 * smaller["squared_norm"]
    assert table("dials").measure(steps=360, seed=SEED)["last_epoch"] == expected["last_epoch"]


def test_small_starts_are_small_and_trained_by_what_they_name(table):
    made = table("small_starts")
    fields = dict(made.SETTING)
    expected = raced(configure(TINY, steps=36, initial_scale=0.25, **fields))
    found = made.measure(steps=36, seed=SEED, initial_scale=0.25, **fields)
    assert {name: found[name] for name in expected} == expected
    assert {call["initial_scale"] for call in made.calls()} == {1.0, 0.25, 0.125}
    assert all(call | fields == call for call in made.calls())


def test_a_kernel_start_has_no_output_and_is_held_against_its_kernels_machine(table):
    made = table("kernel_starts")
    config = configure(TINY, loss="logistic", initial_scale=4.0, steps=360)
    start = start_of(config, SEED)._replace(readout=np.zeros(TINY.width))
    net = network(config, SEED, start)
    assert not output(net.weights(), sign_patterns(12)).any()
    found = made.measure(initial_scale=4.0, weight_decay=0.01, steps=360, seed=SEED)
    epoch = int(found["memorization_epoch"])
    list(train_epochs(net, config, last=epoch))
    inputs = TINY.task.fresh_set(2000).inputs
    machine = made.first_predictions(SEED)
    agrees = (np.sign(output(net.weights(), inputs)) == machine).mean()
    assert found["agrees_with_first_kernel"] == agrees > 0.5
    # It fits the labels that it is made of, and a larger start says the same.
    train = TINY.task.train_set(SEED)
    assert set(machine) == {-1.0, 1.0}
    features = activations(start, train.inputs)
    larger = activations(start, inputs) @ max_margin(features, train.labels)
    assert (np.sign(larger) == machine).all()
    never = made.measure(initial_scale=4.0, weight_decay=0.01, steps=3, seed=SEED)
    assert np.isnan(never["agrees_with_first_kernel"])
    assert list(never) == list(found)


def test_a_held_norm_is_held_to_the_end(table):
    found = table("held").measure(held=0.5, loss="hinge", steps=60, seed=SEED)
    grokked = network(TINY, SEED)
    list(train_epochs(grokked, TINY))
    assert found["held_norm"] ** 2 == pytest.approx(grokked.squared_norm() / 4)
    assert found["squared_norm"] == pytest.approx(found["held_norm"] ** 2)


def test_every_update_of_the_table_is_one_of_its_own(table, monkeypatch):
    made = table("accelerators")
    monkeypatch.setattr(made, "N_BITS", TINY.task.n_bits)
    usual = {"loss": "hinge", "lr": 0.1, "weight_decay": 0.01, "steps": 60, "seed": SEED}
    updates = {call["update"] for call in made.calls()}
    rows = {update: made.measure(update, **usual) for update in sorted(updates)}
    plain = raced(configure(TINY, steps=60))
    for update in ("plain", "longer", "plain, small"):  # which differ in their rates alone
        assert {name: rows[update][name] for name in plain} == plain
    norms = {update: row["squared_norm"] for update, row in rows.items()}
    assert len(set(norms.values())) == len(accelerators.CHANGES) + len(accelerators.FLIPS) + 1


def test_steps_across_start_where_they_say_and_the_held_ones_stay_there(table):
    made = table("perpendicular_starts")
    usual = {"loss": "hinge", "initial_scale": 0.5, "weight_decay": 0.0, "steps": 60}
    rows = {update: made.measure(update, **usual, seed=SEED) for update in made.UPDATES}
    plain = raced(configure(TINY, initial_scale=0.5, weight_decay=0.0, steps=60))
    assert {name: rows["plain"][name] for name in plain} == plain
    start = network(replace(TINY, initial_scale=0.5), SEED).squared_norm()
    assert {row["squared_norm_at_start"] for row in rows.values()} == {start}
    held, free = (rows[name]["squared_norm"] for name in ("perpendicular, held", "perpendicular"))
    assert held == pytest.approx(start) != free
    assert start < free < rows["plain"]["squared_norm"]
    for wrong in ({"weight_decay": 0.01}, {"update": "slow"}):
        with pytest.raises(ValueError, match="no such run"):
            made.measure(**{"update": "plain"} | usual | wrong, seed=SEED)


def test_across_by_adamw_differs_from_plain_and_by_precision(table, monkeypatch):
    made = table("perpendicular_adamw")
    config = replace(TINY, loss="logistic", epochs=1)
    monkeypatch.setattr(made, "CONFIG", config)
    usual = {"lr": 0.01, "weight_decay": 0.0, "steps": 30, "seed": SEED}
    rows = {(u, d): made.measure(u, d, **usual) for u in made.UPDATES for d in made.DTYPES}
    assert len({row["squared_norm"] for row in rows.values()}) == 4
    net = network(config, SEED)
    epochs = list(made.adamw(net, 0.01, 30, made.perpendicular(12, as_long=True)))
    assert rows["perpendicular", "float64"]["squared_norm"] == net.squared_norm()
    assert {row["last_epoch"] for row in rows.values()} == {epochs[-1]} == {30}
    for wrong in ({"weight_decay": 0.01}, {"update": "slow"}):
        with pytest.raises(ValueError, match="no such run"):
            made.measure(**{"update": "plain", "dtype": "float64"} | usual | wrong)


def test_equal_speeds_are_those_of_the_other_table_and_plain_is_plain(table, monkeypatch):
    made, others = table("equal_speeds"), table("accelerators")
    monkeypatch.setattr(others, "N_BITS", TINY.task.n_bits)
    usual = {"lr": 0.05, "weight_decay": 0.01, "steps": 60, "seed": SEED}
    rows = {update: made.measure(update, **usual) for update in made.UPDATES}
    plain = raced(configure(TINY, lr=0.05, steps=60))
    assert {name: rows["plain"][name] for name in plain} == plain
    theirs = others.measure("equal", loss="hinge", **usual)["squared_norm"]
    assert rows["equal"]["squared_norm"] == pytest.approx(theirs, rel=0.02)
    assert rows["equal"]["squared_norm"] != pytest.approx(plain["squared_norm"], rel=0.02)
    for call in made.calls():
        assert call["lr"] * call["weight_decay"] == pytest.approx(0.042 * 0.01)


def test_on_bits_a_network_without_biases_learns_and_each_update_is_its_own(table, monkeypatch):
    made = table("equal_bits")
    config = replace(TINY, epochs=1)
    monkeypatch.setattr(made, "CONFIG", config)
    usual = {"n_train": 90, "lr": 0.05, "weight_decay": 0.01, "steps": 300, "seed": SEED}
    rows = {update: made.measure(update, **usual) for update in made.UPDATES}
    assert not any(name.startswith("squared_norm") for name in rows["plain"])
    assert rows["plain"] != rows["equal"]
    for row in rows.values():
        assert row["train_accuracy"] > 0.75
    with pytest.raises(ValueError, match="update = 'slow'"):
        made.measure("slow", **usual)


def test_features_are_those_of_the_narrow_network_and_mixed_as_large(table, monkeypatch):
    made = table("transfers")
    monkeypatch.setattr(made, "NARROW", replace(TINY, width=8, epochs=300))
    rows = {source: made.measure(source, steps=360, seed=SEED) for source in transfers.SOURCES}
    assert rows["none"]["generalization_epoch"] == raced(TINY)["generalization_epoch"]
    steps_taken = [rows[source]["narrow_steps"] for source in ("untrained", "weak", "grokked")]
    assert 0 == steps_taken[0] < steps_taken[1] < steps_taken[2]
    assert rows["oracle"]["memorization_epoch"] < rows["none"]["memorization_epoch"]
    like = start_of(TINY, SEED).hidden_weight
    given = made.mixed(np.eye(12)[:2], like, SEED)
    assert (given[:, 2:] == 0).all()
    assert np.linalg.norm(given) == pytest.approx(np.linalg.norm(like))
    assert np.linalg.matrix_rank(made.mixed(like[:5], like, SEED)) == 5


def test_without_biases_no_network_is_right_on_more_than_seven_eighths(table):
    found = table("biases").measure(biases=0, k_relevant=3, steps=360, seed=SEED)
    assert found["train_accuracy"] > 0.9  # it learns its examples all the same
    config = configure(TINY, k_relevant=3, steps=360)
    start = start_of(config, SEED)
    net = network(config, SEED, start._replace(hidden_bias=np.zeros(40)))
    from experiments.methods.updates import no_biases

    list(train_epochs(net, config, after_step=no_biases(net)))
    inputs = sign_patterns(12)
    right = (output(net.weights(), inputs) * config.task.label(inputs) > 0).mean()
    assert right <= 7 / 8


def test_the_kernel_of_a_run_that_groks_moves_and_comes_to_predict(table):
    found = table("tangents").measure(SEED)
    order = ["start", "memorization", "halfway", "generalization", "end"]
    assert found["kernel_moved_start"] == 0
    assert (np.diff([found[f"epoch_{event}"] for event in order]) >= 0).all()
    assert found["kernel_moved_end"] > found["kernel_moved_memorization"] > 0
    assert found["kernel_accuracy_end"] > 0.95
    assert found["kernel_aligned_end"] > found["kernel_aligned_start"]
    assert found["sensitivity_end"] == pytest.approx(2, abs=0.2)  # of the parity of two bits
