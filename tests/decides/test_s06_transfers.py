"""S6 on made tables: the features' sources, what they cost, networks without biases."""

import numpy as np
import pandas as pd
from made import SEEDS, around, assert_planted, assert_read, at_least, at_most, never, race, table

from experiments.decides.s06_transfers import ENOUGH, LIMIT, gap_left, reached, s6
from experiments.measured import Measured, Reading
from experiments.sweeps.table import grid
from experiments.tables.transfers import NARROW

TIMES = {"none": 140.0, "untrained": 150.0, "memorized": 100.0, "weak": 25.0, "oracle": 10.0}


def transfers():
    def row(source, seed):
        narrow = {"narrow_steps": around(10_000.0, seed), "narrow_width": 20}
        memorized = 0.5 * around(25.0, seed)
        if source == "weak":  # a delay of 0.6, but of 1.5 over the medians
            memorized = never(25.0, seed) / (1 + around(0.6, seed, late=1.0))
        return race(memorized, never(TIMES[source], seed), **narrow)

    return table(grid(source=list(TIMES), **SEEDS), row)


BIASES = pd.DataFrame(
    {
        "biases": [0, 0, 0, 1],
        "k_relevant": [3, 3, 2, 3],
        "fresh_accuracy": [0.55, 0.8, 1.0, 0.99],
    }
)


def test_the_weak_network_is_beside_all_others_and_pays_for_its_steps():
    assert_planted(
        "S6",
        s6(transfers(), BIASES),
        delay_left=0.6,
        speed_up_over_untrained=150 / 25,
        speed_up_over_memorized=100 / 25,
        cost_saved=140 * 32 / (25 * 32 + 10_000 * 20 / 1000),
        accuracy_without_biases=Measured(0.8, 2),  # the most accurate
        gap_left=Measured(np.nan, 11, Reading.FEW),  # as the nine others never got to their stop
    )


def test_what_never_generalizes_is_compared_by_how_long_it_was_followed():
    rows = transfers().assign(last_epoch=500.0)
    for source in ("untrained", "memorized", "none"):
        rows.loc[rows["source"] == source, "generalization_epoch"] = np.nan
    found = s6(rows, BIASES)
    assert_read(found["speed_up_over_untrained"], at_least(500 / 25, 20))
    assert_read(found["speed_up_over_memorized"], at_least(500 / 25, 20))
    assert_read(found["cost_saved"], at_least(500 * 32 / (25 * 32 + 10_000 * 20 / 1000)))
    weak = transfers().assign(last_epoch=500.0, narrow_steps=10_000)
    weak.loc[weak["source"] == "weak", "generalization_epoch"] = np.nan
    # Its own steps until the end, and a fifth of the narrow network's with it.
    assert_read(s6(weak, BIASES)["cost_saved"], at_most(140 * 32 / (500 * 32 + 200)))


def some_reach(number, gap=12.0):
    """So many of 40 narrow networks get to their stop; one of the others is a step short of it."""

    def row(source, seed):
        if source != "weak":
            return race(30.0, 30 + never(100.0, seed), narrow_steps=0, narrow_accuracy=0.5)
        gets = seed - 1000 < number
        late = np.nan if seed % 5 == 0 else 10 + (gap if gets else 90.0)  # some never generalize
        steps = {"narrow_steps": LIMIT - 32 if gets else LIMIT}
        return race(10.0, late, **steps, narrow_accuracy=0.5 if gets else 0.99)

    calls = grid(source=["none", "weak", "memorized"], seed=range(1000, 1020))
    return table(calls + grid(source="weak", seed=range(1020, 1040)), row)


def test_the_gap_left_is_of_those_that_reached_their_accuracy_and_of_enough_of_them():
    assert NARROW.epochs * -(-NARROW.task.n_train // NARROW.batch_size) == LIMIT
    assert len(reached(some_reach(25))) == 25
    for number in (25, ENOUGH):
        assert_read(gap_left(some_reach(number)), Measured(12 / 100, number))
    assert_read(gap_left(some_reach(ENOUGH - 1)), Measured(np.nan, 19, Reading.FEW))
    assert ENOUGH == 20


def test_a_gap_is_censored_as_its_delays_are():
    rows = some_reach(25).assign(last_epoch=530.0)
    rows.loc[rows["source"] == "none", "generalization_epoch"] = np.nan
    assert_read(gap_left(rows), at_most(12 / 500, 25))
