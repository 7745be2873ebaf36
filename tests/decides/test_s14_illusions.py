"""S14 on a made table: gaps by event and kind of inputs, and of a random set."""

import pytest
from made import SEEDS, around, assert_planted, table

from experiments.decides.s14_illusions import s14
from grokutils.store.table import grid

# One less the agreement of the sparse and of a random set, by event and kind of inputs.
GAPS = {
    ("end", "biased 0.7"): (0.03, 0.1),
    ("end", "biased 0.9"): (0.08, 0.4),
    ("end", "all +1"): (0.05, 0.2),
    ("end", "fresh"): (0.01, 0.5),
    ("end", "train"): (0.0, 0.5),
    ("end", "chosen"): (0.25, 0.5),
    ("generalization", "biased 0.7"): (0.06, 0.5),
    ("generalization", "biased 0.9"): (0.04, 0.5),
    ("generalization", "all +1"): (0.1, 0.5),
    ("generalization", "fresh"): (0.02, 0.5),
    ("generalization", "train"): (0.0, 0.5),
    ("generalization", "chosen"): (0.35, 0.5),
}


def illusions():
    calls = [{"at": at, "inputs": inputs, **s} for at, inputs in GAPS for s in grid(**SEEDS)]

    def row(at, inputs, seed):
        sparse, random = (around(gap, seed, late=1.7) for gap in GAPS[at, inputs])
        return {"agrees_sparse": 1 - sparse, "agrees_random": 1 - random}

    return table(calls, row)


def test_each_gap_is_of_its_event_and_the_largest_of_the_shifted_inputs():
    assert_planted(
        "S14",
        s14(illusions()),
        gap_on_shifted=0.08,
        gap_on_shifted_at_generalization=0.1,
        gap_on_chosen=0.25,
        shifted_beyond_fresh=0.08,
        random_over_sparse=5.0,
    )


def test_the_largest_gap_is_taken_in_each_run_before_the_median():
    rows = illusions()
    rows["agrees_sparse"] = 1.0
    for place, kind in enumerate(
        ["biased 0.7", "biased 0.9", "all +1"]
    ):  # each misleads a fifth of the runs
        rows.loc[(rows["inputs"] == kind) & (rows["seed"] % 5 == place), "agrees_sparse"] = 0.8
    assert s14(rows)["gap_on_shifted"] == pytest.approx(0.2)
