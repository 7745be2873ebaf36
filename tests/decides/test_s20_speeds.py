"""S20 on made tables: where two speeds cross, and where grokking begins and ends."""

import numpy as np
import pandas as pd
import pytest
from made import FIRST, SEEDS, assert_planted, of_the_first, race, table

from experiments.decides.s20_speeds import crossed, s20
from experiments.measured import Measured, Reading, not_run
from experiments.registry import CLAIMS
from experiments.tables.speeds import SIZES, WIDTHS

# By width: runs that memorize random labels, when, runs that grok, when true ones generalize.
BY_WIDTH = {
    15: (5, 300.0, 0, 90.0),
    20: (12, 280.0, 2, 80.0),
    30: (20, 240.0, 6, 80.0),
    45: (20, 80.0, 10, 80.0),
    70: (20, 60.0, 14, 120.0),
    100: (20, 50.0, 20, 140.0),
    300: (20, 40.0, 20, 150.0),
    1000: (20, 30.0, 20, 160.0),
}
BY_SIZE = {1250: (20, 40.0, 15, 160.0), 1500: (20, 80.0, 5, 80.0), 2000: (3, 90.0, 0, 30.0)}


def speeds():
    places = [(width, 1000) for width in WIDTHS] + [(1000, size) for size in SIZES]
    calls = [
        {"width": width, "n_train": size, "label_noise": noise, "seed": seed}
        for width, size in places
        for noise in (0.0, 0.5)
        for seed in SEEDS["seed"]
    ]

    def row(width, n_train, label_noise, seed):
        can, memorized, grok, generalized = BY_WIDTH[width] if n_train == 1000 else BY_SIZE[n_train]
        if label_noise:
            return race(of_the_first(can, seed, memorized), np.nan)
        late = seed - FIRST < grok
        return race(generalized / (2.5 if late else 1.5), generalized)

    return table(calls, row)


def between(one, other, share):
    return np.exp((1 - share) * np.log(one) + share * np.log(other))


def test_each_quantity_is_of_its_rows():
    # Of the sizes, 1,500 is where both are equally fast; between 1,000 and 1,250 half grok no more.
    end = between(1250, 1500, 0.25 / 0.5)
    assert_planted(
        "S20",
        s20(speeds()),
        onset_over_crossing=1.0,  # at 45 half of the runs grok, and both are equally fast
        widths_before_grokking=2,  # 20 and 30: at 15 most cannot memorize
        memorization_by_width=-1.0,
        end_over_crossing=1500 / end,
        generalization_spread=2.0,
    )


def test_a_table_without_rows_is_not_run():
    quantities = [criterion.quantity for criterion in CLAIMS["S20"].criteria]
    assert_planted("S20", s20(speeds().iloc[:0]), **not_run(*quantities))


def test_where_all_grok_there_is_no_onset_and_no_width_before_it():
    rows = speeds()
    true = rows["label_noise"] == 0
    rows.loc[true, "memorization_epoch"] = 10.0
    found = s20(rows)
    for quantity in ("onset_over_crossing", "end_over_crossing"):
        assert found[quantity].reading is Reading.NOTHING
    assert found["widths_before_grokking"] == 0


def test_a_run_that_memorizes_and_never_generalizes_groks_and_one_that_does_neither_does_not():
    rows = speeds()
    narrow = (rows["label_noise"] == 0) & (rows["width"] == 30)
    rows.loc[narrow, "generalization_epoch"] = np.nan
    assert s20(rows)["widths_before_grokking"] == 1
    rows.loc[narrow, "memorization_epoch"] = np.nan
    assert s20(rows)["widths_before_grokking"] == 2


def test_times_that_never_come_are_the_longest_and_two_of_them_say_nothing():
    widths = [10, 20, 40, 80]
    never = pd.Series([np.inf, np.inf, 40.0, 20.0], widths)
    late = pd.Series([np.inf, 90.0, 80.0, 80.0], widths)
    # At 20 one never comes: as far apart as the farthest that are known, a factor of four.
    share = np.log(4) / (np.log(4) + np.log(2))
    assert crossed(never, late) == pytest.approx(between(20, 40, share))
    assert crossed(late, late) == 0  # nowhere is memorizing the slower
    assert np.isnan(crossed(never * np.inf, late * np.inf))


def test_a_width_that_is_missing_is_left_out():
    rows = speeds()
    found = s20(rows[(rows["width"] != 45)])
    onset = between(30, 70, (0.5 - 0.3) / (0.7 - 0.3))
    far, near = np.log(240 / 80), np.log(120 / 60)
    crossing = between(30, 70, far / (far + near))
    assert found["onset_over_crossing"] == pytest.approx(max(onset / crossing, crossing / onset))
    assert found["generalization_spread"] == pytest.approx(160 / 120)
    assert isinstance(found["generalization_spread"], Measured)
