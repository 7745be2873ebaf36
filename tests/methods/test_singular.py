"""Singular values against numpy's decomposition and against cases that are known."""

import numpy as np
import pytest

from experiments.methods.singular import effective_rank, energy, overlap, projected, spectrum

WEIGHTS = np.random.default_rng(0).normal(size=(30, 7))


def test_the_spectrum_is_that_of_the_decomposition():
    values, directions = spectrum(WEIGHTS)
    _, expected, rows = np.linalg.svd(WEIGHTS, full_matrices=False)
    np.testing.assert_allclose(values, expected)
    np.testing.assert_allclose(np.abs(np.sum(directions.T * rows, axis=1)), 1)


def test_effective_rank_counts_equal_directions():
    assert effective_rank(np.array([2.0, 2, 2, 0])) == pytest.approx(np.log(3))
    assert effective_rank(np.array([1.0, 0, 0])) == 0
    assert effective_rank(np.zeros(3)) == 0
    assert 0 < effective_rank(np.array([1.0, 0.1])) < np.log(2)


def test_energy_is_of_squares_and_overlap_of_the_relevant_bits():
    assert energy(np.array([3.0, 4.0, 0.0]), 1) == pytest.approx(9 / 25)
    relevant = np.zeros((30, 7))
    relevant[:, :2] = WEIGHTS[:, :2]
    _, directions = spectrum(relevant)
    assert overlap(directions, 2) == pytest.approx(1)
    assert overlap(np.eye(7)[:, ::-1], 2) == 0


def test_what_is_projected_on_all_directions_stays_and_halves_add_up():
    _, directions = spectrum(WEIGHTS)
    np.testing.assert_allclose(projected(WEIGHTS, directions), WEIGHTS)
    halves = [projected(WEIGHTS, part) for part in (directions[:, :3], directions[:, 3:])]
    np.testing.assert_allclose(sum(halves), WEIGHTS)
    assert np.linalg.matrix_rank(halves[0]) == 3
    assert np.linalg.norm(halves[0]) > np.linalg.norm(projected(WEIGHTS, directions[:, 4:]))
