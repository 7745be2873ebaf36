r"""Equal singular values for the gradient of a small batch, whose rank is low.

:math:`G G^T = L L^T` with as many columns of L as G has rank, by Cholesky with pivots; then
:math:`(G G^T)^{-1/2} G = L (L^T L)^{-3/2} L^T G`, whose inverse root is of a small matrix. As
`experiments.methods.spectra.equalized` but for the smallest singular values, and cheaper, the
more so the fewer examples of a batch still pull. Its sums are in the same orders.
"""

import numpy as np

from experiments.methods.spectra import gram, product
from grokutils.parity.kernels import BLOCK, compiled

STEPS = 20  # 1.5^20 = 3,300: singular values down to a thousandth of the gradient's norm become 1
LEAST = 1e-10  # of the trace of G G^T: what is left of a row below that is rounding


def equalized(matrix: np.ndarray) -> np.ndarray:
    """Return the nearest matrix whose singular values are all 1, or 0 where they were 0.

    Parameters
    ----------
    matrix : array (block, row, 128)
    """
    if not matrix.any():
        return np.zeros_like(matrix)
    squares = gram(matrix)
    trace = float(sum(squares.diagonal().tolist()))
    factor = np.ascontiguousarray(cholesky(squares / trace, LEAST))
    y = rows_by_rows(factor)
    z, one = np.eye(len(y)), np.eye(len(y))
    for _ in range(STEPS):
        t = (3 * one - product(z, y)) / 2
        y, z = product(y, t), product(t, z)
    cube = product(product(z, z), z)
    few = combined(cube / np.sqrt(trace), combined(factor, matrix))
    return combined(np.ascontiguousarray(factor.T), few)


@compiled
def cholesky(squares, least):
    """Return L^T (column, row) of L L^T = a matrix; a column is left out if it is that small."""
    rows, rest = len(squares), np.empty(len(squares))
    found = np.zeros((rows, rows))
    for r in range(rows):
        rest[r] = squares[r, r]
    for k in range(rows):
        pivot = np.argmax(rest)
        if rest[pivot] <= least:
            return found[:k]
        column = found[k]
        for r in range(rows):
            column[r] = squares[r, pivot]
        for j in range(k):
            share, earlier = found[j, pivot], found[j]
            for r in range(rows):
                column[r] -= share * earlier[r]
        root = np.sqrt(column[pivot])
        for r in range(rows):
            column[r] /= root
            rest[r] -= column[r] * column[r]
        rest[pivot] = 0
    return found


@compiled
def rows_by_rows(factor):
    """Return L^T L of L^T (column, row)."""
    number = len(factor)
    sums = np.zeros((number, number))
    for i in range(number):
        for j in range(i + 1):
            for r in range(factor.shape[1]):
                sums[i, j] += factor[i, r] * factor[j, r]
            sums[j, i] = sums[i, j]
    return sums


@compiled
def combined(mixture, matrix):
    """Return M G of M (row, source) and G (source, neuron), the latter and the result in blocks."""
    result = np.zeros((len(matrix), len(mixture), BLOCK), matrix.dtype)
    for b in range(len(matrix)):
        for r in range(len(mixture)):
            total = result[b, r]
            for s in range(matrix.shape[1]):
                factor, row = mixture[r, s], matrix[b, s]
                for n in range(BLOCK):
                    total[n] += factor * row[n]
    return result
