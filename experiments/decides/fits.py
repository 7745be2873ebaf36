"""What is fitted to a few medians: lines, predictions left out, halves, two modes."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from experiments.measured import Measured
from grokutils.stats import bootstrap_interval


def ratio(one: float, other: float) -> float:
    """Return one over the other: infinite over 0, not a number if both are 0 or infinite."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.divide(np.float64(one), np.float64(other)))


def to_twelve_digits(ratio: Measured) -> Measured:
    """Return a ratio of two half points, see `half_point`, to twelve digits.

    Both come from logarithms, whose rounding would decide where the ratio is exactly a bound.
    """
    return Measured(float(f"{float(ratio):.12g}"), ratio.runs, ratio.reading)


def line(x: ArrayLike, y: ArrayLike) -> tuple[float, float]:
    """Return slope and intercept of the least-squares line through the finite points.

    NaN for both where fewer than three points are finite, or all at one place.
    """
    known, values = _finite(x, y)
    if len(known) < 3 or np.ptp(known) == 0:
        return np.nan, np.nan
    return tuple(np.polyfit(known, values, 1))


def slope_interval(x: ArrayLike, times: ArrayLike, of: Callable = np.asarray) -> np.ndarray:
    """Return the ends of a 95 % bootstrap interval of the slope of medians on x.

    Parameters
    ----------
    x : array (place,)
    times : array (seed, place)
        Whole seeds are drawn again, so that what they have in common stays.
    of : callable
        What is taken of the medians before the line is laid, such as their logarithm.
    """
    places = np.asarray(x, float)
    places = places - places.mean()

    def slope(draws, axis):
        return (of(np.median(draws, axis=axis)) * places).sum(axis=-1) / (places**2).sum()

    return bootstrap_interval(times, slope)


def left_out_error(x: ArrayLike, y: ArrayLike) -> float:
    """Return the root mean square error of lines at points left out of their fit.

    Each point in turn is predicted by the line through all others. Of two models that are lines,
    y on x and y on log x, the one with the smaller error predicts better; R² of a fit only
    says how well it describes.
    """
    known, values = _finite(x, y)
    if len(known) < 4:
        return np.nan
    errors = []
    for out in range(len(known)):
        slope, intercept = line(np.delete(known, out), np.delete(values, out))
        errors.append(slope * known[out] + intercept - values[out])
    return float(np.sqrt(np.mean(np.square(errors))))


def half_point(sizes: ArrayLike, shares: ArrayLike, falling: bool = False) -> float:
    """Return the size at which a share crosses one half, on a logarithmic axis.

    The middle of all crossings if there are several. A size beyond the ends is not made up: of a
    share that grows with the size, 0 tells that it is above one half everywhere and infinity
    that it is below; of one that is `falling`, the other way round. An unknown share is left out;
    NaN if all are.
    """
    sizes, shares = np.asarray(sizes, float), np.asarray(shares, float)
    order = np.argsort(sizes)
    order = order[~np.isnan(shares[order])]
    if len(order) == 0:
        return np.nan
    x, y = np.log(sizes[order]), shares[order] - 0.5
    change = np.flatnonzero((y[:-1] < 0) != (y[1:] < 0))
    if len(change) == 0:
        return 0.0 if (y[0] < 0) == falling else np.inf
    crossings = x[change] - y[change] * (x[change + 1] - x[change]) / (y[change + 1] - y[change])
    return float(np.exp(np.median(crossings)))


def bimodality(values: ArrayLike) -> float:
    """Return Sarle's bimodality coefficient: 5/9 for a uniform sample, 1/3 for a normal one.

    (g² + 1) / (k + 3 (n-1)² / ((n-2)(n-3))) of skewness g and excess kurtosis k; NaN where all
    values are one.
    """
    values = np.asarray(values, float)
    n = len(values)
    if n < 4 or np.ptp(values) == 0:
        return np.nan
    skewness = stats.skew(values, bias=False)
    kurtosis = stats.kurtosis(values, bias=False)
    return (skewness**2 + 1) / (kurtosis + 3 * (n - 1) ** 2 / ((n - 2) * (n - 3)))


def rank_correlation(x: ArrayLike, y: ArrayLike) -> float:
    """Return Spearman's rank correlation; infinite values count as beyond all others.

    In integers, doubled ranks, so that one of four fifths is not less by rounding.
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    known = ~(np.isnan(x) | np.isnan(y))
    ranks = [(2 * stats.rankdata(v[known])).astype(int) for v in (x, y)]
    a, b = (len(rank) * rank - rank.sum() for rank in ranks)
    if len(a) < 3 or not a.any() or not b.any():
        return np.nan
    return int((a * b).sum()) / math.sqrt(int((a * a).sum()) * int((b * b).sum()))


def explained(features: np.ndarray, target: np.ndarray, fitted: np.ndarray) -> float:
    """Return R² of a linear regression on the rows left out of its fit.

    Parameters
    ----------
    features : array (run, feature)
    target : array (run,)
    fitted : array of bool (run,)
        The rows that the regression is fitted to.
    """
    design = np.column_stack([np.ones(len(features)), features])
    weights = np.linalg.lstsq(design[fitted], target[fitted], rcond=None)[0]
    left = target[~fitted]
    error = np.sum((design[~fitted] @ weights - left) ** 2)
    return float(1 - error / np.sum((left - target[fitted].mean()) ** 2))


def deepest_valley(curve: ArrayLike) -> float:
    """Return how far a curve falls between two higher values, below the lower of the two."""
    curve = np.asarray(curve, float)
    before, after = np.maximum.accumulate(curve), np.maximum.accumulate(curve[::-1])[::-1]
    return float((np.minimum(before, after) - curve).max())


def _finite(x, y):
    x, y = np.asarray(x, float), np.asarray(y, float)
    finite = np.isfinite(x) & np.isfinite(y)
    return x[finite], y[finite]
