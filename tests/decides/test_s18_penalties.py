"""S18 on made tables: what an l1 penalty brings, and the rows that each number is read from."""

import numpy as np
import pytest
from made import FIRST, SEEDS, around, assert_planted, assert_read, at_least, never, race, table

from experiments.decides.s18_penalties import s18
from experiments.measured import Measured, Reading, not_run
from experiments.registry import CLAIMS

STEPS = 32  # an epoch
PLACES = [(0.0002, 0.1), (0.0004, 0.1), (0.0008, 0.1), (0.0004, 0.05), (0.0004, 0.2)]


def penalties():
    calls = [
        {"strength": strength, "lr": lr, "weight_decay": 0.0, "steps": 28_800, "seed": seed}
        for strength, lr in [*PLACES, (0.0, 0.1)]
        for seed in SEEDS["seed"]
    ]

    def row(strength, lr, weight_decay, steps, seed):
        if strength == 0:
            return race(20.0, 300.0 if seed < FIRST + 3 else np.nan, **norms(300.0, 9.0, 9.0))
        delay = around(0.06 * (lr * strength) ** -1.1 / STEPS, seed)
        grown = strength == 0.0008 and seed < FIRST + 5
        generalized = 10 + delay if strength > 0.0002 or seed > FIRST else np.nan
        return race(10.0, generalized, **norms(100.0, 120.0 if grown else 50.0, 40.0))

    return table(calls, row)


def norms(at_memorization, at_generalization, at_end):
    return {
        "squared_norm_at_memorization": at_memorization,
        "squared_norm_at_generalization": at_generalization,
        "squared_norm": at_end,
    }


def delays():
    return {place: 0.06 * np.prod(place) ** -1.1 / STEPS for place in PLACES}


def test_each_quantity_is_of_its_rows():
    rows = penalties()
    late = (rows["generalization_epoch"] >= 20) & (rows["strength"] > 0)
    grown = late & (rows["squared_norm_at_generalization"] > 100)
    slope = np.polyfit(*(np.log([of[0] for of in both()]), np.log([of[1] for of in both()])), 1)[0]
    assert_planted(
        "S18",
        s18(rows),
        share_generalized_l1=Measured(0.95, 20),
        relative_delay_l1=Measured(delays()[0.0008, 0.1] / 10, 20),
        share_norm_not_fallen=Measured(grown.sum() / late.sum(), late.sum()),
        clock_exponent_off_l1=Measured(abs(slope - 1), 100),
        share_generalized_without=Measured(0.15, 20),
        norm_after_over_at=Measured(0.8, 99),
    )
    assert 0 < grown.sum() < late.sum()


def both():
    """One over rate times strength, and the median delay in steps, which one late seed moves."""
    found = [(1 / np.prod(place), delay * STEPS) for place, delay in delays().items()]
    # Of the weakest one early seed never comes: the median is between other two.
    weakest = sorted(
        np.inf if seed == FIRST else around(found[0][1], seed) for seed in SEEDS["seed"]
    )
    return [(found[0][0], np.median(weakest)), *found[1:]]


def test_a_table_without_rows_is_not_run():
    quantities = [criterion.quantity for criterion in CLAIMS["S18"].criteria]
    assert_planted("S18", s18(penalties().iloc[:0]), **not_run(*quantities))


def test_a_strength_of_which_half_never_come_has_no_clock_and_a_delay_of_at_least_the_wait():
    rows = penalties().assign(last_epoch=900.0)
    all_late = rows["strength"] > 0
    rows.loc[all_late, "generalization_epoch"] = np.nan
    found = s18(rows)
    assert_read(found["relative_delay_l1"], at_least(89.0, 20))
    assert found["clock_exponent_off_l1"].reading is Reading.FEW
    assert found["share_norm_not_fallen"].reading is Reading.NOTHING  # of no runs
    assert found["share_generalized_l1"] == pytest.approx(0.0)


def test_nine_of_twenty_that_never_come_leave_the_median_as_it_is():
    rows = penalties()
    strongest = rows["strength"] == 0.0008
    epochs = [10 + never(40.0, seed) for seed in rows.loc[strongest, "seed"]]
    rows.loc[strongest, "generalization_epoch"] = epochs
    assert s18(rows)["relative_delay_l1"] == pytest.approx(4.0)
