"""S6 on made tables: the features' sources, what they cost, networks without biases."""

import pandas as pd
from made import SEEDS, around, assert_planted, never, race, table

from experiments.decides.s06_transfers import s6
from grokutils.store.table import grid

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
        accuracy_without_biases=0.8,  # the most accurate
    )
