"""Equal singular values at a low rank: those of a decomposition, and of the usual iteration."""

import numpy as np
import pytest

from experiments.methods import low_rank, spectra
from grokutils.parity.weights import in_blocks


def packed(matrix):
    return np.ascontiguousarray(in_blocks(matrix).swapaxes(0, 1))


def unpacked(found, width):
    return found.swapaxes(0, 1).reshape(found.shape[1], -1)[:, :width]


@pytest.mark.parametrize(("rank", "least"), [(1, 1.0), (5, 0.1), (32, 0.02), (60, 0.05)])
def test_all_singular_values_become_one_and_the_vectors_stay(rank, least):
    rng = np.random.default_rng(rank)
    u, v = (np.linalg.qr(rng.normal(size=(n, rank)))[0] for n in (60, 150))
    matrix = 1e-3 * (u * np.geomspace(1, least, rank)) @ v.T
    found = unpacked(low_rank.equalized(packed(matrix)), 150)
    np.testing.assert_allclose(found, u @ v.T, atol=1e-5)


def test_it_is_what_the_usual_iteration_gives_and_zero_stays_zero():
    rng = np.random.default_rng(0)
    signs = rng.integers(0, 2, (32, 100)) * 1.0  # inputs of zeros and ones
    matrix = packed(signs.T @ rng.normal(size=(32, 100)))
    found, usual = low_rank.equalized(matrix), spectra.equalized(matrix)
    np.testing.assert_allclose(found, usual, atol=0.1)
    values = np.linalg.svd(unpacked(found, 100), compute_uv=False)
    np.testing.assert_allclose(values[:31], 1, atol=0.01)
    np.testing.assert_allclose(values[32:], 0, atol=1e-9)
    assert (low_rank.equalized(np.zeros_like(matrix)) == 0).all()
