"""S16: the map over width and number of examples."""

import numpy as np
import pandas as pd

from experiments.decides.event_times import median, timed
from experiments.decides.fits import deepest_valley, half_point, rank_correlation, to_twelve_digits
from experiments.decides.success import beyond_ends, half_size
from experiments.measured import divided

FOUR = ("together", "memorized", "half", "grokked")


def regime(rows: pd.DataFrame) -> str:
    """Name the regime of a field of the map over width and examples, from its runs with times."""
    delay = median(rows["relative_delay"])
    if np.isinf(median(rows["memorization_epoch"])):
        return "neither"
    if np.isfinite(delay):
        return "grokked" if delay >= 1 else "together"
    accuracy = rows["fresh_accuracy"].median()
    return "memorized" if accuracy < 0.65 else "half" if accuracy < 0.95 else "neither"


def regimes_of_runs(rows: pd.DataFrame) -> pd.Series:
    """Name the regime of each run, from runs with times.

    "together" generalizes and memorizes no earlier; "grokked" does so after a delay at least as
    long as it took to memorize. One that never generalizes has "memorized", or is "half" if it
    ends between 0.65 and 0.95 on fresh inputs; if it does that without memorizing, it is apart, as
    the whole field is in `regime`. All others are "neither".
    """
    memorized, generalized = rows["memorization_epoch"], rows["generalization_epoch"]
    grokked = rows["generalized"] & (rows["relative_delay"] >= 1)
    fits, accuracy = np.isfinite(memorized), rows["fresh_accuracy"]
    half = ~rows["generalized"] & (accuracy >= 0.65) & (accuracy < 0.95)
    cases = {
        "together": rows["generalized"] & (memorized >= generalized),
        "grokked": grokked,
        "half": half & fits,
        "half without memorizing": half & ~fits,
        "memorized": ~rows["generalized"] & fits & (accuracy < 0.65),
    }
    return pd.Series(np.select(list(cases.values()), list(cases), "neither"), rows.index)


def shares_of_regimes(widths: pd.DataFrame) -> pd.DataFrame:
    """Return by width and examples (rows) the share of runs in each regime (columns)."""
    rows = timed(widths[widths["start"] == "dense"])
    fields = regimes_of_runs(rows).groupby([rows["width"], rows["n_train"]])
    return fields.value_counts(normalize=True).unstack(fill_value=0.0)


def s16_by_runs(widths: pd.DataFrame) -> dict:
    """Return what else decides S16: how many regimes hold at least half of the runs of a field."""
    shares = shares_of_regimes(widths).reindex(columns=list(FOUR), fill_value=0.0)
    return {"regimes_by_runs": int((shares >= 0.5).any().sum())}


def s16(widths: pd.DataFrame, capacities: pd.DataFrame) -> dict:
    """Return what decides S16, from the tables of widths and capacities."""
    rows = timed(widths[widths["start"] == "dense"])
    halves = rows.groupby("width").apply(half_size, include_groups=False)
    random = capacities[capacities["label_noise"] == 0.5]
    fits = random["memorization_epoch"].notna().groupby([random["width"], random["n_train"]]).mean()
    narrow, wide = (
        beyond_ends(half_point(fits[w].index, fits[w], falling=True), fits[w].index)
        for w in (30, 1000)
    )
    fields = rows.groupby(["width", "n_train"]).apply(regime, include_groups=False)
    accuracy = rows.groupby(["n_train", "width"])["fresh_accuracy"].median().unstack("width")
    any_width = rows.groupby(["n_train", "width"])["generalized"].mean().unstack("width")
    fewest = any_width.index[(any_width >= 0.5).any(axis=1)].min()
    return {
        "critical_size_by_width": rank_correlation(halves.index, halves),
        "capacity_growth": to_twelve_digits(divided(wide, narrow)),
        "regimes_seen": len(set(fields) - {"neither"}),
        "dip_with_few_examples": deepest_valley(accuracy.loc[fewest].dropna()),
        "dip_with_many_examples": deepest_valley(accuracy.iloc[-1].dropna()),
    } | s16_by_runs(widths)
