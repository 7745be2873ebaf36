"""S4: irrelevant bits that conceal the task."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from experiments.decides.event_times import log, median_of, medians, timed
from experiments.decides.fits import left_out_error, line, rank_correlation, ratio
from experiments.measured import divided


def s4(concealment: pd.DataFrame) -> dict:
    """Return what decides S4, from the table of hidden bits."""
    rows = timed(concealment)
    fixed = rows[rows["n_train"] == 1000]
    equal_share = rows[rows["n_train"] == 25 * rows["n_bits"]]
    delays = medians(fixed, "n_bits", "delay_ticks")
    n, log_delay = delays.index.to_numpy(), log(delays)
    exponential, power = left_out_error(n, log_delay), left_out_error(np.log(n), log_delay)
    thinned = medians(equal_share, "n_bits", "delay_ticks")
    soft = _with_sharpness(fixed)
    gap, sharpness, relative = (
        medians(soft, "n_bits", c) for c in ("relative_delay", "sharpness", "relative_sharpness")
    )
    return {
        "growth": divided(
            *(median_of(fixed[fixed["n_bits"] == n], "delay_ticks") for n in (50, 20))
        ),
        "exponential_over_power": ratio(exponential, power),
        "exponential_error": exponential,
        "growth_at_equal_share": ratio(line(thinned.index, log(thinned))[0], line(n, log_delay)[0]),
        "softer_with_gap": rank_correlation(gap, sharpness),
        "softer_with_gap_relative": rank_correlation(gap, relative),
    }


def ratio_by_range(concealment: pd.DataFrame) -> pd.Series:
    """Return the error of an exponential over that of a power law by the least number of bits.

    As `exponential_over_power`, for each least number from which on at least four numbers have a
    delay whose logarithm is one; from a number without it is the next one's.
    """
    rows = timed(concealment)
    delays = medians(rows[rows["n_train"] == 1000], "n_bits", "delay_ticks")
    log_delay = log(delays)[lambda x: np.isfinite(x)]
    found = {}
    for least in log_delay.index[: max(0, len(log_delay) - 3)]:
        y = log_delay.loc[least:]
        found[least] = ratio(left_out_error(y.index, y), left_out_error(np.log(y.index), y))
    return pd.Series(found, name="exponential_over_power", dtype=float).rename_axis("least")


def decides(ratios: pd.Series, least: Iterable[int] = (20, 30, 35, 40)) -> bool:
    """Return whether the ratios of these ranges are on one side of 0.8 to 1.25; see S4's bounds."""
    named = ratios[ratios.index.isin(list(least))]
    return bool(len(named) and ((named <= 0.8).all() or (named >= 1.25).all()))


def _with_sharpness(rows):
    """Return the rows with the sharpness of the rise of test accuracy, also over that of train's.

    One over the epochs from accuracy 0.65 to 0.98, of at least one; 0 for a rise that never ends.
    """
    rise = {
        event: (rows[f"{event}_epoch"] - rows[column]).fillna(np.inf).clip(lower=1)
        for event, column in (
            ("generalization", "rise_epoch"),
            ("memorization", "train_rise_epoch"),
        )
    }
    sharpness = 1 / rise["generalization"]
    return rows.assign(sharpness=sharpness, relative_sharpness=sharpness * rise["memorization"])
