"""S8: width against the number of examples."""

import numpy as np
import pandas as pd

from experiments.decides.event_times import median, median_of, timed
from experiments.decides.fits import to_twelve_digits
from experiments.decides.success import measured_half, share_generalized
from experiments.measured import Measured, Reading, divided


def s8(widths: pd.DataFrame) -> dict:
    """Return what decides S8, from the table of widths, of at least ten neurons."""
    rows = timed(widths[widths["width"] >= 10])
    dense, sparse = (rows[rows["start"] == start] for start in ("dense", "sparse"))
    few, wide_half = (measured_half(dense[dense["width"] == w]) for w in (30, 1000))
    shares = share_generalized(dense, ["n_train", "width"]).unstack("n_train")
    at_paper = dense[dense["n_train"] == 1000]
    times = {w: median_of(of, "generalization_steps") for w, of in at_paper.groupby("width")}
    wide = sparse[(sparse["n_train"] == 1000) & (sparse["width"] == 1000)]
    sizes = sparse["n_train"].unique()
    same = dense[(dense["width"] == 100) & dense["n_train"].isin(sizes)]
    return {
        "examples_saved_by_width": to_twelve_digits(divided(few, wide_half)),
        "largest_loss_by_width": -min(shares.diff().min().min(), 0),
        "steps_saved_by_width": divided(times[100], times[1000]),
        "examples_saved_by_sparse_start": to_twelve_digits(
            divided(measured_half(same), measured_half(sparse[sparse["width"] == 100]))
        ),
        "steps_saved_by_sparse_start": divided(
            times[1000], median_of(wide, "generalization_steps")
        ),
        "luck_over_speed": luck_over_speed(widths),
    }


def luck_over_speed(widths: pd.DataFrame) -> Measured:
    """Return how much more width 1000 saves of the latest runs than of the middle ones.

    The 90th percentile of the generalization time at width 100 over that at 1000, over the same
    of the medians, with 1,000 examples. The percentile is the first run by which nine in ten
    have generalized; it is infinite if more than one in ten never do.
    """
    rows = timed(widths[(widths["n_train"] == 1000) & (widths["start"] == "dense")])
    times = rows.groupby("width")["generalization_epoch"]
    late = times.apply(lambda t: np.quantile(t, 0.9, method="inverted_cdf"))
    middle = times.apply(median)
    if np.isinf(late[100]):
        return Measured(np.nan, reading=Reading.NOTHING)
    return divided(late[100] / late[1000], middle[100] / middle[1000])
