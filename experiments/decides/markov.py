"""A hidden Markov model with Gaussian states, fitted to many runs at once, in double precision.

The kept libraries did not serve: hmmlearn must be compiled where there is no wheel for a new
Python, pomegranate computes in single precision, in which variances of tight states come out
negative. This is the algorithm of Baum and Welch as textbooks have it, over all runs at once.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import logsumexp


class Markov(NamedTuple):
    """A model of K states: how runs begin, how they change state, what a state looks like."""

    log_start: np.ndarray  # (state,)
    log_change: np.ndarray  # (from state, to state)
    mean: np.ndarray  # (state, statistic)
    variance: np.ndarray  # (state, statistic)


def first_guess(values: np.ndarray, n_states: int) -> Markov:
    """Return the model whose states are equal parts of the time, so that no number is drawn."""
    parts = np.array_split(np.arange(values.shape[1]), n_states)
    of_part = [values[:, part].reshape(-1, values.shape[-1]) for part in parts]
    change = np.full((n_states, n_states), 0.2 / max(n_states - 1, 1))
    np.fill_diagonal(change, 0.8 if n_states > 1 else 1)
    return Markov(
        np.full(n_states, -np.log(n_states)),
        np.log(change),
        np.array([v.mean(axis=0) for v in of_part]),
        np.array([v.var(axis=0) + 0.1 for v in of_part]),
    )


def log_density(model: Markov, values: np.ndarray) -> np.ndarray:
    """Return the log density of each checkpoint in each state, (run, checkpoint, state)."""
    away = values[:, :, None] - model.mean
    return -0.5 * (away**2 / model.variance + np.log(2 * np.pi * model.variance)).sum(axis=-1)


def passes(model: Markov, values: np.ndarray) -> tuple:
    """Return the log likelihoods (run,) and the forward and backward passes, logs of both.

    Forward: of the checkpoints up to one, with the state there; backward: of those after it,
    given that state.
    """
    density = log_density(model, values)
    forward, backward = np.empty_like(density), np.zeros_like(density)
    forward[:, 0] = model.log_start + density[:, 0]
    for t in range(1, values.shape[1]):
        before = logsumexp(forward[:, t - 1, :, None] + model.log_change, axis=1)
        forward[:, t] = before + density[:, t]
    for t in range(values.shape[1] - 2, -1, -1):
        after = (density[:, t + 1] + backward[:, t + 1])[:, None]
        backward[:, t] = logsumexp(model.log_change + after, axis=2)
    return logsumexp(forward[:, -1], axis=1), forward, backward


def improve(model: Markov, values: np.ndarray, least_variance: float = 1e-3) -> Markov:
    """Return the model after one step of expectation and maximization."""
    likelihood, forward, backward = passes(model, values)
    occupied = np.exp(forward + backward - likelihood[:, None, None])
    next_ones = (log_density(model, values) + backward)[:, 1:, None]
    pairs = forward[:, :-1, :, None] + model.log_change + next_ones
    changes = np.exp(pairs - likelihood[:, None, None, None]).sum(axis=(0, 1)) + 1e-9
    weight = occupied.sum(axis=(0, 1))[:, None] + 1e-9
    mean = np.einsum("rtk,rts->ks", occupied, values) / weight
    away = (values[:, :, None] - mean) ** 2
    variance = np.einsum("rtk,rtks->ks", occupied, away) / weight
    return Markov(
        np.log(occupied[:, 0].mean(axis=0) + 1e-9),
        np.log(changes / changes.sum(axis=1, keepdims=True)),
        mean,
        np.maximum(variance, least_variance),
    )


def fit(values: np.ndarray, n_states: int, steps: int = 50, tolerance: float = 1e-3) -> Markov:
    """Fit a model of so many states to values (run, checkpoint, statistic).

    Until the mean log likelihood a run gains less than the tolerance, or for so many steps.
    """
    model, before = first_guess(values, n_states), -np.inf
    for _ in range(steps):
        model = improve(model, values)
        now = passes(model, values)[0].mean()
        if now - before < tolerance:
            break
        before = now
    return model


def most_likely_states(model: Markov, values: np.ndarray) -> np.ndarray:
    """Return the likeliest path of each run (run, checkpoint), after Viterbi."""
    density = log_density(model, values)
    best, came_from = model.log_start + density[:, 0], []
    for t in range(1, values.shape[1]):
        candidates = best[:, :, None] + model.log_change
        came_from.append(candidates.argmax(axis=1))
        best = candidates.max(axis=1) + density[:, t]
    path = [best.argmax(axis=1)]
    for back in came_from[::-1]:
        path.append(np.take_along_axis(back, path[-1][:, None], axis=1)[:, 0])
    return np.stack(path[::-1], axis=1)


def information_criterion(model: Markov, values: np.ndarray) -> float:
    """Return BIC: -2 log likelihood plus the number of parameters times log of the data's."""
    n_states, n_statistics = model.mean.shape
    parameters = n_states**2 - 1 + 2 * n_states * n_statistics
    likelihood = passes(model, values)[0].sum()
    return -2 * likelihood + parameters * np.log(values.shape[0] * values.shape[1])
