"""Waits of which some are not over: their medians, and the exponent of n by a likelihood."""

import numpy as np
import pandas as pd
from scipy import optimize
from scipy.special import log_ndtr

from experiments import outcomes
from experiments.decides.event_times import timed
from experiments.decides.fits import line
from grokutils.stats import censored_median
from grokutils.streams import generator

PLACE = ["n_bits", "n_train"]


def median_delays(rows: pd.DataFrame) -> pd.Series:
    """Return the censored median delay in ticks by (n, N), infinite if half are not done."""
    found = {place: _median(runs) for place, runs in rows.groupby(PLACE)}
    return pd.Series(found.values(), pd.MultiIndex.from_tuples(found, names=PLACE), dtype=float)


def later_than(rows: pd.DataFrame) -> pd.Series:
    """Return how many ticks the runs of each (n, N) were waited for, their median.

    A run that never memorized has waited since its first step.
    """
    return _followed(rows).groupby([rows[column] for column in PLACE]).median()


def _median(rows):
    waited, followed = outcomes.waits(rows)
    return censored_median(waited, followed) * float(epoch(rows).iloc[0])


def epoch(rows: pd.DataFrame) -> pd.Series:
    """Return how many ticks an epoch of each run is."""
    steps = np.ceil(rows["n_train"] / rows.get("batch_size", 32))
    return steps * rows.get("lr", 0.1) * rows.get("weight_decay", 0.01)


def _followed(rows):
    return (rows["last_epoch"] - rows["memorization_epoch"].fillna(0)) * epoch(rows)


def bounds(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return between which logarithms of ticks each run's delay is.

    The two are one for a run that is done, at least an epoch after it memorized; minus infinity
    and an epoch for one that is done sooner; and for one that is not, how long it was waited
    for, and infinity.
    """
    times, an_epoch = timed(rows), epoch(rows)
    delay, done = times["delay_ticks"], times["generalized"]
    soon = done & (delay < an_epoch * (1 - 1e-9))
    with np.errstate(divide="ignore", invalid="ignore"):
        known = np.log(np.where(done & ~soon, delay, np.nan))
        low = np.where(soon, -np.inf, np.where(done, known, np.log(_followed(rows))))
        high = np.where(soon, np.log(an_epoch), np.where(done, known, np.inf))
    return low, high


def exponent(rows: pd.DataFrame, n_draws: int = 200, level: float = 0.95) -> dict:
    """Return the exponent of n at fixed N/n with the ends of its bootstrap interval.

    ln delay = a (one for each N/n) + q ln n + normal noise, by the likelihood of all runs, those
    that are not done among them, see `bounds`. The bootstrap draws whole seeds.

    Returns
    -------
    dict
        `q`, `low`, `high`, and `by_medians`, the same of the line through the finite medians.
    """
    rows = rows.reset_index(drop=True)
    x, kinds = np.log(rows["n_bits"].to_numpy(float)), _kinds(rows)
    x = x - _means(x, kinds)  # the constants take it up; without, the search may end too soon
    low, high = bounds(rows)
    found = _likeliest(x, kinds, low, high, np.ones(len(rows)), None)
    seeds = np.unique(rows["seed"], return_inverse=True)[1]
    number, drawn = seeds.max() + 1, []
    for draw in generator("bootstrap").integers(number, size=(n_draws, number)):
        weights = np.bincount(draw, minlength=number)[seeds].astype(float)
        drawn.append(_likeliest(x, kinds, low, high, weights, found)[-2])
    ends = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    by_medians = exponent_of(median_delays(rows))
    return {"q": found[-2], "low": ends[0], "high": ends[1], "by_medians": by_medians}


def exponent_of(medians: pd.Series) -> float:
    """Return the exponent of n of medians by (n, N), one constant for each N/n.

    Of the positive and finite ones; not a number if no N/n has two of them.
    """
    known = medians[np.isfinite(medians) & (medians > 0)]
    x, y = np.log(known.index.get_level_values("n_bits").to_numpy(float)), np.log(known.to_numpy())
    kinds = _kinds(known.reset_index())
    centred = [values - _means(values, kinds) for values in (x, y)]
    squares = (centred[0] ** 2).sum()
    return float((centred[0] * centred[1]).sum() / squares) if squares > 1e-12 else np.nan


def _means(values, kinds):
    return (np.bincount(kinds, values) / np.bincount(kinds))[kinds] if len(values) else values


def _kinds(rows):
    return np.unique(np.round(rows["n_train"] / rows["n_bits"], 6), return_inverse=True)[1]


def _likeliest(x, kinds, low, high, weights, start):
    """Return constants, exponent and logarithm of the noise that make the bounds likeliest."""
    number = kinds.max() + 1
    known, soon = low == high, np.isneginf(low)
    y = np.where(soon, high, low)
    if start is None:
        start = np.concatenate([np.full(number, np.median(y)), [0.0, 0.0]])

    def cost(parts):
        """Return minus the logarithm of the likelihood, and its derivatives."""
        width = np.exp(parts[-1])
        z = (y - parts[kinds] - parts[-2] * x) / width
        side = np.where(soon, z, -z)
        tail = log_ndtr(side)
        rate = np.exp(-(z**2) / 2 - np.log(2 * np.pi) / 2 - tail)
        by_z = weights * np.where(known, z, np.where(soon, -rate, rate))
        terms = weights * np.where(known, z**2 / 2 + parts[-1], -tail)
        slopes = np.bincount(kinds, -by_z / width, number)
        by_width = (-by_z * z + weights * known).sum()
        return terms.sum(), np.concatenate([slopes, [(-by_z * x / width).sum(), by_width]])

    limits = [(-30, 30)] * number + [(-20, 20), (np.log(0.01), np.log(20))]
    to = {"ftol": 1e-13, "gtol": 1e-7, "maxiter": 1000}
    return optimize.minimize(cost, start, jac=True, method="L-BFGS-B", bounds=limits, options=to).x


def miss(found: dict, number: float) -> float:
    """Return how far a number is from an interval, 0 if it is inside."""
    return float(max(found["low"] - number, number - found["high"], 0.0))


def slope(medians: pd.Series) -> float:
    """Return the slope of ln values on ln of the index, NaN from fewer than three values."""
    with np.errstate(divide="ignore"):
        return line(np.log(medians.index), np.log(medians))[0]
