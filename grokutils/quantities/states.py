"""Latent states of training: a hidden Markov model of simple statistics of the weights.

Hu et al. 2023 (arXiv:2308.09543) fit such a model to checkpoints of many runs and read the
states that a run visits as its path. The library is pomegranate's.
"""

import numpy as np
import torch
from pomegranate.distributions import Normal
from pomegranate.hmm import DenseHMM

STATISTICS = ("train_loss", "norm", "mean_size", "largest_neuron", "spread_of_biases", "top_share")


def as_array(paths):
    """Return the statistics of a table of paths as (run, checkpoint, statistic), and the epochs."""
    epochs = sorted({int(c.rsplit("_", 1)[1]) for c in paths.columns if c.startswith("norm_")})
    columns = [[f"{name}_{epoch:03d}" for name in STATISTICS] for epoch in epochs]
    return np.stack([paths[names].to_numpy(float) for names in columns], axis=1), np.array(epochs)


def standardized(values, fitted):
    """Return the statistics with mean 0 and variance 1 over the fitted runs, logarithms taken."""
    logs = np.log(np.maximum(values, 1e-6))
    known = logs[fitted].reshape(-1, logs.shape[-1])
    return (logs - known.mean(axis=0)) / known.std(axis=0)


def fit(values, n_states):
    """Fit a Gaussian hidden Markov model with independent statistics.

    States begin as equal parts of the time, so that the fit draws no random number.

    Parameters
    ----------
    values : array (run, checkpoint, statistic)
    n_states : int
    """
    parts = np.array_split(np.arange(values.shape[1]), n_states)
    flat = [values[:, part].reshape(-1, values.shape[-1]) for part in parts]
    normals = [
        Normal(torch.tensor(v.mean(axis=0)), torch.tensor(v.var(axis=0) + 0.1), "diag")
        for v in flat
    ]
    stay, leave = 0.8, 0.2 / (n_states - 1)
    edges = np.full((n_states, n_states), leave) + (stay - leave) * np.eye(n_states)
    starts = np.full(n_states, 1 / n_states)
    model = DenseHMM(normals, edges=edges, starts=starts, ends=starts, max_iter=50, tol=1e-3)
    model.fit(torch.tensor(values))
    return model


def information_criterion(model, values):
    """Return BIC: -2 log-likelihood plus the number of parameters times log of the data's."""
    n_states = len(model.distributions)
    parameters = n_states * (n_states - 1) + 2 * n_states * values.shape[-1]
    likelihood = model.log_probability(torch.tensor(values)).sum().item()
    return -2 * likelihood + parameters * np.log(values.shape[0] * values.shape[1])


def states(values, fitted, candidates=range(2, 9)):
    """Return the states (run, checkpoint) by the model with the least BIC on the fitted runs."""
    values = standardized(values, fitted)
    models = [fit(values[fitted], n) for n in candidates]
    best = min(models, key=lambda model: information_criterion(model, values[fitted]))
    return best.predict(torch.tensor(values)).numpy()


def shares(path, until=None):
    """Return the share of the checkpoints that each run spends in each state, (run, state).

    `until`, (run,), is the number of checkpoints that count; by default all.
    """
    until = np.full(len(path), path.shape[1]) if until is None else np.asarray(until)
    counted = np.arange(path.shape[1]) < until[:, None]
    return (
        np.stack([((path == s) & counted).sum(axis=1) for s in range(path.max() + 1)], 1)
        / (until[:, None])
    )
