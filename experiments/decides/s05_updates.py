"""S5: changed gradients, each beside the twin that has nothing but its step."""

import pandas as pd

from experiments.decides.event_times import medians, timed
from experiments.decides.fits import ratio


def s5(updates: pd.DataFrame) -> dict:
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
