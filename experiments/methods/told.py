"""How many bits of the answer the weights of a start tell."""

import math

import numpy as np


def bits_told(hidden_weight: np.ndarray, k_relevant: int) -> float:
    """Return log₂ of how much likelier than by chance a neuron's inputs are the relevant ones.

    Of a neuron drawn at random, k different inputs are drawn, a set S with a chance in proportion
    to the product of their squared weights. A neuron with fewer than k inputs never draws them.

    Parameters
    ----------
    hidden_weight : array (neuron, bit)
        The relevant bits first.
    k_relevant : int

    Returns
    -------
    float
        At most log₂ C(bits, k); minus infinity if no neuron can draw the relevant ones.
    """
    squares = np.square(hidden_weight, dtype=float)
    largest = squares.max(axis=1, keepdims=True)
    squares = squares / np.where(largest > 0, largest, 1)
    sums = np.zeros((k_relevant + 1, len(squares)))  # of all products of so many
    sums[0] = 1
    for column in squares.T:
        sums[1:] += column * sums[:-1]
    relevant = np.ones(len(squares))
    for column in squares.T[:k_relevant]:
        relevant *= column
    chances = np.divide(relevant, sums[-1], out=np.zeros(len(squares)), where=sums[-1] > 0)
    chance = math.fsum(chances) / len(chances)
    by_chance = math.comb(squares.shape[1], k_relevant)
    return math.log2(chance * by_chance) if chance else -math.inf
