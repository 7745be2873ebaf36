"""One formula for the delay from the dials, fitted on some settings and tested on others.

How it is done was written down before the numbers of the second draw were there. Every other
setting is fitted, by the seeds of the first draw; those in between are tested, by the seeds of the
second, so that neither the settings nor the seeds of the test were fitted. The number of bits
enters by its logarithm: that this does better than the number itself had been seen on the first
draw. No setting is dropped for being late; see `Wait`.
"""

from collections.abc import Iterable
from enum import Enum

import numpy as np
import pandas as pd
from scipy import special

from experiments.decides.event_times import alike, median, timed
from grokutils.streams import generator

DIALS = {
    "lr": 0.1,
    "weight_decay": 0.01,
    "initial_scale": 1.0,
    "n_train": 1000,
    "n_bits": 40,
    "batch_size": 32,
    "width": 1000,
}
OTHERS = {"loss": "hinge", "optimizer": "sgd", "start": "dense", "k_relevant": 3, "label_noise": 0}
TERMS = ("constant", *DIALS)
WITH_BITS_AS_THEY_ARE = tuple("bits" if term == "n_bits" else term for term in TERMS)
LEAST_SPREAD = 0.01  # of the log delay: a law that is exact would have none
PRECISION, MOST_ROUNDS = 1e-8, 1000  # of the coefficients, and of the search for them


class Wait(Enum):
    """What is known of the median delay of a setting, and how it counts in the fit."""

    KNOWN = "a positive number: by its density"
    LATER = "beyond the end of the runs: by the probability of being later"
    NONE = "zero or less: by the probability of less than an epoch, which is the resolution"
    UNFIT = "half of the runs or more never memorize, so no wait begins: left out"


def collected(*tables: pd.DataFrame) -> pd.DataFrame:
    """Return the races of several tables that differ in nothing but the dials, with times.

    Of a setting and a seed that two tables hold, the first one's race counts.
    """
    whole = alike(tables, OTHERS, DIALS)
    whole = whole[whole["weight_decay"] > 0]
    return timed(whole.drop_duplicates([*DIALS, "seed"]))


def halves(races: pd.DataFrame) -> pd.Series:
    """Return which races are of the first half of the settings, every other one in order."""
    place = races.groupby(list(DIALS)).ngroup()
    return place % 2 == 0


def of_settings(races: pd.DataFrame) -> pd.DataFrame:
    """Return a row per setting: its dials, `wait`, and the median delay in `steps`.

    In the place of a median beyond the end of the runs is the least that it can be, in that of
    one of zero or less an epoch.
    """
    by_setting = races.groupby(list(DIALS))[list(races.columns)]
    return by_setting.apply(_of_setting).reset_index()


def _of_setting(rows):
    delays, waited = rows["delay_steps"], rows["followed_steps"] - rows["memorization_steps"]
    epoch = np.ceil(rows["n_train"].iloc[0] / rows["batch_size"].iloc[0])
    wait, steps = Wait.KNOWN, median(delays)
    if steps <= 0:
        wait, steps = Wait.NONE, epoch
    elif steps == np.inf:
        # A run that diverged was followed for no time that is known.
        waited = waited.where(np.isfinite(waited), 0.0)
        steps = float(np.median(delays.where(delays < np.inf, waited)))
        wait = Wait.LATER if steps > 0 else Wait.UNFIT
    return pd.Series({"wait": wait, "steps": steps})


def kept(settings: pd.DataFrame) -> pd.DataFrame:
    """Return the settings in which a wait begins."""
    return settings[settings["wait"] != Wait.UNFIT]


def terms(settings: pd.DataFrame) -> pd.DataFrame:
    """Return the terms of the formula: 1, and the logarithms of the dials over the paper's.

    So the constant is the paper's delay. `bits` is the number of bits more than the paper's, for
    a formula that is exponential in them.
    """
    columns = {dial: np.log(settings[dial] / paper) for dial, paper in DIALS.items()}
    bits = {"bits": settings["n_bits"] - DIALS["n_bits"]}
    return pd.DataFrame({"constant": 1.0} | columns | bits, index=settings.index)


def fit(settings: pd.DataFrame, of: Iterable[str] = TERMS) -> pd.Series:
    """Return the coefficient of each term for the logarithm of the delay in steps.

    By maximum likelihood for a normal distribution about the formula, one spread for all, in
    which a median counts by what is known of it, see `Wait`. A setting counts once, however many
    seeds it has.

    Parameters
    ----------
    settings : pandas.DataFrame
        As from `of_settings`.
    of : list of str
        `TERMS`, or `WITH_BITS_AS_THEY_ARE`.
    """
    return pd.Series(_likeliest(*_arrays(kept(settings), of)), list(of))


def _arrays(settings, of):
    """Return terms, log delays, and on which side of these the delays are: 0, 1 later, -1 none."""
    side = settings["wait"].map({Wait.KNOWN: 0, Wait.LATER: 1, Wait.NONE: -1})
    x = terms(settings)[list(of)]
    return x.to_numpy(), np.log(settings["steps"].to_numpy()), side.to_numpy(int)


def _likeliest(x, bound, side):
    """Return the coefficients, by expectation and maximization in turn."""
    least_squares, at = np.linalg.pinv(x), side != 0
    guess, unsure = bound.copy(), np.zeros(len(bound))
    coefficients = least_squares @ guess
    for _ in range(MOST_ROUNDS):
        formula = x @ coefficients
        spread = max(np.sqrt(np.mean((guess - formula) ** 2 + unsure)), LEAST_SPREAD)
        z = (side * (bound - formula))[at] / spread
        hazard = np.exp(-(z**2) / 2 - special.log_ndtr(-z)) / np.sqrt(2 * np.pi)
        guess[at] = formula[at] + side[at] * spread * hazard
        unsure[at] = spread**2 * (1 + z * hazard - hazard**2)
        before, coefficients = coefficients, least_squares @ guess
        if np.abs(coefficients - before).max() < PRECISION:
            break
    return coefficients


def intervals(settings: pd.DataFrame, n_draws: int = 1000, level: float = 0.95) -> pd.DataFrame:
    """Return the ends of each coefficient's bootstrap interval over settings, `low` and `high`.

    A draw in which the known delays have one value of a dial says nothing of its coefficient.
    """
    known = kept(settings)
    draws = generator("bootstrap").integers(len(known), size=(n_draws, len(known)))
    arrays = _arrays(known, TERMS)
    found = np.array([_likeliest(*(part[draw] for part in arrays)) for draw in draws])
    x, _, side = arrays
    turned = np.array([np.ptp(x[draw[side[draw] == 0]], axis=0) > 0 for draw in draws])
    turned[:, 0] = True  # the constant
    draws = pd.DataFrame(found, columns=list(TERMS)).where(turned)
    ends = draws.quantile([(1 - level) / 2, (1 + level) / 2]).T
    return ends.set_axis(["low", "high"], axis=1)


def compared(coefficients: pd.Series, settings: pd.DataFrame) -> pd.DataFrame:
    """Return the kept settings with the `predicted` delay and by which factor it is `off`.

    Where a delay is beyond the end of the runs, or less than an epoch, it is off by at least so
    much; by 1 where the formula has it there too.
    """
    rows = kept(settings)
    found = np.exp(terms(rows)[coefficients.index] @ coefficients)
    over = found / rows["steps"]
    off = np.exp(np.abs(np.log(over)))
    right_side = (rows["wait"] == Wait.LATER) & (over >= 1) | (rows["wait"] == Wait.NONE) & (
        over <= 1
    )
    return rows.assign(predicted=found, off=off.mask(right_side, 1.0))
