"""C3: what happens to the jump when weight decay is withheld, taken away, added, or more."""

import pandas as pd

from experiments.outcomes import exponent, select, summarize_by

HORIZON = 256_000  # steps: 8,000 epochs of the paper's run
DOSES = [1e-3, 3e-3, 1e-2, 3e-2]


def slope(races: pd.DataFrame) -> float:
    """Return the slope of the logarithm of the median delay on that of weight decay, over `DOSES`.

    NaN if half of the runs or more of a dose never generalize.
    """
    doses = select(races, {"steps": HORIZON})
    return exponent(summarize_by(doses, "weight_decay").loc[DOSES, "delay"])


def the_cause(races: pd.DataFrame, switches: pd.DataFrame) -> dict:
    """Return what decides C3, from rows of the tables `delays` and `switches`.

    A run in which the event does not happen within its horizon counts as one that does not
    generalize.
    """
    without = select(races, {"steps": HORIZON, "weight_decay": 0.0})
    removed = select(switches, {"then_decay": 0.0, "switch_epoch": 50})
    added = select(switches, {"first_decay": 0.0, "switch_epoch": 300})
    return {
        "share_generalized_without": _generalized(without),
        "share_stopped_by_removal": 1 - _generalized(removed),
        "share_started_by_adding": _generalized(added),
        "exponent_off": abs(slope(races) + 1),
    }


def _generalized(rows):
    return float(rows["generalization_epoch"].notna().mean())
