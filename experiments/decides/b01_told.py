"""B1: what a start tells of the answer, in bits, and when it generalizes."""

import numpy as np
import pandas as pd

from experiments.decides.event_times import median, timed
from experiments.decides.fits import line, rank_correlation
from experiments.tables.told import FEATURES, calls

CONTROLS = ("moved", "shuffled")


def by_start(told: pd.DataFrame) -> pd.DataFrame:
    """Return the medians of each start: `bits_told`, `weights`, `generalization_epoch`.

    Infinite where half of the runs or more do not generalize; with `features`, whether it has
    those of another network. Before the runs there are no numbers.
    """
    places, columns = ["start", "at", "share"], ["bits_told", "weights", "generalization_epoch"]
    if told.empty:
        starts = pd.DataFrame(calls())[places].drop_duplicates().set_index(places)
        found = starts.assign(**dict.fromkeys(columns, np.nan))
    else:
        found = timed(told).groupby(places)[columns].agg(median)
    return found.assign(features=found.index.get_level_values("start").isin(FEATURES))


def beside_masks(starts: pd.DataFrame) -> tuple[float, pd.Series]:
    """Return by what factor a bit shortens the time along the masks, and each start's over theirs.

    Of starts as from `by_start`; the line is through the masks that generalize, in ln epoch.
    """
    done = starts[~starts["features"] & np.isfinite(starts["generalization_epoch"])]
    slope, level = line(done["bits_told"], np.log(done["generalization_epoch"]))
    logs = np.log(starts["generalization_epoch"]) - level - slope * starts["bits_told"]
    return float(np.exp(-slope)), np.exp(logs)


def b1(told: pd.DataFrame) -> dict:
    """Return what decides B1, from the table of what is told."""
    starts = by_start(told)
    masks = starts[~starts["features"]]
    off = np.log(beside_masks(starts)[1][starts["features"]])
    controls = masks.index.get_level_values("start").isin(CONTROLS)
    by_number = rank_correlation(masks["weights"], masks["generalization_epoch"])
    return {
        "order_by_bits": rank_correlation(starts["bits_told"], starts["generalization_epoch"]),
        "features_off_the_masks": float(np.exp(off.abs().max())),
        "order_by_number": abs(by_number),
        "bits_of_controls": masks["bits_told"][controls].max(),
    }
