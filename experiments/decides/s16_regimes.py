"""S16: the map over width and number of examples."""

import numpy as np
import pandas as pd

from experiments.decides.event_times import median, timed
from experiments.decides.fits import deepest_valley, half_point, rank_correlation, ratio_of_halves
from experiments.decides.success import half_size


def regime(rows: pd.DataFrame) -> str:
    """Name the regime of a field of the map over width and examples, from its runs with times."""
    delay = median(rows["relative_delay"])
    if np.isinf(median(rows["memorization_epoch"])):
        return "neither"
    if np.isfinite(delay):
        return "grokked" if delay >= 1 else "together"
    accuracy = rows["fresh_accuracy"].median()
    return "memorized" if accuracy < 0.65 else "half" if accuracy < 0.95 else "neither"


def s16(widths: pd.DataFrame, capacities: pd.DataFrame) -> dict:
    """Return what decides S16, from the tables of widths and capacities."""
    rows = timed(widths[widths["start"] == "dense"])
    halves = rows.groupby("width").apply(half_size, include_groups=False)
    random = capacities[capacities["label_noise"] == 0.5]
    fits = random["memorization_epoch"].notna().groupby([random["width"], random["n_train"]]).mean()
    capacity = {
        width: half_point(f.unstack().columns, f, falling=True)
        for width, f in fits.groupby("width")
    }
    fields = rows.groupby(["width", "n_train"]).apply(regime, include_groups=False)
    accuracy = rows.groupby(["n_train", "width"])["fresh_accuracy"].median().unstack("width")
    any_width = rows.groupby(["n_train", "width"])["generalized"].mean().unstack("width")
    fewest = any_width.index[(any_width >= 0.5).any(axis=1)].min()
    return {
        "critical_size_by_width": rank_correlation(halves.index, halves),
        "capacity_growth": ratio_of_halves(capacity[1000], capacity[30]),
        "regimes_seen": len(set(fields) - {"neither"}),
        "dip_with_few_examples": deepest_valley(accuracy.loc[fewest].dropna()),
        "dip_with_many_examples": deepest_valley(accuracy.iloc[-1].dropna()),
    }
