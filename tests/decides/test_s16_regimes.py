"""S16 on made tables: critical sizes, capacities, regimes and valleys of a small map."""

import numpy as np
import pandas as pd
import pytest
from made import SEEDS, around, assert_planted, assert_read, at_least, of_the_first, race, table

from experiments.decides.event_times import timed
from experiments.decides.s16_regimes import (
    regime,
    regimes_of_runs,
    s16,
    s16_by_runs,
    shares_of_regimes,
)
from experiments.registry import CLAIMS
from experiments.sweeps.table import grid

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
        regimes_by_runs=4,
    )
    endless = capacities().assign(memorization_epoch=100.0)
    endless.loc[(endless["width"] == 30) & (endless["n_train"] > 800), "memorization_epoch"] = (
        np.nan
    )
    # All that were tried were fitted by the wide.
    half = 800 * 2**0.5
    assert_read(s16(widths(), endless)["capacity_growth"], at_least(3200 / half))
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


def test_the_capacity_is_read_from_a_finer_grid_where_there_is_one():
    sizes = {30: [800, *(round(800 * 1.1**j) for j in range(1, 8)), 1600]}
    sizes[1000] = [1600, *(round(1600 * 1.1**j) for j in range(1, 8)), 3200]
    calls = [call for w in sizes for call in grid(width=w, n_train=sizes[w], **SEEDS)]
    place = {30: 3, 1000: 6}  # so many sizes are fitted by all, the next by a quarter

    def row(width, n_train, seed):
        at = sizes[width].index(n_train) - place[width]
        return race(of_the_first(20 if at < 0 else 5 if at == 0 else 0, seed), 1.0)

    fine = table(calls, row).assign(label_noise=0.5).sample(frac=1, random_state=0)
    halves = []
    for width, first in place.items():
        low, high = sizes[width][first - 1], sizes[width][first]
        halves.append(low * (high / low) ** (0.5 / 0.75))
    found = s16(widths(), fine)["capacity_growth"]
    assert found == pytest.approx(halves[1] / halves[0])


@pytest.mark.parametrize(
    ("memorized", "generalized", "accuracy", "word"),
    [
        (10, 20, 1.0, "grokked"),
        (10, 19, 1.0, "neither"),  # which memorized before, and waited for less
        (10, 10, 1.0, "together"),
        (12, 10, 1.0, "together"),
        (np.nan, 10, 0.9, "together"),
        (10, np.nan, 0.64, "memorized"),
        (10, np.nan, 0.65, "half"),
        (10, np.nan, 0.95, "neither"),
        (np.nan, np.nan, 0.8, "half without memorizing"),
        (np.nan, np.nan, 0.5, "neither"),
    ],
)
def test_a_run_has_a_regime(memorized, generalized, accuracy, word):
    rows = pd.DataFrame([race(memorized, generalized, fresh_accuracy=accuracy)], dtype=float)
    assert regimes_of_runs(timed(rows)).tolist() == [word]


# By width: memorization and generalization epoch and fresh accuracy of runs, and how many of 20.
FIELDS = {
    3: [((20.0, 15.0, 1.0), 10), ((20.0, np.nan, 0.5), 8), ((np.nan, np.nan, 0.8), 2)],
    10: [((20.0, np.nan, 0.5), 20)],
    100: [((20.0, np.nan, 0.5), 10), ((20.0, 90.0, 1.0), 10)],  # half of a field twice: no "half"
    300: [((20.0, np.nan, 0.8), 9), ((20.0, np.nan, 0.5), 11)],
}


def test_a_regime_is_seen_where_half_of_a_fields_runs_are_in_it():
    rows = []
    for width, groups in FIELDS.items():
        runs = [run for run, number in groups for _ in range(number)]
        for seed, (memorized, generalized, accuracy) in enumerate(runs):
            run = {"width": width, "n_train": 800, "start": "dense", "seed": seed}
            rows.append(run | race(memorized, generalized, fresh_accuracy=accuracy))
    made = pd.DataFrame(rows)
    assert shares_of_regimes(made).loc[(300, 800), "half"] == 9 / 20
    assert s16_by_runs(made) == {"regimes_by_runs": 3}
    made.loc[(made["width"] == 300) & (made["seed"] == 9), "fresh_accuracy"] = 0.8
    assert s16_by_runs(made) == {"regimes_by_runs": 4}
    other = made.assign(start="sparse", fresh_accuracy=0.8)
    assert s16_by_runs(pd.concat([made[made["width"] == 10], other])) == {"regimes_by_runs": 1}
    memoryless = made.assign(memorization_epoch=np.nan, generalization_epoch=np.nan)
    assert s16_by_runs(memoryless.assign(fresh_accuracy=0.8)) == {"regimes_by_runs": 0}
