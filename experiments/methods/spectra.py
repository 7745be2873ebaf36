r"""Compiled sums of products of gradients, each in an order that is written down here.

As in `grokutils.parity.kernels`, arrays over neurons are cut into blocks of 128, none of these
sums is reordered and no multiply-add is fused. Sums over rows: one after the other, lane by
lane. Sums over neurons in `gram`: in their order. Sums over the inner index of a product of
matrices: in its order.
"""

import numpy as np

from grokutils.parity.kernels import BLOCK, compiled

STEPS = 12  # 1.5^12 = 130: singular values down to a hundredth of the gradient's norm become 1


@compiled
def products(one, other):
    """Return for each neuron the sum over the rows of one * other, (block, 128)."""
    sums = np.zeros((len(one), BLOCK), one.dtype)
    for b in range(len(one)):
        for r in range(one.shape[1]):
            total, x, y = sums[b], one[b, r], other[b, r]
            for n in range(BLOCK):
                total[n] += x[n] * y[n]
    return sums


@compiled
def gram(matrix):
    """Return G G^T of G (row, neuron), given as (block, row, 128)."""
    rows = matrix.shape[1]
    sums, turned = np.zeros((rows, rows), matrix.dtype), np.empty((BLOCK, rows), matrix.dtype)
    for b in range(len(matrix)):
        for n in range(BLOCK):
            for r in range(rows):
                turned[n, r] = matrix[b, r, n]
        for n in range(BLOCK):
            column = turned[n]
            for r in range(rows):
                total, factor = sums[r], column[r]
                for s in range(rows):
                    total[s] += factor * column[s]
    return sums


@compiled
def product(one, other):
    """Return the product of two square matrices."""
    size = len(one)
    result = np.zeros((size, size), one.dtype)
    for i in range(size):
        for k in range(size):
            total, factor, row = result[i], one[i, k], other[k]
            for j in range(size):
                total[j] += factor * row[j]
    return result


@compiled
def mixed(mixture, matrix):
    """Return M G of M (row, row) and G (row, neuron), the latter and the result in blocks."""
    result = np.zeros_like(matrix)
    for b in range(len(matrix)):
        for r in range(matrix.shape[1]):
            total = result[b, r]
            for s in range(matrix.shape[1]):
                factor, row = mixture[r, s], matrix[b, s]
                for n in range(BLOCK):
                    total[n] += factor * row[n]
    return result


def equalized(matrix: np.ndarray) -> np.ndarray:
    r"""Return the nearest matrix whose singular values are all 1, or 0 where they were 0.

    :math:`(G G^T)^{-1/2} G` by the coupled iteration of Newton and Schulz: with Y_0 = G G^T over
    its trace and Z_0 = 1, T = (3 - Z Y) / 2, Y <- Y T, Z <- T Z, where Z tends to the inverse
    root. After so few steps as these, singular values below a hundredth of the norm of G are
    still smaller than 1, as befits what is rounding at the end of the scale.

    Parameters
    ----------
    matrix : array (block, row, 128)
    """
    squares = gram(matrix)
    trace = float(sum(squares.diagonal().tolist()))
    if trace == 0:
        return np.zeros_like(matrix)
    y, z, one = squares / trace, np.eye(len(squares)), np.eye(len(squares))
    for _ in range(STEPS):
        t = (3 * one - product(z, y)) / 2
        y, z = product(y, t), product(t, z)
    return mixed(z / np.sqrt(trace), matrix)
