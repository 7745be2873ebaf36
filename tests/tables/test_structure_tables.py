"""The tables of what forms, on tiny networks: each row measures what its column says."""

import numpy as np
import pytest
from tiny import SEED, TINY

from grokutils.parity.race import network, race, train_epochs


def ticket(made, **changes):
    usual = {"mask": "ticket", "at": "end", "share": 0.2, "weight_decay": 0.01, "steps": 360}
    return made.measure(**usual | changes, seed=SEED)


def test_a_dense_ticket_is_the_usual_race(table):
    net = network(TINY, SEED)
    plain = race(net, train_epochs(net, TINY), patience=10)
    found = ticket(table("tickets"), mask="dense")
    assert {name: found[name] for name in plain} == plain
    assert found["kept"] == 480
    assert ticket(table("tickets"), share=1.0)["last_epoch"] == plain["last_epoch"]


def test_every_mask_is_one_of_its_own_and_keeps_what_it_says(table):
    made = table("tickets")
    rows = {mask: ticket(made, mask=mask, steps=30) for mask in made.MASKS}
    dense = {"dense", "same norm"}
    assert {rows[mask]["kept"] for mask in dense} == {480}
    assert {rows[mask]["kept"] for mask in set(rows) - dense - {"neurons"}} == {96}
    assert rows["neurons"]["kept"] % 12 == 0
    assert rows["random"]["kept_relevant"] == rows["ticket"]["kept_relevant"]
    assert rows["columns"]["kept_relevant"] == 80
    assert rows["moved"]["kept_relevant"] < rows["ticket"]["kept_relevant"]
    assert len({row["squared_norm"] for row in rows.values()}) == len(rows)
    assert rows["same norm"]["squared_norm"] < 0.7 * rows["dense"]["squared_norm"]


def test_masks_by_event_are_of_that_event(table):
    made = table("tickets")
    weights = made.events_of(SEED)
    net = network(TINY, SEED)
    found = race(net, train_epochs(net, TINY))
    for event in ("memorization", "generalization"):
        again = network(TINY, SEED)
        list(train_epochs(again, TINY, last=int(found[f"{event}_epoch"])))
        assert (weights[event].hidden_weight == again.weights().hidden_weight).all()
    masks = [made.mask_of("ticket", at, 0.2, SEED) for at in weights]
    assert all(mask.sum() == 96 for mask in masks)
    assert (masks[0] != masks[-1]).any()


def test_ranks_fall_where_labels_can_be_learned(table):
    rows = table("ranks").measure("true", 20, SEED)
    assert [row["epoch"] for row in rows] == list(range(0, 121, 20))
    assert rows[-1]["effective_rank"] < rows[0]["effective_rank"]
    assert rows[-1]["overlap_of_three"] > 0.9
    assert rows[-1]["accuracy_of_3"] > 0.9
    net = network(TINY, SEED)
    list(train_epochs(net, TINY))
    values = np.linalg.svd(net.weights().hidden_weight)[1]
    share = values / values.sum()
    assert rows[-1]["effective_rank"] == pytest.approx(-(share * np.log(share)).sum(), rel=1e-4)
    labels = table("ranks").measure("random labels", 60, SEED)
    assert labels[-1]["accuracy"] < 0.75
    assert labels[-1]["effective_rank"] > rows[-1]["effective_rank"]


def test_synergy_is_measured_at_its_epochs_until_the_run_has_generalized(table, monkeypatch):
    made = table("synergy")
    monkeypatch.setattr(made, "EPOCHS", (0, 20, 40))
    rows = made.measure(n_train=90, label_noise=0.0, steps=360, seed=SEED)
    assert [row["epoch"] for row in rows] == [0, 20, 40]
    net = network(TINY, SEED)
    assert (
        rows[0]["generalization_epoch"]
        == race(net, train_epochs(net, TINY))["generalization_epoch"]
    )
    assert all(row["synergy"] >= row["synergy_of_five"] >= 0 for row in rows[:1])
    net = network(TINY, SEED)
    list(train_epochs(net, TINY, last=40))
    weights = net.weights().hidden_weight
    norms = np.sort(np.linalg.norm(weights, axis=1))
    assert rows[2]["norm_ratio"] == pytest.approx(norms[-10:].mean() / norms.mean(), rel=1e-4)
    share = (weights[:, :2] ** 2).sum() / (weights**2).sum()
    assert rows[2]["relevant_share"] == pytest.approx(share, rel=1e-4)


def test_the_sparse_set_is_faithful_where_it_was_found_and_an_illusion_where_chosen(table):
    rows = {row["inputs"]: row for row in table("illusions").measure("generalization", SEED)}
    assert rows["train"]["agrees_sparse"] == 1
    assert rows["fresh"]["agrees_by_fresh"] > 0.99
    assert rows["chosen"]["agrees_sparse"] < rows["fresh"]["agrees_sparse"]
    for row in rows.values():
        difference = row["accuracy_full"] - row["accuracy_sparse"]
        assert row["misled"] - row["flattered"] == pytest.approx(difference)
        assert row["rest_over_full"] == row["error_over_full"]  # the error is what the rest says


def test_each_simpler_model_is_faithful_on_the_training_inputs(table):
    made = table("simplified")
    found = {at: made.measure(at, SEED) for at in ("memorization", "end")}
    for rows in found.values():
        assert len(rows) == 3 * 7
        assert all(row["agrees"] == 1 for row in rows if row["inputs"] == "train")
        assert len({row["accuracy_full"] for row in rows if row["inputs"] == "fresh"}) == 1
        assert len({(row["model"], row["size"]) for row in rows}) == 3
    sizes = {at: {row["model"]: row["size"] for row in rows} for at, rows in found.items()}
    assert sizes["end"]["singular vectors"] <= 3  # of two relevant bits
    assert sizes["end"]["clusters"] < sizes["memorization"]["clusters"]
    sparse = {row["inputs"]: row for row in table("illusions").measure("end", SEED)}
    for row in found["end"]:
        if row["model"] == "subnetwork":
            assert row["size"] == sparse[row["inputs"]]["size"]
            assert row["agrees"] == sparse[row["inputs"]]["agrees_sparse"]


def test_settled_runs_are_those_of_the_ranks_gone_on_with(table, monkeypatch):
    made = table("settled")
    monkeypatch.setattr(made, "UNTIL", 120)
    rows = made.measure(200, SEED)
    assert [row["epoch"] for row in rows] == [*range(0, 125, 5), 140, 160, 180, 200]
    shorter = {row["epoch"]: row for row in table("ranks").measure("true", 20, SEED)}
    for row in rows:
        if row["epoch"] in shorter:
            assert {name: shorter[row["epoch"]][name] for name in row} == row
    net = network(TINY, SEED)
    list(train_epochs(net, TINY))
    assert rows[24]["squared_norm"] == pytest.approx(net.squared_norm(), rel=1e-5)
