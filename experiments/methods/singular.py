r"""The singular values of W, and its singular directions among the inputs.

The effective rank is the entropy of the singular values over their sum,
:math:`-\sum_i p_i \ln p_i` (Yunis et al. 2024, arXiv:2408.11804, section 2): ln r for r equal ones.
All digits but the first are LAPACK's.
"""

import numpy as np


def spectrum(hidden_weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the singular values of W (neuron, bit), the largest first, and their directions.

    From the eigenvectors of the small matrix W^T W.

    Returns
    -------
    values : numpy.ndarray (direction,)
    directions : numpy.ndarray (bit, direction)
        The right singular vectors.
    """
    squares, directions = np.linalg.eigh(hidden_weight.T @ hidden_weight)
    return np.sqrt(squares[::-1].clip(min=0)), directions[:, ::-1]


def effective_rank(values: np.ndarray) -> float:
    """Return the entropy of singular values, in nats; 0 if there is at most one."""
    if not values.any():
        return 0.0
    share = values[values > 0] / values.sum()
    return float(-(share * np.log(share)).sum())


def energy(values: np.ndarray, number: int) -> float:
    """Return the share of the first so many values in the sum of all squares."""
    return float((values[:number] ** 2).sum() / (values**2).sum())


def overlap(directions: np.ndarray, k_relevant: int) -> float:
    """Return how much of the first k directions lies on the k relevant bits; k/n by chance."""
    return float((directions[:k_relevant, :k_relevant] ** 2).sum() / k_relevant)


def projected(hidden_weight: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """Return W with the part alone that lies along some directions (bit, direction)."""
    return hidden_weight @ directions @ directions.T
