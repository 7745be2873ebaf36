"""S16 on made tables: critical sizes, capacities, regimes and valleys of a small map."""

import numpy as np
import pandas as pd
import pytest
from made import SEEDS, around, assert_planted, of_the_first, race, table

from experiments.claims import CLAIMS
from experiments.decides.event_times import timed
from experiments.decides.s16_regimes import regime, s16
from grokutils.store.table import grid

# By examples and width: how many of 20 seeds generalize, and the median accuracy.
MAP = {
    400: {30: (0, 0.5), 100: (0, 0.9), 300: (0, 0.5), 1000: (0, 0.96)},
    600: {30: (0, 0.5), 100: (5, 0.8), 300: (10, 0.6), 1000: (0, 0.96)},
    800: {30: (1, 0.5), 100: (10, 0.9), 300: (2, 0.75), 1000: (20, 1.0)},
    1500: {30: (20, 0.9), 100: (20, 0.6), 300: (19, 0.8), 1000: (20, 0.95)},
}
# By width and random labels: how many of 20 seeds memorize.
FITTED = {30: {400: 20, 800: 20, 1600: 0, 3200: 0}, 1000: {400: 20, 800: 20, 1600: 20, 3200: 0}}


def widths(slow=15.0):
    calls = grid(width=[30, 100, 300, 1000], n_train=list(MAP), start=["dense", "sparse"], **SEEDS)

    def row(width, n_train, start, seed):
        number, accuracy = MAP[n_train][width]
        if start == "sparse":
            return race(10.0, 30.0, fresh_accuracy=0.8)
        generalized = of_the_first(number, seed, 25.0 if n_train == 800 else slow)
        memorized = np.nan if (n_train, width) == (600, 300) else 10.0
        return race(memorized, generalized, fresh_accuracy=around(accuracy, seed, late=1.2))

    return table(calls, row)


def capacities():
    calls = grid(
        width=list(FITTED), n_train=[400, 800, 1600, 3200], label_noise=[0.0, 0.5], **SEEDS
    )

    def row(width, n_train, label_noise, seed):
        return race(of_the_first(FITTED[width][n_train] if label_noise else 20, seed), 1.0)

    return table(calls, row)


def test_each_quantity_is_read_from_its_part_of_the_map():
    assert_planted(
        "S16",
        s16(widths(), capacities()),
        critical_size_by_width=-0.8,  # ranks 4, 3, 1, 2
        capacity_growth=2.0,
        regimes_seen=4,
        dip_with_few_examples=0.2,  # with 600, the fewest at which half of any width generalize
        dip_with_many_examples=0.3,
    )
    endless = capacities().assign(memorization_epoch=100.0)
    endless.loc[(endless["width"] == 30) & (endless["n_train"] > 800), "memorization_epoch"] = (
        np.nan
    )
    assert s16(widths(), endless)["capacity_growth"] == np.inf  # all that were tried were fitted
    assert s16(widths(slow=20.0), capacities())["regimes_seen"] == 3  # none of them together


def test_a_ratio_of_half_points_that_is_its_bound_holds_to_the_last_bit():
    found = s16(widths(), capacities())["capacity_growth"]
    (bound,) = [c for c in CLAIMS["S16"].criteria if c.quantity == "capacity_growth"]
    assert found == bound.at_least == 2


@pytest.mark.parametrize(
    ("memorized", "generalized", "accuracy", "word"),
    [
        (10, 20, 1.0, "grokked"),  # a delay as long as memorization took
        (10, 19, 1.0, "together"),
        (10, 5, 1.0, "together"),
        (10, np.nan, 0.64, "memorized"),
        (10, np.nan, 0.65, "half"),
        (10, np.nan, 0.94, "half"),
        (10, np.nan, 0.95, "neither"),
        (np.nan, np.nan, 0.5, "neither"),
        (np.nan, 20, 1.0, "neither"),  # generalized without memorizing is none of the four
    ],
)
def test_a_field_of_the_map_has_a_regime(memorized, generalized, accuracy, word):
    rows = pd.DataFrame([race(memorized, generalized, fresh_accuracy=accuracy)] * 4, dtype=float)
    rows.loc[0, "fresh_accuracy"] = 0.0  # which moves no median of four
    assert regime(timed(rows)) == word
