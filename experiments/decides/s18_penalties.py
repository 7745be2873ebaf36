"""S18: an l1 penalty in the place of weight decay."""

import numpy as np
import pandas as pd

from experiments.decides.event_times import log, median, median_of, timed
from experiments.decides.fits import line
from experiments.measured import Measured, Reading, not_run

RATE = 0.1  # the usual learning rate


def s18(penalties: pd.DataFrame) -> dict:
    """Return what decides S18, from the table of penalties."""
    if penalties.empty:
        return not_run(
            *("share_generalized_l1", "relative_delay_l1", "share_norm_not_fallen"),
            *("clock_exponent_off_l1", "share_generalized_without", "norm_after_over_at"),
        )
    rows = timed(penalties)
    under, without = rows[rows["strength"] > 0], rows[rows["strength"] == 0]
    usual = dict(iter(under[np.isclose(under["lr"], RATE)].groupby("strength")))
    done = under[under["generalized"]]
    late = done[done["relative_delay"] >= 1]
    grew = late["squared_norm_at_generalization"] >= late["squared_norm_at_memorization"]
    delays = under.groupby(["lr", "strength"])["delay_steps"].apply(median)
    clock = np.log([1 / (lr * strength) for lr, strength in delays.index])
    known = np.isfinite(log(delays)).all()
    after = done["squared_norm"] / done["squared_norm_at_generalization"]
    return {
        "share_generalized_l1": min(
            Measured(of["generalized"].mean(), len(of)) for of in usual.values()
        ),
        "relative_delay_l1": min(median_of(of, "relative_delay") for of in usual.values()),
        "share_norm_not_fallen": Measured(grew.mean(), len(late)),
        "clock_exponent_off_l1": Measured(abs(line(clock, log(delays))[0] - 1), len(under))
        if known
        else Measured(np.nan, len(under), Reading.FEW),
        "share_generalized_without": Measured(without["generalized"].mean(), len(without)),
        "norm_after_over_at": Measured(after.median(), len(done)),
    }
