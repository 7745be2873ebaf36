"""B1 on made tables: one curve, features beside it, the number of weights, and the endless."""

import numpy as np
import pandas as pd
import pytest

from experiments.decides.b01_told import b1, by_start
from experiments.registry import CLAIMS
from experiments.tables.told import FEATURES, calls


def made(bits, epoch):
    """A table whose starts tell so many bits and generalize then; one seed of three is odd."""
    table = pd.DataFrame(calls())
    told = [bits(row) for row in table.itertuples()]
    epochs = pd.Series([epoch(row, b) for row, b in zip(table.itertuples(), told, strict=True)])
    odd = table["seed"] % 3 == 0
    return table.assign(
        bits_told=np.where(odd, 99.0, told),
        weights=1000 * table["share"],
        memorization_epoch=3.0,
        generalization_epoch=epochs.where(np.isfinite(epochs)).where(~odd, 4.0),
        last_epoch=300.0,
    )


def some_bits(row):
    """A number of bits for each start, none twice; controls tell less than one."""
    if row.start in ("moved", "shuffled"):
        return 0.25 if row.start == "moved" else 0.5
    of = ["dense", "ticket", "fresh", "other seed", "random", "columns", *FEATURES]
    events = ["end", "generalization", "halfway", "memorization"]
    return 1 + of.index(row.start) + 0.1 * row.share + 0.2 * events.index(row.at)


def by_curve(row, bits):
    return 150 * np.exp(-0.3 * bits)


def test_one_curve_is_one_order_and_one_line():
    found = b1(made(some_bits, by_curve))
    assert set(found) == {c.quantity for c in CLAIMS["B1"].criteria}
    assert found["order_by_bits"] == -1
    assert found["features_off_the_masks"] == pytest.approx(1)
    assert found["bits_of_controls"] == 0.5
    assert abs(found["order_by_number"]) < 0.5
    assert CLAIMS["B1"].verdict(found) == "came as foretold"


def test_before_the_runs_the_starts_are_there_without_numbers():
    before, after = by_start(pd.DataFrame()), by_start(made(some_bits, by_curve))
    assert before.drop(columns="features").isna().all(axis=None)
    assert before["features"].sum() == len(FEATURES)
    assert set(before.index) == set(after.index)


def test_features_that_are_off_are_off_by_the_worst_and_endless_ones_by_all():
    factor = {"weak": 3.0, "oracle": 0.5}
    found = b1(made(some_bits, lambda row, b: by_curve(row, b) * factor.get(row.start, 1)))
    assert found["features_off_the_masks"] == pytest.approx(3)
    found = b1(made(some_bits, lambda row, b: np.inf if row.start == "weak" else by_curve(row, b)))
    assert found["features_off_the_masks"] == np.inf


def test_masks_that_half_of_the_runs_never_leave_are_last_and_bend_no_line():
    def late(row, bits):
        return np.inf if row.start == "random" else by_curve(row, bits)

    found = b1(made(some_bits, late))
    assert found["features_off_the_masks"] == pytest.approx(1)
    assert found["order_by_bits"] > -1
    table = made(some_bits, late)
    assert by_start(table).loc["random"]["generalization_epoch"].eq(np.inf).all()


def test_the_number_of_weights_counts_over_masks_whichever_way():
    found = b1(made(some_bits, lambda row, bits: 10 * row.share))
    assert found["order_by_number"] == pytest.approx(1)
