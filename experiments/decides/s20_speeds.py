"""S20: where memorizing random labels is as fast as generalizing on true ones."""

import numpy as np
import pandas as pd

from experiments.decides.event_times import medians, timed
from experiments.decides.fits import half_point, rank_correlation
from experiments.measured import Measured, Reading, divided, either_side, not_run

SIZE, WIDTH = 1000, 1000  # at which the other of the two is varied


def s20(speeds: pd.DataFrame) -> dict:
    """Return what decides S20, from the table of speeds."""
    if speeds.empty:
        return not_run(
            *("onset_over_crossing", "widths_before_grokking", "memorization_by_width"),
            *("end_over_crossing", "generalization_spread"),
        )
    rows = timed(speeds)
    at_size, at_width = rows[rows["n_train"] == SIZE], rows[rows["width"] == WIDTH]
    memorizing, generalizing, grok = curves(at_size, "width")
    crossing = crossed(memorizing, generalizing)
    can = at_size[at_size["label_noise"] > 0].groupby("width")["memorization_epoch"]
    can = can.apply(lambda epochs: np.isfinite(epochs).mean() >= 0.5)
    beyond = generalizing[generalizing.index >= crossing]
    memorizing_n, generalizing_n, grok_n = curves(at_width, "n_train")
    return {
        "onset_over_crossing": _apart(half_point(grok.index, grok), crossing),
        "widths_before_grokking": Measured(int((can & (grok < 0.5)).sum())),
        "memorization_by_width": rank_correlation(memorizing.index, memorizing),
        "end_over_crossing": _apart(
            half_point(grok_n.index, grok_n, falling=True),
            crossed(memorizing_n, generalizing_n, falling=True),
        ),
        "generalization_spread": divided(beyond.max(), beyond.min())
        if len(beyond) > 1 and np.isfinite(beyond.min())
        else Measured(np.nan, reading=Reading.NOTHING),
    }


def curves(rows: pd.DataFrame, by: str) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return times of memorizing random labels and of generalizing, and the share that groks.

    A run groks if it has memorized its true labels and generalizes at least as long after that
    as memorizing took, or not at all while it is followed.
    """
    random, true = rows[rows["label_noise"] > 0], rows[rows["label_noise"] == 0]
    memorized = np.isfinite(true["memorization_epoch"])
    grok = memorized & (true["relative_delay"] >= 1)
    return (
        medians(random, by, "memorization_epoch"),
        medians(true, by, "generalization_epoch"),
        grok.groupby(true[by]).mean(),
    )


def crossed(memorizing: pd.Series, generalizing: pd.Series, falling: bool = False) -> float:
    """Return the size from which memorizing is the faster, up to which if `falling`.

    On a logarithmic axis of sizes, between the logarithms of the times where both are known,
    else in the middle. As from `half_point`, 0 or infinite where it is beyond the sizes; a size at
    which neither ever happens is left out.
    """
    with np.errstate(invalid="ignore"):
        ahead = np.log(generalizing) - np.log(memorizing)
    ahead = ahead.clip(-1e3, 1e3)
    shares = 0.5 + ahead.where(abs(ahead) < 1e3, np.sign(ahead) * _largest(ahead))
    return half_point(shares.index, shares, falling=falling)


def _largest(ahead):
    """Return the largest known distance of two times, for where one never comes; 1 if none is."""
    known = abs(ahead[abs(ahead) < 1e3])
    return max(known.max(), 1.0) if len(known) else 1.0


def _apart(one, other):
    """Return the factor between two sizes; nothing to compare if either is beyond the table."""
    if not (0 < one < np.inf and 0 < other < np.inf):
        return Measured(np.nan, reading=Reading.NOTHING)
    return either_side(divided(one, other))
