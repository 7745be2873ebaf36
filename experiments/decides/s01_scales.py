"""S1: larger initial weights, and when the network generalizes."""

import numpy as np
import pandas as pd

from experiments.decides.event_times import median, medians, timed
from experiments.decides.fits import line


def s1(scales: pd.DataFrame) -> dict:
    """Return what decides S1, from the table of initial scales."""
    rows = timed(scales[scales["loss"] == "hinge"])
    usual, small = rows[np.isclose(rows["lr"], 0.1)], rows[np.isclose(rows["lr"], 0.025)]
    offs = [_slope_off(usual[usual["weight_decay"] == decay]) for decay in (0.003, 0.01)]
    large = _largest_scale(usual[usual["weight_decay"] == 0.01])
    rise = (large["generalization_epoch"] - large["rise_epoch"]) / large["rise_epoch"]
    return {
        "slope_off": max(offs) if not np.isnan(offs).any() else np.nan,
        "slope_off_small_steps": _slope_off(small[small["weight_decay"] == 0.01]),
        "direction_kept": large["direction_kept"].median(),
        "rise_over_wait": median(rise.dropna()) if rise.notna().any() else np.nan,
    }


def slope_on_log_scale(rows: pd.DataFrame) -> float:
    """Return the slope of the median generalization time in ticks on ln α, over α of at least 1."""
    times = medians(rows[rows["initial_scale"] >= 1], "initial_scale", "generalization_ticks")
    return line(np.log(times.index), times)[0]


def _slope_off(rows):
    return abs(slope_on_log_scale(rows) - 1)


def _largest_scale(rows):
    """Return the rows of the largest scale at which most runs memorize."""
    times = medians(rows, "initial_scale", "memorization_epoch")
    return rows[rows["initial_scale"] == times.index[np.isfinite(times)].max()]
