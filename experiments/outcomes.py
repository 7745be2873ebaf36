"""What many runs came to: rows of a table in, medians and verdicts in words out.

A row is one race or picture, as in `data/`: `memorization_epoch` and `generalization_epoch`, NaN
where it did not come by `last_epoch`. Such a run is never dropped: it counts as
`grokutils.stats.Outcome` says.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd
import xarray as xr

from grokutils.stats import THRESHOLD, censored_median, delay, events

COUNTS = ("seeds", "memorized", "generalized")


def select(table: pd.DataFrame, setting: dict, free: Iterable[str] = ()) -> pd.DataFrame:
    """Return the rows of a table that have the values of a setting, `free` columns any."""
    fits = [table[name] == value for name, value in setting.items() if name not in free]
    return table[np.logical_and.reduce(fits)]


def rows_of(history: xr.Dataset) -> pd.DataFrame:
    """Return the events of a history as rows, one for each seed."""
    return events(history).to_dataframe().assign(last_epoch=int(history["epoch"][-1]))


def summarize_by(table: pd.DataFrame, columns: str | list[str]) -> pd.DataFrame:
    """Return what `summarize` says of each group of rows, in a table with the groups as index."""
    found = table.groupby(columns).apply(summarize, include_groups=False)
    return found.astype(dict.fromkeys(COUNTS, int))


def summarize(rows: pd.DataFrame) -> pd.Series:
    """Return counts and censored medians of one group of runs.

    Returns
    -------
    pandas.Series
        `seeds`, how many of them `memorized` and `generalized`, and the medians
        `memorization epoch`, `generalization epoch` and `delay`; infinite where half of the runs
        or more never get there.
    """
    return pd.Series(
        {
            "seeds": len(rows),
            "memorized": rows["memorization_epoch"].notna().sum(),
            "memorization epoch": median_epoch(rows, "memorization_epoch"),
            "generalized": rows["generalization_epoch"].notna().sum(),
            "generalization epoch": median_epoch(rows, "generalization_epoch"),
            "delay": censored_median(*waits(rows)),
        }
    )


def median_epoch(rows: pd.DataFrame, event: str = "generalization_epoch") -> float:
    """Return the censored median of the epoch of an event."""
    return censored_median(rows[event], rows["last_epoch"])


def waits(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the delays of runs, NaN where none ended, and how long each was waited for.

    A run that did neither waits for ever; one that generalized without memorizing waits for less
    than any other.
    """
    memorized, generalized = rows["memorization_epoch"], rows["generalization_epoch"]
    waited = pd.Series(delay(memorized, generalized), rows.index).where(generalized.notna())
    return waited, (rows["last_epoch"] - memorized).fillna(np.inf)


def delay_over_memorization(rows: pd.DataFrame) -> float:
    """Return the censored median of the delay as a multiple of the memorization epoch.

    It is -1 for a run that generalizes without memorizing, the limit of late memorization.
    """
    waited, followed = waits(rows)
    memorized = rows["memorization_epoch"]
    multiple = (waited / memorized).where(waited != -np.inf, -1.0)
    return censored_median(multiple, (followed / memorized).fillna(np.inf))


def regime(summary: pd.Series) -> str:
    """Say in words what a group of runs does, from its `summarize`.

    *Never* if half of its seeds or more do not generalize, *without memorizing* if they do and
    half or more never memorize; *delayed* if the median delay is at least as long as memorization
    took, *no delay* if it is less than half of that.
    """
    memorizes, generalizes = (
        summary[count] > summary["seeds"] / 2 for count in ("memorized", "generalized")
    )
    if not generalizes:
        return "never" if memorizes else "does not even memorize"
    if not memorizes:
        return "without memorizing"
    share = summary["delay"] / summary["memorization epoch"]
    return "delayed" if share >= 1 else "no delay" if share < 0.5 else "in between"


def median_ratio(treated: pd.Series, control: pd.Series) -> float:
    """Return the median over seeds of a time over its control's.

    Parameters
    ----------
    treated, control : pandas.Series
        By seed; NaN for what did not happen, which is later than all. Where neither happened,
        the two are equal.
    """
    treated, control = treated.fillna(np.inf), control.fillna(np.inf)
    neither = np.isinf(treated) & np.isinf(control)
    return float(np.median((treated / control).where(~neither, 1.0)))


def exponent(medians: pd.Series) -> float:
    """Return the slope of the logarithm of medians on that of their index; NaN if one is never."""
    if not np.isfinite(medians).all():
        return np.nan
    return float(np.polyfit(np.log(medians.index), np.log(medians), 1)[0])


def narrowest_reliable(by_width: pd.DataFrame, share: float = 0.9) -> float:
    """Return the least width from which on every width generalizes in `share` of its seeds.

    Parameters
    ----------
    by_width : pandas.DataFrame
        `summarize` of each width, by width.

    Returns
    -------
    float
        NaN, which meets no bound, if even the widest does not.
    """
    fails = by_width.index[by_width["generalized"] / by_width["seeds"] < share]
    reliable = [width for width in by_width.index if not (fails >= width).any()]
    return float(min(reliable, default=np.nan))


def picture(rows: pd.DataFrame) -> dict:
    """Return what decides whether the paper's picture is there in a setting (C13, C14)."""
    fall = rows["effective_sparsity_at_memorization"] / rows["effective_sparsity"]
    return {
        "share_generalized": (rows["test_accuracy"] > THRESHOLD).mean(),
        "delay_over_memorization": delay_over_memorization(rows),
        "fall_factor": fall.median(),
        "final_norm_ratio": (rows["mean_norm_sparse"] / rows["mean_norm_control"]).median(),
        "sparse_faithfulness": rows["faithfulness_sparse"].median(),
        "complement_faithfulness": rows["faithfulness_complement"].median(),
    }
