"""S12: when the effective rank of the weights falls, and beside which controls."""

import numpy as np
import pandas as pd

from experiments.decides.event_times import median
from experiments.decides.fits import ratio
from experiments.measured import Measured, Reading, not_run

STILL = 0.02  # by which the median rank may change in a tenth of a run that has settled


def s12(ranks: pd.DataFrame, settled: pd.DataFrame) -> dict:
    """Return what decides S12, from the tables of ranks and of runs until the rank is still."""
    end = ranks[ranks["epoch"] == ranks["epoch"].max()]
    last = end.groupby("kind").median(numeric_only=True)
    true = ranks[(ranks["kind"] == "true") & (ranks["epoch"] >= ranks["memorization_epoch"])]
    runs = true.sort_values("epoch").groupby("seed")["effective_rank"]
    rank = last["effective_rank"]
    return {
        "rank_left": (runs.last() / runs.first()).median(),
        "energy_of_three": last.loc["true", "energy_of_three"],
        "overlap_of_three": last.loc["true", "overlap_of_three"],
        "random_labels_over_true": ratio(rank["random labels"], rank["true"]),
        "without_decay_over_with": ratio(rank["without decay"], rank["true"]),
        "accuracy_of_upper_half": last.loc["true", "accuracy_of_upper_half"],
        "accuracy_of_lower_half": last.loc["true", "accuracy_of_lower_half"],
    } | s12_settled(settled)


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
    return when_done(rows, column, 1 / 2)


def when_done(rows: pd.DataFrame, column: str, share: float) -> float:
    """Return the epoch from which on a column has done a share of its change since memorization.

    As `when_half_done`.
    """
    rows = rows.sort_values("epoch")
    memorized = rows["memorization_epoch"].iloc[0]
    late = rows[rows["epoch"] >= memorized]
    if late.empty:
        return np.nan
    first, last = late[column].iloc[0], late[column].iloc[-1]
    return _for_good(late, np.abs(late[column] - last) <= np.abs(first - last) * (1 - share))


def s12_settled(settled: pd.DataFrame) -> dict:
    """Return when the rank falls, from the table of runs followed until it is still.

    Not judged where the median rank does not settle; see `settles`.
    """
    if settled.empty:
        return not_run("distance_over_delay", "onset_over_delay")
    end = settles(settled)
    if np.isinf(end):
        moving = Measured(np.nan, reading=Reading.UNSETTLED)
        return dict.fromkeys(("distance_over_delay", "onset_over_delay"), moving)
    until = settled[settled["epoch"] <= end]
    return {
        "distance_over_delay": distance(until, 1 / 2),
        "onset_over_delay": distance(until, 1 / 10),
    }


def settles(settled: pd.DataFrame) -> float:
    """Return the first epoch from which the median rank stays within 2 % over the next tenth.

    Of the whole run; the median is over seeds. Infinite for "not settled": no such epoch comes
    before the last tenth.
    """
    rank = settled.groupby("epoch")["effective_rank"].median()
    tenth = rank.index.max() / 10
    for epoch in rank.index[rank.index <= rank.index.max() - tenth]:
        next_ones = rank.loc[epoch : epoch + tenth]
        if (np.abs(next_ones - rank[epoch]) < STILL * rank[epoch]).all():
            return float(epoch)
    return np.inf


def distance(ranks: pd.DataFrame, share: float) -> float:
    """Return the median over seeds of how far a share of the fall is from the rise, over the delay.

    The rise is the epoch from which accuracy stays above 0.75. A run that never memorizes or
    generalizes counts as infinitely far.
    """
    found = []
    for _, rows in ranks.groupby("seed"):
        rows = rows.sort_values("epoch")
        first = rows.iloc[0]
        delay = first["generalization_epoch"] - first["memorization_epoch"]
        fall, rise = (
            when_done(rows, "effective_rank", share),
            _for_good(rows, rows["accuracy"] > 0.75),
        )
        found.append(ratio(abs(fall - rise), delay))
    return median(pd.Series(found).fillna(np.inf))


def _for_good(rows, holds):
    """Return the epoch from which a condition holds to the end; infinite if it ends unmet."""
    unmet = np.flatnonzero(~holds.to_numpy())
    place = unmet[-1] + 1 if len(unmet) else 0
    return float(rows["epoch"].iloc[place]) if place < len(rows) else np.inf
