"""S10a, S10b: two modes near a threshold, and the latent states of training.

Hu et al. 2023 (arXiv:2308.09543) fit a hidden Markov model to simple statistics of the weights,
over checkpoints of many runs, and read the states that a run visits as its path.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from experiments.decides.event_times import median, timed
from experiments.decides.fits import bimodality, explained, rank_correlation, ratio
from experiments.decides.markov import fit, information_criterion, most_likely_states
from experiments.decides.success import nearest_half, share_between, share_generalized, shortest
from experiments.measured import Measured

STATISTICS = ("train_loss", "norm", "mean_size", "largest_neuron", "spread_of_biases", "top_share")


def s10a(examples: pd.DataFrame) -> dict:
    """Return what decides S10a, from the table of examples: the runs of most seeds."""
    near = nearest_half(shortest(examples))
    shares = share_generalized(timed(shortest(examples)), "n_train")
    seeds = examples["seed"].nunique()
    return {
        "share_between": Measured(share_between(near), len(near)),
        "bimodality": Measured(bimodality(near["fresh_accuracy"]), len(near)),
        "steepest_change": Measured(shares.diff().abs().max(), seeds),
    }


def s10b(paths: pd.DataFrame, candidates: Iterable[int] = range(2, 9)) -> dict:
    """Return what decides S10b: what the latent states say of the generalization epoch.

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
    judged = int((~fitted).sum())
    return {
        "explained_by_whole_run": Measured(explained(shares(path)[:, 1:], target, fitted), judged),
        "explained_by_early_states": Measured(
            explained(shares(path, early)[:, 1:], target, fitted), judged
        ),
        "early_fall_is_fast": Measured(
            rank_correlation(runs["early_change_of_norm"], target), len(runs)
        ),
        "detour_cost": Measured(detour_cost(shares(path, until) > 0, target, fitted), judged),
    }


def detour_cost(visits: np.ndarray, target: np.ndarray, fitted: np.ndarray) -> float:
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


def as_array(paths: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the statistics of a table of paths as (run, checkpoint, statistic), and the epochs.

    Runs in the order of their seeds; each has the same checkpoints.
    """
    ordered = paths.sort_values(["seed", "epoch"])
    epochs = np.unique(ordered["epoch"])
    values = ordered[list(STATISTICS)].to_numpy(float)
    return values.reshape(-1, len(epochs), len(STATISTICS)), epochs


def standardized(values: np.ndarray, fitted: np.ndarray) -> np.ndarray:
    """Return logarithms of the statistics, with mean 0 and variance 1 over the fitted runs."""
    logs = np.log(np.maximum(values, 1e-6))
    known = logs[fitted].reshape(-1, logs.shape[-1])
    return (logs - known.mean(axis=0)) / known.std(axis=0)


def states(
    values: np.ndarray, fitted: np.ndarray, candidates: Iterable[int] = range(2, 9)
) -> np.ndarray:
    """Return the states (run, checkpoint) by the model with the least BIC on the fitted runs."""
    values = standardized(values, fitted)
    models = [fit(values[fitted], n) for n in candidates]
    best = min(models, key=lambda model: information_criterion(model, values[fitted]))
    return most_likely_states(best, values)


def shares(path: np.ndarray, until: np.ndarray | None = None) -> np.ndarray:
    """Return the share of the checkpoints that each run spends in each state, (run, state).

    `until`, (run,), is the number of checkpoints that count; by default all.
    """
    until = np.full(len(path), path.shape[1]) if until is None else np.asarray(until)
    counted = np.arange(path.shape[1]) < until[:, None]
    in_state = [((path == s) & counted).sum(axis=1) for s in range(path.max() + 1)]
    return np.stack(in_state, axis=1) / until[:, None]
