"""The singular directions of W to the last digit alike on every machine, which LAPACK's are not.

By the rotations of Jacobi on W^T W, cyclic by rows. Every sum is in an order that is written down
here, and nothing but products, quotients and roots of single numbers is taken.
"""

import numpy as np

SWEEPS = 30  # it converges quadratically: some eight suffice for 40 bits


def singular_directions(hidden_weight: np.ndarray) -> np.ndarray:
    """Return the right singular vectors of W (neuron, bit) as (bit, direction).

    By falling singular value; of equal ones, in the order in which the rotations leave them.
    """
    squares = np.zeros((hidden_weight.shape[1],) * 2)
    for neuron in np.asarray(hidden_weight, float):
        squares += neuron[:, None] * neuron
    values, directions = eigen(squares)
    return directions[:, np.argsort(-values, kind="stable")]


def eigen(symmetric: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the eigenvalues of a symmetric matrix, in no order, and its eigenvectors as columns.

    Rotate each pair of rows and columns until all entries beside the diagonal are rounding.
    """
    a, size = np.array(symmetric, float), len(symmetric)
    vectors = np.eye(size)  # as rows until the end
    for _ in range(SWEEPS):
        at_rest = True
        for p in range(size - 1):
            for q in range(p + 1, size):
                beside = np.finfo(float).eps * np.sqrt(abs(a[p, p] * a[q, q]))
                if abs(a[p, q]) <= beside:
                    continue
                at_rest = False
                c, s = _rotation(a[p, p], a[q, q], a[p, q])
                for rows in (a, a.T, vectors):
                    rows[p], rows[q] = c * rows[p] - s * rows[q], s * rows[p] + c * rows[q]
        if at_rest:
            break
    return a.diagonal().copy(), vectors.T


def _rotation(at_p, at_q, between):
    """Return cosine and sine of the smaller angle that makes the entry between two places 0."""
    theta = (at_q - at_p) / (2 * between)
    t = (1.0 if theta >= 0 else -1.0) / (abs(theta) + np.sqrt(theta * theta + 1))
    c = 1 / np.sqrt(t * t + 1)
    return c, t * c
