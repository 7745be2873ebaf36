"""Tables of examples, labels and widths, on tiny networks: each row measures what it says."""

from dataclasses import replace

import numpy as np
import pytest
from tiny import SEED, TINY, raced

from grokutils.parity.race import network, train_epochs


def test_a_grokked_network_goes_on_with_its_own_examples_or_with_others(table):
    made = table("returns")
    usual = {"weight_decay": 0.01, "loss": "hinge", "ticks": 0.3, "seed": SEED}
    kept = made.measure(n_left=90, which="subset", **usual)
    assert kept["fresh_accuracy_before"] > 0.98
    assert kept["fresh_accuracy"] > 0.98
    assert np.isnan(kept["fell_for_good_epoch"])
    few, fresh = (
        made.measure(n_left=4, which=w, **usual | {"ticks": 8}) for w in ("subset", "fresh")
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
    made = table("noise")
    found = made.measure(label_noise=0.1, n_train=90, weight_decay=0.0, steps=900, seed=SEED)
    assert found["wrong_fitted"] == found["wrong_fitted_most"] == 1  # without decay all is fitted
    assert np.isnan(found["wrong_lost_epoch"])
    assert found["gap_by_norm"] > found["fresh_accuracy"] - 1  # the whole network's
    lost = made.measure(label_noise=0.1, n_train=300, weight_decay=0.03, steps=900, seed=SEED)
    assert lost["wrong_fitted"] < 0.5
    assert lost["fresh_accuracy"] > 0.95


def test_a_path_is_a_row_each_ten_epochs(table):
    rows = table("paths").measure(SEED)
    assert [row["epoch"] for row in rows] == list(range(0, 121, 10))
    assert len({row["generalization_epoch"] for row in rows}) == 1
    assert rows[0]["generalization_epoch"] == raced(TINY)["generalization_epoch"]
    net = network(TINY, SEED)
    list(train_epochs(net, TINY, last=20))
    weights = net.weights()
    squares = sum((part**2).sum() for part in weights)
    assert rows[2]["norm"] == pytest.approx(squares**0.5, rel=1e-5)
    neurons = np.sort((weights.hidden_weight**2).sum(axis=1))
    assert rows[2]["top_share"] == pytest.approx(neurons[-10:].sum() / neurons.sum(), rel=1e-5)
