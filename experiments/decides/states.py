"""Latent states of training: a hidden Markov model of simple statistics of the weights.

Hu et al. 2023 (arXiv:2308.09543) fit such a model to checkpoints of many runs and read the
states that a run visits as its path.
"""

import numpy as np

from experiments.decides.markov import fit, information_criterion, most_likely_states

STATISTICS = ("train_loss", "norm", "mean_size", "largest_neuron", "spread_of_biases", "top_share")


def as_array(paths) -> tuple[np.ndarray, np.ndarray]:
    """Return the statistics of a table of paths as (run, checkpoint, statistic), and the epochs.

    Runs in the order of their seeds; each has the same checkpoints.
    """
    ordered = paths.sort_values(["seed", "epoch"])
    epochs = np.unique(ordered["epoch"])
    values = ordered[list(STATISTICS)].to_numpy(float)
    return values.reshape(-1, len(epochs), len(STATISTICS)), epochs


def standardized(values, fitted) -> np.ndarray:
    """Return logarithms of the statistics, with mean 0 and variance 1 over the fitted runs."""
    logs = np.log(np.maximum(values, 1e-6))
    known = logs[fitted].reshape(-1, logs.shape[-1])
    return (logs - known.mean(axis=0)) / known.std(axis=0)


def states(values, fitted, candidates=range(2, 9)) -> np.ndarray:
    """Return the states (run, checkpoint) by the model with the least BIC on the fitted runs."""
    values = standardized(values, fitted)
    models = [fit(values[fitted], n) for n in candidates]
    best = min(models, key=lambda model: information_criterion(model, values[fitted]))
    return most_likely_states(best, values)


def shares(path, until=None) -> np.ndarray:
    """Return the share of the checkpoints that each run spends in each state, (run, state).

    `until`, (run,), is the number of checkpoints that count; by default all.
    """
    until = np.full(len(path), path.shape[1]) if until is None else np.asarray(until)
    counted = np.arange(path.shape[1]) < until[:, None]
    in_state = [((path == s) & counted).sum(axis=1) for s in range(path.max() + 1)]
    return np.stack(in_state, axis=1) / until[:, None]
