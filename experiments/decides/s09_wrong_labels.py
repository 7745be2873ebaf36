"""S9: wrong labels, memorized beside what generalizes, and what undoes that."""

import numpy as np
import pandas as pd

from experiments.decides.event_times import timed
from experiments.measured import Measured, Reading

NOISY = ["label_noise", "n_train", "weight_decay"]
ENOUGH = 20  # runs that lose their wrong labels
UNDONE = (0.1, 2000, 0.01)  # the setting in which weight decay undoes what was fitted


def most_coexistence(noise: pd.DataFrame) -> pd.Series:
    """Return, of each setting with wrong labels, how far its runs both generalize and memorize.

    The median over seeds of the lesser of test accuracy and share of wrong labels fitted.
    """
    both = np.minimum(noise["fresh_accuracy"], noise["wrong_fitted"])
    return both.groupby([noise[c] for c in NOISY]).median()


def s9(noise: pd.DataFrame, chosen_on: tuple | None = None) -> dict:
    """Return what decides S9, from the table of wrong labels.

    The settings in which most is fitted and generalized at once, with and without weight decay,
    are those of the table that they are `chosen_on`.
    """
    rows = timed(noise[noise["label_noise"] > 0])
    looked_at = timed(chosen_on[0][chosen_on[0]["label_noise"] > 0]) if chosen_on else rows
    at_best, at_best_without = (
        most_coexistence(of).idxmax()
        for of in (looked_at, looked_at[looked_at["weight_decay"] == 0])
    )
    coexistence, best = most_coexistence(rows), rows.set_index(NOISY).loc[at_best]
    decayed = rows.set_index(NOISY).loc[UNDONE]
    lost = that_lose(rows)
    after = lost["wrong_lost_epoch"] > lost["generalization_epoch"]
    reading = Reading.NUMBER if len(lost) >= ENOUGH else Reading.FEW
    return {
        "coexistence": Measured(coexistence[at_best], len(best)),
        "coexistence_without_decay": coexistence[at_best_without],
        "corrupted_left": Measured(decayed["wrong_fitted"].median(), len(decayed)),
        "test_accuracy_then": Measured(decayed["fresh_accuracy"].median(), len(decayed)),
        "share_in_two_stages": Measured(after.mean(), len(lost), reading),
        "undone_by_pruning": best["gap_by_norm"].median(),
        "undone_over_random": (best["gap_by_norm"] - best["gap_at_random"]).median(),
    }


def that_lose(noise: pd.DataFrame) -> pd.DataFrame:
    """Return the runs of the setting `UNDONE` that had fitted half of the wrong labels and lose it.

    They are those that decide `share_in_two_stages`, so their number goes with it.
    """
    decayed = noise.set_index(NOISY).loc[UNDONE]
    return decayed[decayed["wrong_lost_epoch"].notna()]
