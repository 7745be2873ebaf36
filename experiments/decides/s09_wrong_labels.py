"""S9: wrong labels, memorized beside what generalizes, and what undoes that."""

import numpy as np
import pandas as pd

from experiments.decides.event_times import timed

NOISY = ["label_noise", "n_train", "weight_decay"]


def most_coexistence(noise: pd.DataFrame) -> pd.Series:
    """Return, of each setting with wrong labels, how far its runs both generalize and memorize.

    The median over seeds of the lesser of test accuracy and share of wrong labels fitted.
    """
    both = np.minimum(noise["fresh_accuracy"], noise["wrong_fitted"])
    return both.groupby([noise[c] for c in NOISY]).median()


def s9(noise: pd.DataFrame) -> dict:
    """Return what decides S9, from the table of wrong labels."""
    rows = timed(noise[noise["label_noise"] > 0])
    coexistence = most_coexistence(rows)
    best = rows.set_index(NOISY).loc[coexistence.idxmax()]
    decayed = rows.set_index(NOISY).loc[(0.1, 2000, 0.01)]
    lost = decayed[decayed["wrong_lost_epoch"].notna()]
    return {
        "coexistence": coexistence.max(),
        "corrupted_left": decayed["wrong_fitted"].median(),
        "test_accuracy_then": decayed["fresh_accuracy"].median(),
        "share_in_two_stages": (lost["wrong_lost_epoch"] > lost["generalization_epoch"]).mean(),
        "undone_by_pruning": best["gap_by_norm"].median(),
        "undone_over_random": (best["gap_by_norm"] - best["gap_at_random"]).median(),
    }
