"""S11 on a made table: the best share's ticket beside its controls, and without decay."""

import numpy as np
from made import SEEDS, assert_planted, never, of_the_first, race, table

from experiments.decides.s11_tickets import best_share, s11, times_under
from experiments.measured import Reading

# Medians of the generalization epoch by mask, event, weight decay and share; 0.1 is the best.
TIMES = {
    ("ticket", "end", 0.01): {0.4: 30.0, 0.1: 20.0, 0.02: 60.0},
    ("ticket", "memorization", 0.01): {0.4: 70.0, 0.1: 90.0, 0.02: 15.0},
    ("ticket", "end", 0.0): {0.4: 1.0, 0.1: 50.0, 0.02: 1.0},
    ("dense", "end", 0.01): {0.1: 150.0},
    ("dense", "end", 0.0): {0.1: 15.0},
    ("same norm", "end", 0.01): {0.4: 1.0, 0.1: 110.0, 0.02: 1.0},
    ("shuffled", "end", 0.01): {0.4: 1.0, 0.1: 120.0, 0.02: 1.0},
    ("random", "end", 0.01): {0.4: 1.0, 0.1: 60.0, 0.02: 1.0},
    ("columns", "end", 0.01): {0.4: 1.0, 0.1: 26.0, 0.02: 1.0},
    ("fresh", "end", 0.01): {0.4: 1.0, 0.1: 36.0, 0.02: 1.0},
}


def tickets():
    calls = [
        {"mask": mask, "at": at, "weight_decay": decay, "share": share, "seed": seed}
        for (mask, at, decay), of_share in TIMES.items()
        for share in of_share
        for seed in SEEDS["seed"]
    ]

    def row(mask, at, weight_decay, share, seed):
        if (mask, weight_decay) == ("ticket", 0.0):
            return race(10.0, of_the_first({0.1: 13}.get(share, 20), seed, 15.0))
        time = never(TIMES[mask, at, weight_decay][share], seed)
        # The delay is not that of the medians: its own median is 12 and 96.
        wait = {"ticket": 12.0, "dense": 96.0}.get(mask, 0.0)
        if at == "memorization" or share != 0.1:
            wait = 1.0
        return race(time - never(wait, seed), time)

    return table(calls, row)


def test_each_control_is_of_the_share_whose_ticket_is_first():
    assert best_share(tickets()) == 0.1
    assert times_under(tickets())["columns", "end", 0.01, 0.1] == 26
    assert_planted(
        "S11",
        s11(tickets()),
        delay_left=12 / 96,
        over_memorization=90 / 20,
        over_same_norm=110 / 20,
        over_shuffled=120 / 20,
        over_random=60 / 20,
        over_columns=26 / 20,
        over_fresh=36 / 20,
        share_generalized_without_decay=13 / 20,
    )


def test_a_control_that_never_generalizes_is_at_least_as_late_as_it_was_followed():
    rows = tickets().assign(last_epoch=150.0)
    rows.loc[rows["mask"] == "shuffled", "generalization_epoch"] = np.nan
    found = s11(rows)["over_shuffled"]
    assert (found, found.reading, found.runs) == (150 / 20, Reading.AT_LEAST, 20)


def test_the_share_is_chosen_on_other_runs():
    others = tickets()
    first = (others["mask"] == "ticket") & (others["share"] == 0.4) & (others["weight_decay"] > 0)
    others.loc[first, "generalization_epoch"] = 5.0
    assert s11(tickets(), chosen_on=(others,))["share_generalized_without_decay"] == 1
