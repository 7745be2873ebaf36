"""S12 and S13: what comes when, of singular values and of synergy, and what foretells."""

import numpy as np
import pandas as pd

from experiments.decides.fits import explained, rank_correlation, ratio
from experiments.decides.times import median

EARLY = 20  # epochs after memorization, as for S10
KINDS_OF_RUN = ["n_train", "label_noise"]


def when_half_done(rows, column) -> float:
    """Return the epoch from which on a column has done half of its change since memorization.

    Of one run's rows; NaN for a run that never memorizes.
    """
    rows = rows.sort_values("epoch")
    memorized = rows["memorization_epoch"].iloc[0]
    late = rows[rows["epoch"] >= memorized]
    if late.empty:
        return np.nan
    first, last = late[column].iloc[0], late[column].iloc[-1]
    return _for_good(late, np.abs(late[column] - last) <= np.abs(first - last) / 2)


def _for_good(rows, holds):
    """Return the epoch from which a condition holds to the end; infinite if it ends unmet."""
    unmet = np.flatnonzero(~holds.to_numpy())
    place = unmet[-1] + 1 if len(unmet) else 0
    return float(rows["epoch"].iloc[place]) if place < len(rows) else np.inf


def onsets(ranks) -> pd.DataFrame:
    """Return for each seed with true labels when rank, norm and accuracies have half changed.

    Accuracies count from when they stay above 0.75, half-way from chance; `top three` is that of
    the network with its three largest singular directions alone. Also the `delay`.
    """
    found = {}
    for seed, rows in ranks[ranks["kind"] == "true"].groupby("seed"):
        rows = rows.sort_values("epoch")
        log_norm = rows.assign(log_norm=np.log(rows["squared_norm"]))
        first = rows.iloc[0]
        found[seed] = {
            "rank": when_half_done(rows, "effective_rank"),
            "norm": when_half_done(log_norm, "log_norm"),
            "overlap": when_half_done(rows, "overlap_of_three"),
            "top three": _for_good(rows, rows["accuracy_of_3"] > 0.75),
            "accuracy": _for_good(rows, rows["accuracy"] > 0.75),
            "delay": first["generalization_epoch"] - first["memorization_epoch"],
        }
    return pd.DataFrame(found).T.rename_axis("seed")


def s12(ranks) -> dict:
    """Return what decides S12, from the table of ranks."""
    when, end = onsets(ranks), ranks[ranks["epoch"] == ranks["epoch"].max()]
    last = end.groupby("kind").median(numeric_only=True)
    true = ranks[(ranks["kind"] == "true") & (ranks["epoch"] >= ranks["memorization_epoch"])]
    runs = true.sort_values("epoch").groupby("seed")["effective_rank"]
    distance = (when["rank"] - when["accuracy"]).abs() / when["delay"]
    rank = last["effective_rank"]
    return {
        "rank_left": (runs.last() / runs.first()).median(),
        "distance_over_delay": median(distance.fillna(np.inf)),
        "energy_of_three": last.loc["true", "energy_of_three"],
        "overlap_of_three": last.loc["true", "overlap_of_three"],
        "random_labels_over_true": ratio(rank["random labels"], rank["true"]),
        "without_decay_over_with": ratio(rank["without decay"], rank["true"]),
        "accuracy_of_upper_half": last.loc["true", "accuracy_of_upper_half"],
        "accuracy_of_lower_half": last.loc["true", "accuracy_of_lower_half"],
    }


def foretellers(synergy) -> pd.DataFrame:
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


def explained_by(runs, columns) -> float:
    """Return R² of the generalization epoch on early columns; every other run is held out."""
    runs = runs.dropna(subset=["memorization_epoch", "generalization_epoch"])
    fitted = np.arange(len(runs)) % 2 == 0
    target = runs["generalization_epoch"].to_numpy()
    return explained(runs[columns].to_numpy(), target, fitted)


def told_apart(runs, column) -> float:
    """Return the share of pairs, of a run that generalizes and one that does not, told apart.

    By the larger value of a column; equal values count a half. NaN if there are no pairs.
    """
    known = runs.dropna(subset=[column])
    did = known["generalization_epoch"].notna()
    one, other = known[did][column].to_numpy(), known[~did][column].to_numpy()
    if not len(one) or not len(other):
        return np.nan
    difference = one[:, None] - other
    return float((difference > 0).mean() + (difference == 0).mean() / 2)


def s13(synergy) -> dict:
    """Return what decides S13, from the table of synergy."""
    runs = foretellers(synergy)
    true, near = runs.loc[1000, 0.0], runs.loc[600, 0.0]
    generalized = true.dropna(subset=["generalization_epoch"])
    by_synergy, by_norm = (explained_by(true, [c]) for c in ("synergy", "norm_ratio"))
    peak = true["peak"].median()
    return {
        "share_peak_before": (
            generalized["peak_epoch"] <= generalized["generalization_epoch"]
        ).mean(),
        "peak_over_random_labels": ratio(peak, runs.loc[1000, 0.5]["peak"].median()),
        "peak_over_few_examples": ratio(peak, runs.loc[300, 0.0]["peak"].median()),
        "explained_by_early_synergy": by_synergy,
        "explained_beyond_norm": by_synergy - by_norm,
        "told_apart": told_apart(near, "synergy"),
        "agreement_of_five_groups": rank_correlation(true["synergy"], true["synergy_of_five"]),
    }
