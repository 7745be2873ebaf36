"""M1 on made tables: zones by scale or by norm, clocks, and runs that never come."""

import numpy as np
import pandas as pd
import pytest

from experiments.decides.m01_margins import clocked, m1
from experiments.registry import CLAIMS
from experiments.tables.margins import calls


def made(clock):
    """A table in which a run of a scale, norm, loss and seed generalizes at a time of the clock."""
    table = pd.DataFrame(calls())
    factor = table["output_scale"] / table["held"] ** 2 * table["lr"] / 0.1
    times = [clock(row.output_scale, row.held, row.loss, row.seed) for row in table.itertuples()]
    epochs = pd.Series(times) / factor
    table["generalization_epoch"] = epochs.where(np.isfinite(epochs))
    return table.assign(memorization_epoch=5.0, last_epoch=900.0)


def by_scale(scale, held, loss, seed):
    if loss == "logistic":
        return 50.0 * scale
    return 60.0 if scale == 1 else np.inf


def test_a_scale_that_decides_alone_meets_every_bound():
    found = m1(made(by_scale))
    expected = {"share_in_zone": 1, "share_out_of_zone": 0, "order_by_scale": 1}
    expected |= {"spread_at_one_scale": 1, "share_alike": 1}
    assert found == pytest.approx(expected)
    assert set(found) == {c.quantity for c in CLAIMS["M1"].criteria}
    assert CLAIMS["M1"].verdict(found) == "came as foretold"


def test_a_norm_that_decides_alone_meets_none():
    def by_norm(scale, held, loss, seed):
        if loss == "logistic":
            return 50.0 * held
        return 60.0 if held == 1 else np.inf

    found = m1(made(by_norm))
    assert (found["share_in_zone"], found["share_out_of_zone"]) == (0, 1)
    assert found["order_by_scale"] == 0
    assert found["spread_at_one_scale"] == np.inf
    assert found["share_alike"] == 0
    assert CLAIMS["M1"].verdict(found) == "contradicted by the runs"


def test_the_worst_norm_scale_and_pair_count_and_half_of_the_seeds_make_no_median():
    def some(scale, held, loss, seed):
        late = by_scale(scale, held, loss, seed)
        if loss == "hinge":
            if scale == 1 and held == 0.5:
                return late if seed < 4015 else np.inf
            if scale == 4 and held == 1:
                return 9.0 if seed < 4004 else np.inf
            return late
        if scale == 2 and held == 2:
            return late * 1.5
        return np.inf if scale == 4 and seed < 4010 else late

    found = m1(made(some))
    assert found["share_in_zone"] == pytest.approx(15 / 20)
    assert found["share_out_of_zone"] == pytest.approx(4 / 20)
    assert found["share_alike"] == pytest.approx(15 / 20)
    assert found["spread_at_one_scale"] == pytest.approx(1.5)
    assert 0.9 < found["order_by_scale"] < 1


def test_where_no_norm_is_ever_done_there_is_no_spread():
    found = m1(made(lambda scale, held, loss, seed: np.inf))
    assert np.isnan(found["spread_at_one_scale"])
    assert found["share_alike"] == 1


def test_the_clock_runs_with_rate_and_temperature_and_against_the_square_of_the_norm():
    rows = pd.DataFrame(
        {
            "held": [1.0, 2.0, 1.0],
            "output_scale": [1.0, 1.0, 2.0],
            "lr": [0.1, 0.4, 0.1],
            "memorization_epoch": 1.0,
            "generalization_epoch": [100.0, 100.0, 100.0],
            "last_epoch": 900.0,
        }
    )
    np.testing.assert_allclose(clocked(rows)["clock"], [100, 100, 200])
