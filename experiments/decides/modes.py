"""S9 and S10: wrong labels, two modes, and the states that runs pass through."""

import numpy as np
import pandas as pd

from experiments.decides.examples import nearest_half, share_between, shortest, success
from experiments.decides.fits import bimodality, explained, rank_correlation, ratio
from experiments.decides.states import as_array, shares, states
from experiments.decides.times import median, timed

NOISY = ["label_noise", "n_train", "weight_decay"]


def most_coexistence(noise) -> pd.Series:
    """Return, of each setting with wrong labels, how far its runs both generalize and memorize.

    The median over seeds of the lesser of test accuracy and share of wrong labels fitted.
    """
    both = np.minimum(noise["fresh_accuracy"], noise["wrong_fitted"])
    return both.groupby([noise[c] for c in NOISY]).median()


def s9(noise) -> dict:
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


def s10(examples, paths, **options) -> dict:
    """Return what decides S10, from the tables of examples and paths; see `by_states`."""
    near = nearest_half(examples)
    changes = success(timed(shortest(examples)), "n_train").diff().abs()
    return {
        "share_between": share_between(near),
        "bimodality": bimodality(near["fresh_accuracy"]),
        "steepest_change": changes.max(),
    } | by_states(paths, **options)


def by_states(paths, candidates=range(2, 9)) -> dict:
    """Return the quantities of S10 that ask the latent states for the generalization epoch.

    The model is fitted to every other run; what it explains is judged on the others. Runs that do
    not generalize within theirs have no epoch to explain and are left out.
    """
    paths = paths.dropna(subset=["memorization_epoch", "generalization_epoch"])
    runs = paths.groupby("seed").first()
    values, epochs = as_array(paths)
    fitted = np.arange(len(runs)) % 2 == 0
    path = states(values, fitted, candidates)
    memorized, target = (
        runs[f"{event}_epoch"].to_numpy() for event in ("memorization", "generalization")
    )
    early = np.searchsorted(epochs, memorized + 20, side="right")
    until = np.searchsorted(epochs, target, side="left")
    return {
        "explained_by_whole_run": explained(shares(path)[:, 1:], target, fitted),
        "explained_by_early_states": explained(shares(path, early)[:, 1:], target, fitted),
        "early_fall_is_fast": rank_correlation(runs["early_change_of_norm"], target),
        "detour_cost": detour_cost(shares(path, until) > 0, target, fitted),
    }


def detour_cost(visits, target, fitted) -> float:
    """Return how much later runs generalize that visit the costliest optional state.

    Optional is a state that between 1 in 20 and 19 in 20 of the fitted runs visit; the costliest
    of them is chosen on the fitted runs and judged on the others. NaN if there is none.
    """

    def cost(state, rows):
        seen = visits[:, state] & rows
        unseen = ~visits[:, state] & rows
        if not seen.any() or not unseen.any():
            return np.nan
        return ratio(median(target[seen]), median(target[unseen]))

    often = visits[fitted].mean(axis=0)
    optional = np.flatnonzero((often >= 0.05) & (often <= 0.95))
    if len(optional) == 0:
        return np.nan
    costliest = max(optional, key=lambda state: cost(state, fitted))
    return cost(costliest, ~fitted)
