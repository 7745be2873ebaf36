"""One formula for the delay from the dials, fitted on some settings and tested on others."""

import numpy as np
import pandas as pd

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


def terms(races: pd.DataFrame) -> pd.DataFrame:
    """Return the terms of the formula for each race: 1, and the logarithms of the dials.

    Relative to the paper's, so that the constant is the paper's delay; the number of bits comes
    as it is, for it is exponents that concealment speaks of.
    """
    columns = {d: np.log(races[d] / paper) for d, paper in DIALS.items() if d != "n_bits"}
    bits = {"n_bits": races["n_bits"] - DIALS["n_bits"]}
    return pd.DataFrame({"constant": 1.0} | columns | bits, index=races.index)


def fit(races: pd.DataFrame) -> pd.Series:
    """Return the coefficient of each term for the logarithm of the delay in steps.

    By least squares over the medians of the settings in which most runs generalize late, so
    that no setting weighs more for having more seeds.
    """
    return _least_squares(_known(races))


def intervals(races: pd.DataFrame, n_draws: int = 1000, level: float = 0.95) -> pd.DataFrame:
    """Return the ends of each coefficient's bootstrap interval over settings, `low` and `high`.

    A draw in which a dial has one value only says nothing of its coefficient.
    """
    known = _known(races)
    draws = generator("bootstrap").integers(len(known), size=(n_draws, len(known)))
    found = pd.DataFrame([_least_squares(known.iloc[draw]) for draw in draws])
    turned = [known.iloc[draw][list(DIALS)].nunique() > 1 for draw in draws]
    found = found.where(pd.DataFrame(turned).assign(constant=True))
    ends = found.quantile([(1 - level) / 2, (1 + level) / 2]).T
    return ends.set_axis(["low", "high"], axis=1)


def _known(races):
    """Return the settings with a median delay that is positive and finite."""
    known = of_settings(races)
    return known[np.isfinite(known["delay_steps"]) & (known["delay_steps"] > 0)]


def _least_squares(known):
    x = terms(known)
    return pd.Series(np.linalg.lstsq(x, np.log(known["delay_steps"]), rcond=None)[0], x.columns)


def of_settings(races: pd.DataFrame) -> pd.DataFrame:
    """Return a row per setting, with its dials and the median delay in steps."""
    return races.groupby(list(DIALS))["delay_steps"].apply(median).reset_index()


def predicted(coefficients: pd.Series, races: pd.DataFrame) -> pd.Series:
    """Return the delay in steps by the formula."""
    return np.exp(terms(races) @ coefficients)


def factors_off(coefficients: pd.Series, races: pd.DataFrame) -> pd.Series:
    """Return by which factor the formula is off, of each setting with a positive finite median."""
    known = _known(races)
    return np.exp(np.abs(np.log(predicted(coefficients, known) / known["delay_steps"])))
