"""S3: a held weight norm, a small start and flipped inputs."""

import numpy as np
import pandas as pd

from experiments.decides.event_times import medians, timed
from experiments.decides.fits import ratio


def s3(held: pd.DataFrame, scales: pd.DataFrame, updates: pd.DataFrame) -> dict:
    """Return what decides S3, from the tables of held norms, initial scales and updates."""
    rows = timed(held[held["loss"] == "hinge"])
    times = medians(rows, "held", "generalization_epoch")
    shares = rows.groupby("held")["generalized"].mean()
    zone = times.idxmin()
    above = times[np.isclose(times.index, 2 * zone)]
    memorized = medians(rows, "held", "memorization_epoch")[zone]
    small = timed(scales[(scales["weight_decay"] == 0) & scales["initial_scale"].isin([0.25, 0.5])])
    small = small[np.isclose(small["lr"], 0.1) & (small["loss"] == "hinge")]
    usual = (updates["loss"] == "hinge") & (updates["weight_decay"] > 0)
    by_update = medians(timed(updates[usual]), "update", "generalization_epoch")
    flipped = by_update[by_update.index.str.startswith("flips")].min()
    return {
        "share_generalized_in_zone": shares.max(),
        "generalization_over_memorization": ratio(times[zone], memorized),
        "late_above": ratio(above.iloc[0], times[zone]) if len(above) else np.nan,
        "share_generalized_below": shares[shares.index.min()],
        "share_generalized_from_small": small.groupby("initial_scale")["generalized"].mean().max(),
        "speed_up_by_flips": ratio(by_update["plain"], flipped),
    }
