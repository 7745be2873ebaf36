"""The Markov model: equal to summing over all paths, never worse by a step, and right."""

from itertools import pairwise, product

import numpy as np
import pytest

from experiments.decides.markov import (
    Markov,
    first_guess,
    fit,
    improve,
    information_criterion,
    log_density,
    most_likely_states,
    passes,
)

MODEL = Markov(
    np.log([0.7, 0.3]),
    np.log([[0.9, 0.1], [0.2, 0.8]]),
    np.array([[0.0, 1.0], [3.0, -1.0]]),
    np.array([[1.0, 0.5], [2.0, 1.0]]),
)


def drawn(model, n_runs, length, seed=0):
    rng = np.random.default_rng(seed)
    path = np.empty((n_runs, length), dtype=int)
    for run in range(n_runs):
        path[run, 0] = rng.choice(2, p=np.exp(model.log_start))
        for t in range(1, length):
            path[run, t] = rng.choice(2, p=np.exp(model.log_change[path[run, t - 1]]))
    noise = rng.normal(size=(n_runs, length, 2))
    return path, model.mean[path] + np.sqrt(model.variance[path]) * noise


def every_path(model, values):
    """The log probability of the values of one run with each path, one after the other."""
    density = log_density(model, values[None])[0]
    for path in product(range(2), repeat=len(values)):
        changes = pairwise(path)
        yield (
            path,
            model.log_start[path[0]]
            + sum(model.log_change[a, b] for a, b in changes)
            + sum(density[t, state] for t, state in enumerate(path)),
        )


def test_likelihood_and_likeliest_path_are_those_of_summing_over_all_paths():
    _, values = drawn(MODEL, 3, 6)
    likelihood, forward, backward = passes(MODEL, values)
    likeliest = most_likely_states(MODEL, values)
    for run in range(3):
        found = dict(every_path(MODEL, values[run]))
        assert likelihood[run] == pytest.approx(np.logaddexp.reduce(list(found.values())))
        assert tuple(likeliest[run]) == max(found, key=found.get)
    whole = np.logaddexp.reduce(forward + backward, axis=-1)  # the same at every checkpoint
    np.testing.assert_allclose(whole, np.repeat(likelihood[:, None], 6, axis=1))


def test_a_step_never_makes_the_runs_less_likely():
    _, values = drawn(MODEL, 20, 15)
    model, before = first_guess(values, 3), -np.inf
    for _ in range(25):
        now = passes(model, values)[0].sum()
        assert now > before - 1e-9
        model, before = improve(model, values), now


def test_a_fit_finds_the_model_that_drew_the_runs_and_bic_its_number_of_states():
    path, values = drawn(MODEL, 150, 20)
    model = fit(values, 2)
    order = np.argsort(model.mean[:, 0])
    np.testing.assert_allclose(model.mean[order], MODEL.mean, atol=0.15)
    changes = np.exp(model.log_change[order][:, order])
    np.testing.assert_allclose(changes, np.exp(MODEL.log_change), atol=0.05)
    assert (np.argsort(order)[most_likely_states(model, values)] == path).mean() > 0.95
    criteria = [information_criterion(fit(values, n), values) for n in (1, 2, 3)]
    assert np.argmin(criteria) == 1


def test_a_state_as_tight_as_a_point_keeps_a_positive_variance():
    values = np.zeros((5, 8, 2))
    values[:, 4:] = 1
    model = fit(values, 2)
    assert (model.variance > 0).all()
    assert (most_likely_states(model, values) == (np.arange(8) >= 4)).all()
