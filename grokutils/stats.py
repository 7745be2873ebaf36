"""Events in a history: when a network memorizes, and when it generalizes."""

import numpy as np
import xarray as xr
from scipy import stats

from grokutils.streams import generator

THRESHOLD = 0.98  # the paper's for memorization (section 3.2)


def first_epoch(condition):
    """Return the first epoch at which a boolean array with the dimension `epoch` holds.

    NaN where it never does: such a run is censored, not missing.
    """
    first = condition["epoch"].isel(epoch=condition.argmax("epoch")).drop_vars("epoch")
    return first.where(condition.any("epoch"))


def lasting_epoch(condition):
    """Return the first epoch from which a condition holds until the end; NaN if it ends unmet."""
    last_unmet = condition["epoch"].where(~condition).max("epoch")  # NaN if it always holds
    return first_epoch(condition & ((condition["epoch"] > last_unmet) | last_unmet.isnull()))


def events(history, threshold=THRESHOLD):
    """Return the epochs of memorization and of generalization, and the delay between them.

    Parameters
    ----------
    history : xarray.Dataset
        From `grokutils.seeds.train`, measured at every epoch.
    threshold : float
        Accuracy to exceed. The paper sets it for memorization only; we take the same for
        generalization.

    Returns
    -------
    xarray.Dataset
        `memorization_epoch`, `generalization_epoch`, `grokking_delay`, in epochs; NaN for an
        event that does not happen.
    """
    above = first_epoch(history["accuracy"] > threshold)
    memorization = above.sel(split="train", drop=True)
    generalization = above.sel(split="test", drop=True)
    return xr.Dataset(
        {
            "memorization_epoch": memorization,
            "generalization_epoch": generalization,
            "grokking_delay": generalization - memorization,
        }
    )


def survival(durations, followed):
    """Estimate the share of runs in which an event has not happened yet (Kaplan and Meier).

    A run without the event counts as long as it was followed: it is censored, not dropped.

    Parameters
    ----------
    durations : array (run,)
        Time to the event; NaN where it did not happen.
    followed : array (run,)
        How long each run was followed.

    Returns
    -------
    scipy.stats.ecdf result's survival function
        With `quantiles` (times), `probabilities` (shares left) and `confidence_interval()`.
    """
    durations, followed = (np.asarray(v, dtype=float) for v in (durations, followed))
    happened = ~np.isnan(durations)
    return stats.ecdf(stats.CensoredData(durations[happened], right=followed[~happened])).sf


def median_survival(durations, followed):
    """Return the first time by which half of the runs have had the event; infinity if never."""
    left = survival(durations, followed)
    half = left.probabilities <= 0.5
    return float(left.quantiles[half.argmax()]) if half.any() else np.inf


def bootstrap_interval(values, statistic=np.median, *, n_draws=10_000, level=0.95):
    """Return the ends of a percentile bootstrap interval over seeds.

    Parameters
    ----------
    values : array (seed,)
        Infinite values are allowed, for events that did not happen.
    statistic : callable
        From an array and ``axis=1`` to one number a row.
    n_draws : int
        Number of resampled data sets, drawn from a stream of their own.
    level : float
        Share of the resampled statistics between the two ends.
    """
    values = np.asarray(values, dtype=float)
    draws = generator("bootstrap").choice(values, (n_draws, len(values)))
    return np.quantile(
        statistic(draws, axis=1), [(1 - level) / 2, (1 + level) / 2], method="nearest"
    )
