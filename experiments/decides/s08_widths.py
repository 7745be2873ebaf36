"""S8: width against the number of examples."""

import pandas as pd

from experiments.decides.event_times import median, medians, timed
from experiments.decides.fits import ratio, ratio_of_halves
from experiments.decides.success import half_size, share_generalized


def s8(widths: pd.DataFrame) -> dict:
    """Return what decides S8, from the table of widths."""
    rows = timed(widths)
    dense, sparse = (rows[rows["start"] == start] for start in ("dense", "sparse"))
    halves = dense.groupby("width").apply(half_size, include_groups=False)
    shares = share_generalized(dense, ["n_train", "width"]).unstack("n_train")
    at_paper = dense[dense["n_train"] == 1000]
    times = medians(at_paper, "width", "generalization_steps")
    wide = sparse[(sparse["n_train"] == 1000) & (sparse["width"] == 1000)]
    sizes = sparse["n_train"].unique()
    same = dense[(dense["width"] == 100) & dense["n_train"].isin(sizes)]
    return {
        "examples_saved_by_width": ratio_of_halves(halves[30], halves[1000]),
        "largest_loss_by_width": -min(shares.diff().min().min(), 0),
        "steps_saved_by_width": ratio(times[100], times[1000]),
        "examples_saved_by_sparse_start": ratio_of_halves(
            half_size(same), half_size(sparse[sparse["width"] == 100])
        ),
        "steps_saved_by_sparse_start": ratio(times[1000], median(wide["generalization_steps"])),
    }
