"""S17 on made tables: what a temperature takes back, and what a delay cut short leaves known."""

import numpy as np
import pytest
from made import SEEDS, around, assert_planted, assert_read, at_least, at_most, race, table

from experiments.decides.s17_temperatures import s17, taken_back
from experiments.measured import Measured, Reading, either_side, not_run
from experiments.registry import CLAIMS
from experiments.sweeps.table import grid

NORMS = (1.2, 1.4, 1.7)
BY_OUTPUT = {1.2: 50.0, 1.4: 100.0, 1.7: 200.0}
BY_NORM = {1.2: 1.0, 1.4: 1.1, 1.7: 1.3}


def temperatures():
    def row(held, like, steps, seed):
        memorized = {1.2: 60.0, 1.4: 50.0, 1.7: 40.0}[like]
        return race(memorized, memorized + around(BY_OUTPUT[like] * BY_NORM[held], seed))

    return table(grid(held=NORMS, like=NORMS, steps=28_800, **SEEDS), row)


def test_each_quantity_is_of_its_rows():
    outputs, norms = (np.log(list(of.values())) for of in (BY_OUTPUT, BY_NORM))
    whole = outputs.var() + norms.var()
    assert_planted(
        "S17",
        s17(temperatures()),
        share_taken_back=Measured((260 - 65) / (260 - 50), 20),
        explained_by_output=outputs.var() / whole,
        added_by_norm=norms.var() / whole,
        memorization_moved=Measured(1.5, 20),
        least_slide=4.0,
        left_of_steps=Measured((1.7 / 1.2) ** 2 / 1.3, 20),
    )


def test_a_table_without_rows_is_not_run_and_a_setting_that_is_missing_is_not_made_up():
    assert_planted("S17", s17(temperatures().iloc[:0]), **not_run(*quantities()))
    rows = temperatures()
    found = s17(rows[(rows["held"] != 1.7) | (rows["like"] != 1.2)])
    for quantity in set(quantities()):
        assert np.isnan(found[quantity]), quantity
    without = s17(rows[(rows["held"] != 1.4) | (rows["like"] != 1.4)])
    assert without["explained_by_output"].reading is Reading.FEW
    assert without["share_taken_back"] == pytest.approx((260 - 65) / 210)


def quantities():
    return [criterion.quantity for criterion in CLAIMS["S17"].criteria]


def test_a_delay_cut_short_takes_back_at_least_or_at_most_so_much():
    low, cooled, high = (Measured(value, 20) for value in (50.0, 65.0, 260.0))
    assert_read(taken_back(low, cooled, at_least(260.0, 20)), at_least(195 / 210, 20))
    assert_read(taken_back(low, at_least(65.0), high), at_most(195 / 210, 20))
    assert_read(taken_back(low, Measured(40.0), at_least(260.0, 20)), at_least(1.0, 20))
    nothing = Measured(np.nan, reading=Reading.NOTHING)
    for three in (
        (low, at_least(65.0), at_least(260.0)),
        (at_least(50.0), cooled, high),
        (high, cooled, low),
        (low, cooled, Measured(np.inf)),
    ):
        assert_read(taken_back(*three), nothing)


def test_runs_cut_short_by_half_leave_no_curve_and_a_late_high_delay_is_at_least():
    rows = temperatures().assign(last_epoch=900.0)
    high = (rows["held"] == 1.7) & (rows["like"] == 1.7) & (rows["seed"] % 2 == 0)
    rows.loc[high, "generalization_epoch"] = np.nan
    found = s17(rows)
    assert found["share_taken_back"].reading is Reading.AT_LEAST
    assert found["explained_by_output"].reading is Reading.FEW
    assert_read(found["least_slide"], Measured(4.0))  # of another norm


def test_a_factor_is_one_or_more_and_unknown_where_it_may_be_on_either_side():
    assert_read(either_side(Measured(0.5, 20)), Measured(2.0, 20))
    assert_read(either_side(Measured(3.0)), Measured(3.0))
    assert_read(either_side(at_most(0.5)), at_least(2.0))
    assert_read(either_side(at_least(3.0)), at_least(3.0))
    for unclear in (at_least(0.5), at_most(3.0), Measured(np.nan)):
        assert either_side(unclear).reading is Reading.NOTHING
