"""S3: a held weight norm, a small start and flipped inputs."""

import numpy as np
import pandas as pd

from experiments.decides.event_times import median, median_of, medians, timed
from experiments.measured import divided, not_run

SMALL = [0.125, 0.25]  # initial scales that are not above the norm of the zone


def s3(
    held: pd.DataFrame,
    scales: pd.DataFrame,
    updates: pd.DataFrame,
    small: pd.DataFrame,
    chosen_on: tuple | None = None,
) -> dict:
    """Return what decides S3, from the tables of held norms, scales, updates and small starts.

    The zone is the held norm of the earliest generalization, but for the share that generalizes
    that at which most do; the small start is the scale at which most runs generalize, and the
    flips those with the earliest: in the tables that they are `chosen_on`.
    """
    rows, of_update = timed(held[held["loss"] == "hinge"]), _with_decay(updates)
    looked_at = (held, scales, updates) if chosen_on is None else chosen_on[:3]
    zone, fullest, start, flips = _chosen(*looked_at)
    at = dict(iter(rows.groupby("held")))
    above = [of for norm, of in at.items() if np.isclose(norm, 2 * zone)]
    first = median_of(at[zone], "generalization_epoch")
    late, plain, flipped = (
        median_of(of, "generalization_epoch")
        for of in (above[0] if above else at[zone], of_update["plain"], of_update[flips])
    )
    return {
        "share_generalized_in_zone": at[fullest]["generalized"].mean(),
        "generalization_over_memorization": divided(
            first, median_of(at[zone], "memorization_epoch")
        ),
        "late_above": divided(late, first) if above else np.nan,
        "share_generalized_below": at[min(at)]["generalized"].mean(),
        "share_generalized_from_small": _small_starts(scales)[start],
        "speed_up_by_flips": divided(plain, flipped),
    } | s3_small(small)


def _chosen(held, scales, updates):
    """Return two norms, the initial scale and the flips that are best in some tables."""
    rows = timed(held[held["loss"] == "hinge"])
    zone = medians(rows, "held", "generalization_epoch").idxmin()
    fullest = rows.groupby("held")["generalized"].mean().idxmax()
    flipped = {name: of for name, of in _with_decay(updates).items() if name.startswith("flips")}
    flips = min(flipped, key=lambda name: median(flipped[name]["generalization_epoch"]))
    return zone, fullest, _small_starts(scales).idxmax(), flips


def _small_starts(scales):
    """Return the share that generalizes without weight decay, by small initial scale."""
    small = timed(scales[(scales["weight_decay"] == 0) & scales["initial_scale"].isin([0.25, 0.5])])
    small = small[np.isclose(small["lr"], 0.1) & (small["loss"] == "hinge")]
    return small.groupby("initial_scale")["generalized"].mean()


def _with_decay(updates):
    """Return the rows, with times, of each update with the hinge loss and weight decay."""
    usual = (updates["loss"] == "hinge") & (updates["weight_decay"] > 0)
    return dict(iter(timed(updates[usual]).groupby("update")))


def s3_small(small: pd.DataFrame) -> dict:
    """Return what decides S3's small start, from the table of small starts: the lesser share."""
    if small.empty:
        return not_run("share_generalized_from_small_squared")
    rows = timed(small[small["initial_scale"].isin(SMALL)])
    shares = rows.groupby("initial_scale")["generalized"].mean().reindex(SMALL)
    return {"share_generalized_from_small_squared": shares.min(skipna=False)}


def norm_over_zone(rows: pd.DataFrame, held: pd.DataFrame, when: str) -> pd.Series:
    """Return a norm of races over the norm of the zone, where held networks generalize first.

    Parameters
    ----------
    rows : pandas.DataFrame
        Of races, with `seed`.
    held : pandas.DataFrame
        The table of held norms, with the same seeds; of another seed there is no number.
    when : str
        The column with the squared norm: `squared_norm_at_memorization`, `squared_norm`, ...
    """
    hinge = timed(held[held["loss"] == "hinge"])
    best = hinge[hinge["held"] == medians(hinge, "held", "generalization_epoch").idxmin()]
    return np.sqrt(rows[when]) / rows["seed"].map(best.set_index("seed")["held_norm"])
