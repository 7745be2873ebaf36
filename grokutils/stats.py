"""Events in a history, what a run came to, survival, censored medians, bootstrap.

An event that does not happen within a run is later than all others, at infinity; so the delay,
generalization less memorization, is infinite for a run that never generalizes, and minus infinity
for one that generalizes without ever memorizing: it has nothing to wait for.
"""

from collections.abc import Callable
from enum import Enum
from fractions import Fraction

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from grokutils.streams import generator

THRESHOLD = 0.98  # the paper's for memorization (section 3.2)


class Outcome(Enum):
    """What a run came to, and how it counts in a median."""

    DELAYED = "generalized after memorizing: its delay is known"
    AT_ONCE = "generalized no later than it memorized: its delay is zero or less"
    UNMEMORIZED = "generalized without memorizing: its delay is less than all others"
    MEMORIZED = "memorized only: censored at its last epoch, its delay is longer than all others"
    NEITHER = "neither memorized nor generalized: it never begins to wait, its delay is infinite"
    DIVERGED = "diverged: no event is known, it counts as never; try a smaller learning rate"

    @property
    def generalized(self) -> bool:
        """Whether the run generalized, in whatever order."""
        return self in (Outcome.DELAYED, Outcome.AT_ONCE, Outcome.UNMEMORIZED)


def outcome(
    memorization_epoch: ArrayLike, generalization_epoch: ArrayLike, last_epoch: ArrayLike = 0.0
) -> np.ndarray:
    """Return the `Outcome` of each run, from arrays (run,) in which an event may be missing.

    An event is missing if it is NaN or infinite. `last_epoch`, NaN for a run that diverged, may be
    left out where none can.
    """
    memorized, generalized = (
        np.where(np.isfinite(epoch), epoch, np.nan)
        for epoch in (memorization_epoch, generalization_epoch)
    )
    named = {
        Outcome.DIVERGED: np.isnan(last_epoch),
        Outcome.DELAYED: generalized > memorized,
        Outcome.AT_ONCE: generalized <= memorized,
        Outcome.UNMEMORIZED: ~np.isnan(generalized),
        Outcome.MEMORIZED: ~np.isnan(memorized),
    }
    conditions = np.broadcast_arrays(*named.values())
    return np.select(conditions, [*map(np.asarray, named)], np.asarray(Outcome.NEITHER))


def delay(memorization_epoch: ArrayLike, generalization_epoch: ArrayLike) -> np.ndarray:
    """Return generalization less memorization of each run, where an event may be missing.

    In whatever unit of time: see `Outcome` for what is infinite.
    """
    memorized, generalized = (
        np.where(np.isnan(time), np.inf, time)
        for time in (memorization_epoch, generalization_epoch)
    )
    happened = np.isfinite(generalized)
    return np.where(happened, generalized, np.inf) - np.where(happened, memorized, 0.0)


def first_epoch(condition: xr.DataArray) -> xr.DataArray:
    """Return the first epoch at which a boolean array with the dimension `epoch` holds.

    NaN where it never does: such a run is censored, not missing.
    """
    first = condition["epoch"].isel(epoch=condition.argmax("epoch")).drop_vars("epoch")
    return first.where(condition.any("epoch"))


def lasting_epoch(condition: xr.DataArray) -> xr.DataArray:
    """Return the first epoch from which a condition holds until the end; NaN if it ends unmet."""
    last_unmet = condition["epoch"].where(~condition).max("epoch")  # NaN if it always holds
    return first_epoch(condition & ((condition["epoch"] > last_unmet) | last_unmet.isnull()))


def value_at(curve: xr.DataArray, epoch: xr.DataArray) -> xr.DataArray:
    """Return the value of a curve at an epoch, one for each seed; NaN where the epoch is NaN."""
    known = epoch.notnull()
    values = curve.sel(epoch=epoch.where(known, curve["epoch"][0]).astype(int))
    return values.drop_vars("epoch").where(known)


def events(history: xr.Dataset, threshold: float = THRESHOLD) -> xr.Dataset:
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


def rise(curve: xr.DataArray, low: float = 0.65, high: float = THRESHOLD) -> xr.DataArray:
    """Return how long a curve takes from its last epoch at `low` to its first above `high`."""
    arrived = first_epoch(curve > high)
    at_low = (curve <= low) & (curve["epoch"] < arrived)
    return arrived - curve["epoch"].where(at_low).max("epoch")


def half_fallen(sizes: xr.DataArray, since: xr.DataArray) -> xr.DataArray:
    """Return when half of the fall of the logarithm of `sizes` is done, from `since` to the end.

    A size in the geometric middle counts. As the sizes are integers, their squares decide it
    and no logarithm is rounded.

    Parameters
    ----------
    sizes : xarray.DataArray of int (..., epoch)
    since : xarray.DataArray (...)
        The epoch at which the fall begins, which itself does not count; NaN where it never does.

    Returns
    -------
    xarray.DataArray of bool (..., epoch)
        For `first_epoch` and `lasting_epoch`.
    """
    product = value_at(sizes, since) * sizes.isel(epoch=-1, drop=True)
    return (sizes**2 <= product) & (sizes["epoch"] > since)


def growth_rate(curve: xr.DataArray, first: xr.DataArray, last: xr.DataArray) -> xr.DataArray:
    """Return the mean change of a curve's logarithm per epoch, from `first` to `last` epoch."""
    growth = value_at(curve, last) / value_at(curve, first)
    return xr.ufuncs.log(growth) / (last - first)


def share_among_largest(weight_norm: xr.DataArray, chosen: xr.DataArray) -> xr.DataArray:
    """Return how much of a set of neurons is among as many neurons of largest norm.

    Parameters
    ----------
    weight_norm : xarray.DataArray (..., epoch, neuron)
    chosen : xarray.DataArray of bool (..., neuron)

    Returns
    -------
    xarray.DataArray (..., epoch)
        In [0, 1]; of equal norms the lower index counts as larger.
    """
    size, neurons = chosen.sum("neuron"), weight_norm.get_axis_num("neuron")
    order = np.argsort(-weight_norm.values, axis=neurons, kind="stable")
    rank = weight_norm.copy(data=np.argsort(order, axis=neurons))  # 0 is the largest
    return ((rank < size) & chosen).sum("neuron") / size


def survival(durations: ArrayLike, followed: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Estimate the share of runs in which an event has not happened yet (Kaplan and Meier).

    A run without the event counts as long as it was followed: it is censored, not dropped.

    Parameters
    ----------
    durations : array (run,)
        Time to the event; NaN where it did not happen, minus infinity if it came before all.
    followed : array (run,)
        How long each run was followed; infinite for one that can never have the event.

    Returns
    -------
    times : numpy.ndarray (time,)
        When events happened, rising.
    left : numpy.ndarray of fractions.Fraction (time,)
        The share of runs left then. Exact, so that a half is a half.
    """
    durations, followed = (np.asarray(v, dtype=float) for v in (durations, followed))
    happened = ~np.isnan(durations)
    seen_until = np.where(happened, durations, followed)
    times, left = np.unique(durations[happened]), [Fraction(1)]
    for time in times:
        had_it, at_risk = (durations == time).sum(), (seen_until >= time).sum()
        left.append(left[-1] * (1 - Fraction(int(had_it), int(at_risk))))
    return times, np.array(left[1:], dtype=object)


def censored_median(durations: ArrayLike, followed: ArrayLike) -> float:
    """Return the median time to an event; infinity where half of the runs or more never have it.

    It is the ordinary median where no run is censored: if a half is left for a while, the middle
    between its first and its last time. For `durations` and `followed` see `survival`.
    """
    times, left = survival(durations, followed)
    half = [times[left <= Fraction(1, 2)], times[left < Fraction(1, 2)]]
    first, last = (reached[0] if len(reached) else np.inf for reached in half)
    return float(np.inf if last == np.inf else (first + last) / 2)


def bootstrap_interval(
    values: ArrayLike,
    statistic: Callable = np.median,
    *,
    n_draws: int = 10_000,
    level: float = 0.95,
) -> np.ndarray:
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
