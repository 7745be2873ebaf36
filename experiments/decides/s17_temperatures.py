"""S17: a held norm and the scale of the output."""

import numpy as np
import pandas as pd

from experiments.decides.event_times import log, median_of, timed
from experiments.measured import Measured, Reading, divided, either_side, not_run

NORMS = (1.2, 1.4, 1.7)  # that are held, and whose output is had by a temperature
LOW, HIGH = NORMS[0], NORMS[-1]
_ABSENT = Measured(np.nan, 0, Reading.NOT_RUN)


def s17(temperatures: pd.DataFrame) -> dict:
    """Return what decides S17, from the table of temperatures."""
    if temperatures.empty:
        return not_run(
            *("share_taken_back", "explained_by_output", "added_by_norm"),
            *("memorization_moved", "least_slide", "left_of_steps"),
        )
    settings = dict(iter(timed(temperatures).groupby(["held", "like"])))
    delays = {place: median_of(rows, "delay_epoch") for place, rows in settings.items()}
    low, cooled, high = (delays.get(p, _ABSENT) for p in ((LOW, LOW), (HIGH, LOW), (HIGH, HIGH)))
    memorized = (_memorized(settings, like) for like in (LOW, HIGH))
    slides = [
        divided(delays.get((norm, max(NORMS)), _ABSENT), delays.get((norm, min(NORMS)), _ABSENT))
        for norm in NORMS
    ]
    temperature = (HIGH / LOW) ** 2
    return {
        "share_taken_back": taken_back(low, cooled, high),
        **_explained(delays, len(temperatures)),
        "memorization_moved": either_side(divided(*memorized)),
        "least_slide": min(slides, key=_least),
        "left_of_steps": either_side(divided(divided(cooled, temperature), low)),
    }


def taken_back(low: Measured, cooled: Measured, high: Measured) -> Measured:
    """Return (high - cooled) / (high - low) of three median delays, with what is known of it.

    There is nothing to compare where the high one is not above the low one, where the low one is
    censored, or both others; with one of these it is at most or at least so much.
    """
    known = [delay.reading is Reading.NUMBER for delay in (low, cooled, high)]
    finite = np.isfinite([low, cooled, high]).all()
    if not finite or not known[0] or not (known[1] or known[2]) or not high > low:
        return Measured(np.nan, high.runs, Reading.NOTHING)
    share = (high - cooled) / (high - low)
    if known[2]:
        return Measured(share, high.runs, Reading.NUMBER if known[1] else Reading.AT_MOST)
    # With a longer high delay the share comes nearer to 1, from below or from above.
    return Measured(min(share, 1.0), high.runs, Reading.AT_LEAST)


def _memorized(settings, like):
    rows = settings.get((HIGH, like))
    return _ABSENT if rows is None else median_of(rows, "memorization_epoch")


def _least(ratio):
    """Order ratios by their value, those that are not known first."""
    return -np.inf if np.isnan(ratio) else float(ratio)


def _explained(delays, runs):
    """Return the R2 of log delays by the mean at each output, and what the norm adds to it.

    Too few, if one of the nine delays is not known or not positive.
    """
    grid = pd.Series({p: float(d) for p, d in delays.items()}).rename_axis(["held", "like"])
    logs = log(grid)
    censored = any(delay.reading is not Reading.NUMBER for delay in delays.values())
    if len(grid) < len(NORMS) ** 2 or censored or logs.isna().any():
        few = Measured(np.nan, runs, Reading.FEW)
        return {"explained_by_output": few, "added_by_norm": few}
    apart = logs - logs.mean()
    whole = (apart**2).sum()
    # Of a whole grid the means at each place of either side are those of a fit with both.
    means = (apart.groupby(level=side).transform("mean") for side in ("like", "held"))
    by_output, by_norm = ((mean**2).sum() / whole for mean in means)
    return {
        "explained_by_output": Measured(by_output, runs),
        "added_by_norm": Measured(by_norm, runs),
    }
