"""The share of runs that generalize, by number of examples, and where it is a half."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from experiments.decides.event_times import timed
from experiments.decides.fits import half_point
from experiments.measured import Measured, Reading


def share_generalized(rows: pd.DataFrame, by: str | list[str]) -> pd.Series:
    """Return the share of runs that generalize, for each value of a column."""
    return rows.groupby(by)["generalized"].mean()


def half_size(rows: pd.DataFrame) -> float:
    """Return the number of examples at which half of the runs generalize; see `half_point`."""
    shares = share_generalized(rows, "n_train")
    return half_point(shares.index, shares)


def measured_half(rows: pd.DataFrame) -> Measured:
    """Return the same, beyond the sizes that were tried as what is known of it."""
    return beyond_ends(half_size(rows), rows["n_train"])


def beyond_ends(half: float, sizes: Iterable[float]) -> Measured:
    """Return a half point; below all sizes it is at most the least, above at least the most."""
    if half == 0:
        return Measured(float(min(sizes)), reading=Reading.AT_MOST)
    return (
        Measured(float(max(sizes)), reading=Reading.AT_LEAST) if half == np.inf else Measured(half)
    )


def longest(examples: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that were followed for the most steps."""
    return examples[examples["steps"] == examples["steps"].max()]


def shortest(examples: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that were followed for the fewest steps, which are those of all seeds."""
    return examples[examples["steps"] == examples["steps"].min()]


def nearest_half(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows, with times, of the number of examples whose success is nearest a half."""
    rows = timed(rows)
    return rows[rows["n_train"] == (share_generalized(rows, "n_train") - 0.5).abs().idxmin()]


def share_between(rows: pd.DataFrame, low: float = 0.65, high: float = 0.95) -> float:
    """Return the share of runs that end between two accuracies on fresh inputs."""
    return rows["fresh_accuracy"].between(low, high).mean()
