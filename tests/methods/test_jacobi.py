"""Rotations against LAPACK's decompositions."""

import numpy as np
import pytest

from experiments.methods.jacobi import eigen, singular_directions

RNG = np.random.default_rng(0)
WIDE = RNG.normal(size=(30, 7)) * 10.0 ** -np.arange(7)  # columns of very different sizes
FEW = RNG.normal(size=(30, 2)) @ RNG.normal(size=(2, 7))  # of rank two


@pytest.mark.parametrize("weights", [WIDE, FEW, np.zeros((5, 3)), np.eye(4)])
def test_eigenvalues_are_those_of_the_decomposition(weights):
    squares = weights.T @ weights
    values, vectors = eigen(squares)
    np.testing.assert_allclose(np.sort(values), np.linalg.eigvalsh(squares), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(len(values)), atol=1e-12)
    np.testing.assert_allclose(vectors * values @ vectors.T, squares, atol=1e-10)


def test_directions_come_by_falling_singular_value():
    found, expected = singular_directions(WIDE), np.linalg.svd(WIDE)[2]
    np.testing.assert_allclose(np.abs(np.sum(found.T * expected, axis=1)), 1)
