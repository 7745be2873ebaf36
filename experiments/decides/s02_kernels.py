"""S2: whether the tangent kernel moves, and how lazy training delays."""

import numpy as np
import pandas as pd

from experiments.decides.event_times import medians, timed
from experiments.decides.fits import ratio


def by_output_scale(scales: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that are runs with a scaled output, with `output_scale` as a column.

    With two layers, an output α f(θ), trained at learning rate η/α², is the network that starts
    from √α θ, trained at η/α: the same outputs at every step.
    """
    scale = scales["initial_scale"]
    same = np.isclose(scales["lr"], 0.1 / scale**2) & (scales["loss"] == "hinge")
    return timed(scales[same]).assign(output_scale=scale[same] ** 2)


def s2(tangents: pd.DataFrame, scales: pd.DataFrame) -> dict:
    """Return what decides S2, from the tables of tangent kernels and of initial scales."""
    rows = by_output_scale(scales)
    with_decay = rows[rows["weight_decay"] == 0.01]
    relative = medians(with_decay, "output_scale", "relative_delay")
    ticks = medians(with_decay, "output_scale", "delay_ticks")
    without = rows[rows["weight_decay"] == 0].groupby("output_scale")["generalized"].mean()
    at = ("memorization", "generalization")
    return {
        **{f"kernel_moved_at_{e}": tangents[f"kernel_moved_{e}"].median() for e in at},
        **{f"kernel_accuracy_at_{e}": tangents[f"kernel_accuracy_{e}"].median() for e in at},
        "delay_of_the_rich": min(relative[1 / 4], relative[1 / 16]),
        "delay_ratio_of_the_lazy": ratio(ticks[4], ticks[1]),
        "share_generalized_without_decay": without.max(),
    }
