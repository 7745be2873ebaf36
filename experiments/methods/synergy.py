r"""O-information of groups of neurons: whether they tell more together than each for itself.

.. math:: \Omega(Z) = (n - 2) H(Z) + \sum_j [H(Z_j) - H(Z_{-j})]

of n variables, negative where synergy outweighs redundancy; after Clauw et al. 2024
(arXiv:2408.08944), with entropies of a Gaussian copula: each variable is replaced by the normal
scores of its ranks, whose correlations R give H = (n ln 2πe + ln det R) / 2. The constants cancel.
"""

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from scipy.special import ndtri
from scipy.stats import rankdata

RIDGE = 1e-6  # noise added to each score, so that two equal groups share no infinity


def grouped(values: np.ndarray, *numbers: int) -> list[np.ndarray]:
    """Return the mean activations (sample, group) of so many groups of neurons that fire alike.

    Ward's clusters of the standardized activations; a neuron that never changes is in none.

    Parameters
    ----------
    values : array (sample, neuron)
        Activations.
    *numbers : int
        The groups of each answer; all are cut from one tree.
    """
    values = values[:, np.ptp(values, axis=0) > 0]
    if values.shape[1] < 2:
        return [values for _ in numbers]
    distance = np.sqrt((2 - 2 * np.corrcoef(values.T)).clip(min=0))
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), "ward")
    return [_means(values, fcluster(tree, number, "maxclust")) for number in numbers]


def _means(values, group):
    return np.stack([values[:, group == g].mean(axis=1) for g in np.unique(group)], axis=1)


def correlations(values: np.ndarray) -> np.ndarray:
    """Return the correlations of normal scores of values (sample, variable)."""
    scores = ndtri(rankdata(values, axis=0) / (len(values) + 1))
    found = np.corrcoef(scores.T)
    return (found + RIDGE * np.eye(len(found))) / (1 + RIDGE)


def o_information(correlation: np.ndarray) -> np.ndarray:
    """Return Ω in nats of every set of variables, (set,); of a set of fewer than two it is 0.

    The set of place s has the variables whose bits are 1 in the number s.
    """
    size = len(correlation)
    log_det, omega = np.zeros(2**size), np.zeros(2**size)
    places = np.arange(2**size)
    members = (places[:, None] >> np.arange(size)) & 1 == 1
    for number in range(2, size + 1):
        sets = places[members.sum(axis=1) == number]
        chosen = np.array([np.flatnonzero(members[s]) for s in sets])
        parts = correlation[chosen[:, :, None], chosen[:, None, :]]
        log_det[sets] = np.linalg.slogdet(parts)[1]
        left_out = log_det[sets[:, None] ^ (1 << chosen)].sum(axis=1)
        omega[sets] = ((number - 2) * log_det[sets] - left_out) / 2
    return omega


def synergy(values: np.ndarray) -> float:
    """Return minus the least Ω over all sets of variables of (sample, variable); at least 0."""
    if values.shape[1] < 3:
        return 0.0
    return float(-o_information(correlations(values)).min())
