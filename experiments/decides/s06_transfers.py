"""S6: features of a narrow network, and networks without biases."""

import numpy as np
import pandas as pd

from experiments.decides.event_times import median_of, timed
from experiments.measured import Measured, Reading, divided

LIMIT = 48_000  # of steps of a narrow network, see `experiments.tables.transfers.NARROW`
ENOUGH = 20  # runs whose narrow network got to its stop


def s6(transfers: pd.DataFrame, biases: pd.DataFrame) -> dict:
    """Return what decides S6, from the tables of transfers and of networks without biases."""
    rows = timed(transfers)
    of = dict(iter(rows.groupby("source")))
    times = {source: median_of(runs, "generalization_epoch") for source, runs in of.items()}
    weak, usual = of["weak"], median_of(of["none"], "generalization_steps")
    narrow = weak["narrow_steps"] * weak["narrow_width"] / 1000
    paid = weak.assign(
        cost_steps=weak["generalization_steps"] + narrow,
        followed_steps=weak["followed_steps"] + narrow,
    )
    without = biases[(biases["biases"] == 0) & (biases["k_relevant"] == 3)]
    return {
        "delay_left": median_of(weak, "relative_delay"),
        "speed_up_over_untrained": divided(times["untrained"], times["weak"]),
        "speed_up_over_memorized": divided(times["memorized"], times["weak"]),
        "cost_saved": divided(usual, median_of(paid, "cost_steps")),
        "accuracy_without_biases": Measured(without["fresh_accuracy"].max(), len(without)),
        "gap_left": gap_left(transfers),
    }


def reached(transfers: pd.DataFrame) -> pd.DataFrame:
    """Return the rows, with times, of weak networks that reached a test accuracy of 0.7.

    Those that stopped before their last step. What they have on fresh inputs may be less.
    """
    rows = timed(transfers[transfers["source"] == "weak"])
    return rows[rows["narrow_steps"] < LIMIT]


def gap_left(transfers: pd.DataFrame) -> Measured:
    """Return the gap with features of networks that got to their stop, over the usual one.

    Not judged with fewer than 20 of those.
    """
    given, usual = reached(transfers), timed(transfers[transfers["source"] == "none"])
    if len(given) < ENOUGH:
        return Measured(np.nan, len(given), Reading.FEW)
    gap = divided(*(median_of(rows, "delay_epoch") for rows in (given, usual)))
    return Measured(gap, len(given), gap.reading)
