"""S12: when the effective rank of the weights falls, and beside which controls."""

import numpy as np
import pandas as pd

from experiments.decides.event_times import median
from experiments.decides.fits import ratio


def s12(ranks: pd.DataFrame) -> dict:
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


def onsets(ranks: pd.DataFrame) -> pd.DataFrame:
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


def when_half_done(rows: pd.DataFrame, column: str) -> float:
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
