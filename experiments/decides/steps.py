"""S4, S5 and S6: hidden bits, other updates, features from elsewhere."""

import numpy as np

from experiments.decides.fits import left_out_error, line, rank_correlation, ratio
from experiments.decides.times import log, median, medians, timed


def s4(concealment) -> dict:
    """Return what decides S4, from the table of hidden bits."""
    rows = timed(concealment)
    fixed = rows[rows["n_train"] == 1000]
    equal_share = rows[rows["n_train"] == 25 * rows["n_bits"]]
    delays = medians(fixed, "n_bits", "delay_ticks")
    n, log_delay = delays.index.to_numpy(), log(delays)
    exponential, power = left_out_error(n, log_delay), left_out_error(np.log(n), log_delay)
    thinned = medians(equal_share, "n_bits", "delay_ticks")
    soft = _with_sharpness(fixed)
    gap, sharpness, relative = (
        medians(soft, "n_bits", c) for c in ("relative_delay", "sharpness", "relative_sharpness")
    )
    return {
        "growth": ratio(delays[50], delays[20]),
        "exponential_over_power": ratio(exponential, power),
        "exponential_error": exponential,
        "growth_at_equal_share": ratio(line(thinned.index, log(thinned))[0], line(n, log_delay)[0]),
        "softer_with_gap": rank_correlation(gap, sharpness),
        "softer_with_gap_relative": rank_correlation(gap, relative),
    }


def _with_sharpness(rows):
    """Return the rows with the sharpness of the rise of test accuracy, also over that of train's.

    One over the epochs from accuracy 0.65 to 0.98, of at least one; 0 for a rise that never ends.
    """
    rise = {
        event: (rows[f"{event}_epoch"] - rows[column]).fillna(np.inf).clip(lower=1)
        for event, column in (
            ("generalization", "rise_epoch"),
            ("memorization", "train_rise_epoch"),
        )
    }
    sharpness = 1 / rise["generalization"]
    return rows.assign(sharpness=sharpness, relative_sharpness=sharpness * rise["memorization"])


def s5(updates) -> dict:
    """Return what decides S5, from the table of updates."""
    rows = timed(updates)
    usual = rows[(rows["loss"] == "hinge") & (rows["weight_decay"] > 0)]
    times = medians(usual, "update", "generalization_epoch")
    free = rows[rows["weight_decay"] == 0]
    perpendicular = free[free["update"].str.startswith("perpendicular")]
    shares = perpendicular.groupby(["loss", "update"])["generalized"].mean().groupby("loss").max()
    return {
        "slow_over_plain": ratio(times["plain"], times["slow"]),
        "slow_over_twin": ratio(min(times["longer"], times["momentum"]), times["slow"]),
        "share_generalized_perpendicular": shares["hinge"],
        "share_generalized_perpendicular_logistic": shares["logistic"],
        "equal_over_plain": ratio(times["plain, small"], times["equal"]),
        "equal_over_twin": ratio(times["as long as equal"], times["equal"]),
    }


def s6(transfers, biases) -> dict:
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
