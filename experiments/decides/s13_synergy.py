"""S13: when synergy of neurons peaks, and what it foretells."""

import numpy as np
import pandas as pd

from experiments.decides.fits import explained, rank_correlation, ratio
from experiments.measured import Measured

EARLY = 20  # epochs after memorization, as for S10
KINDS_OF_RUN = ["n_train", "label_noise"]


def foretellers(synergy: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each run: its events, its peak of synergy, and what was known early.

    Early is up to 20 epochs after memorization: the largest synergy of ten and of five groups,
    and the last norm ratio, share of relevant bits and test loss. `peak_epoch` is that of the
    largest synergy after memorization, `peak` its size.
    """
    return synergy.groupby([*KINDS_OF_RUN, "seed"]).apply(_foretold, include_groups=False)


def _foretold(rows):
    rows = rows.sort_values("epoch")
    events = rows.iloc[0][["memorization_epoch", "generalization_epoch"]]
    memorized = events["memorization_epoch"]
    early, late = rows[rows["epoch"] <= memorized + EARLY], rows[rows["epoch"] > memorized]
    found = dict.fromkeys(("synergy", "synergy_of_five", "norm_ratio"), np.nan)
    found |= dict.fromkeys(("relevant_share", "test_loss", "peak_epoch", "peak"), np.nan)
    if len(early):
        found |= {name: early[name].max() for name in ("synergy", "synergy_of_five")}
        at_last = early.iloc[-1]
        found |= {name: at_last[name] for name in ("norm_ratio", "relevant_share", "test_loss")}
    if len(late):
        found["peak"] = late["synergy"].max()
        found["peak_epoch"] = late.loc[late["synergy"].idxmax(), "epoch"]
    return pd.Series(dict(events) | found)


def explained_by(runs: pd.DataFrame, columns: list[str]) -> float:
    """Return R² of the generalization epoch on early columns; every other run is held out."""
    runs = runs.dropna(subset=["memorization_epoch", "generalization_epoch"])
    fitted = np.arange(len(runs)) % 2 == 0
    target = runs["generalization_epoch"].to_numpy()
    return explained(runs[columns].to_numpy(), target, fitted)


def told_apart(runs: pd.DataFrame, column: str) -> Measured:
    """Return the share of pairs, of a run that generalizes and one that does not, told apart.

    By the larger value of a column; equal values count a half. NaN if there are no pairs. Over as
    many runs as the rarer of the two.
    """
    known = runs.dropna(subset=[column])
    did = known["generalization_epoch"].notna()
    one, other = known[did][column].to_numpy(), known[~did][column].to_numpy()
    if not len(one) or not len(other):
        return Measured(np.nan)
    difference = one[:, None] - other
    share = (difference > 0).mean() + (difference == 0).mean() / 2
    return Measured(share, min(len(one), len(other)))


def s13(synergy: pd.DataFrame) -> dict:
    """Return what decides S13, from the table of synergy."""
    runs = foretellers(synergy)
    true, near = runs.loc[1000, 0.0], runs.loc[600, 0.0]
    generalized = true.dropna(subset=["generalization_epoch"])
    by_synergy, by_norm = (explained_by(true, [c]) for c in ("synergy", "norm_ratio"))
    held_out = len(generalized) // 2
    peak = true["peak"].median()
    return {
        "share_peak_before": (
            generalized["peak_epoch"] <= generalized["generalization_epoch"]
        ).mean(),
        "peak_over_random_labels": ratio(peak, runs.loc[1000, 0.5]["peak"].median()),
        "peak_over_few_examples": ratio(peak, runs.loc[300, 0.0]["peak"].median()),
        "explained_by_early_synergy": Measured(by_synergy, held_out),
        "explained_beyond_norm": Measured(by_synergy - by_norm, held_out),
        "told_apart": told_apart(near, "synergy"),
        "agreement_of_five_groups": rank_correlation(true["synergy"], true["synergy_of_five"]),
    }
