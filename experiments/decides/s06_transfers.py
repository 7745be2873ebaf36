"""S6: features of a narrow network, and networks without biases."""

import pandas as pd

from experiments.decides.event_times import median, medians, timed
from experiments.decides.fits import ratio


def s6(transfers: pd.DataFrame, biases: pd.DataFrame) -> dict:
    """Return what decides S6, from the tables of transfers and of networks without biases."""
    rows = timed(transfers)
    times = medians(rows, "source", "generalization_epoch")
    weak = rows[rows["source"] == "weak"]
    cost = weak["generalization_steps"] + weak["narrow_steps"] * weak["narrow_width"] / 1000
    usual = rows[rows["source"] == "none"]["generalization_steps"]
    without = biases[(biases["biases"] == 0) & (biases["k_relevant"] == 3)]
    return {
        "delay_left": median(weak["relative_delay"]),
        "speed_up_over_untrained": ratio(times["untrained"], times["weak"]),
        "speed_up_over_memorized": ratio(times["memorized"], times["weak"]),
        "cost_saved": ratio(median(usual), median(cost)),
        "accuracy_without_biases": without["fresh_accuracy"].max(),
    }
