"""S2: whether the tangent kernel moves, and how lazy training delays."""

import numpy as np
import pandas as pd

from experiments.decides.event_times import median_of, medians, timed
from experiments.measured import Measured, divided


def by_output_scale(scales: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that are runs with a scaled output, with `output_scale` as a column.

    With two layers, an output α f(θ), trained at learning rate η/α², is the network that starts
    from √α θ, trained at η/α: the same outputs at every step.
    """
    scale = scales["initial_scale"]
    same = np.isclose(scales["lr"], 0.1 / scale**2) & (scales["loss"] == "hinge")
    return timed(scales[same]).assign(output_scale=scale[same] ** 2)


def s2(tangents: pd.DataFrame, scales: pd.DataFrame, chosen_on: tuple | None = None) -> dict:
    """Return what decides S2, from the tables of tangent kernels and of initial scales.

    The small output scale with the least delay, and the one at which most runs generalize without
    decay, are those of the tables that they are `chosen_on`.
    """
    rows = by_output_scale(scales)
    rich, freest = chosen_scales(scales if chosen_on is None else chosen_on[1])
    with_decay = dict(iter(rows[rows["weight_decay"] == 0.01].groupby("output_scale")))
    free = rows[(rows["weight_decay"] == 0) & (rows["output_scale"] == freest)]
    at = ("memorization", "generalization")
    return {
        **{f"kernel_moved_at_{e}": tangents[f"kernel_moved_{e}"].median() for e in at},
        **{f"kernel_accuracy_at_{e}": tangents[f"kernel_accuracy_{e}"].median() for e in at},
        "delay_of_the_rich": median_of(with_decay[rich], "relative_delay"),
        "delay_ratio_of_the_lazy": divided(
            *(median_of(with_decay[scale], "delay_ticks") for scale in (4, 1))
        ),
        "share_generalized_without_decay": Measured(free["generalized"].mean(), len(free)),
    }


def chosen_scales(scales: pd.DataFrame) -> tuple[float, float]:
    """Return the small output scale with the least delay, and the best without weight decay."""
    rows = by_output_scale(scales)
    small = rows[(rows["weight_decay"] == 0.01) & rows["output_scale"].isin([1 / 4, 1 / 16])]
    without = rows[rows["weight_decay"] == 0].groupby("output_scale")["generalized"].mean()
    return medians(small, "output_scale", "relative_delay").idxmin(), without.idxmax()
