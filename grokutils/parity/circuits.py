"""The paper's hand-built circuits (appendix D), and which of them a network computes like."""

from functools import cache
from itertools import permutations

import numpy as np

from grokutils.check import check_integer
from grokutils.parity.task import sign_patterns
from grokutils.parity.weights import Weights, check_weights


def one_neuron_per_pattern(k_relevant: int = 3) -> Weights:
    """Build Prop. 1: 2^k neurons, each of which fires on one sign pattern of the k bits.

    A disjunctive normal form: neuron s is the AND relu(s·x - (k - 1)), and its readout is the
    parity of s.
    """
    check_integer("k_relevant", k_relevant, at_least=1, at_most=10)
    patterns = sign_patterns(k_relevant).astype(float)
    return Weights(patterns, np.full(len(patterns), 1.0 - k_relevant), patterns.prod(axis=1))


def six_neurons() -> Weights:
    """Build Prop. 2: six neurons for k = 3."""
    hidden = np.array(
        [  # x1, x2, x3, bias, readout
            (-1, -1, 10, -9, -1),
            (-1, -1, 1, -2, 10),
            (1, 1, 1, -2, 10),
            (1, -1, -10, -9, -1),
            (-1, 1, -1, -2, 10),
            (1, -1, -1, -2, 10),
        ],
        dtype=float,
    )
    return Weights(hidden[:, :3], hidden[:, 3], hidden[:, 4])


def four_neurons() -> Weights:
    """Build Prop. 3: four neurons for k = 3, all of which see only the sum of the bits."""
    hidden = np.array(
        [  # x1, x2, x3, bias, readout
            (0, 0, 0, 1, 1),
            (1, 1, 1, -1, 2),
            (1, 1, 1, 1, -1),
            (-1, -1, -1, -1, -1),
        ],
        dtype=float,
    )
    return Weights(hidden[:, :3], hidden[:, 3], hidden[:, 4])


CONSTRUCTIONS = {
    "Prop. 1 (DNF)": one_neuron_per_pattern,
    "Prop. 2 (6 neurons)": six_neurons,
    "Prop. 3 (4 neurons)": four_neurons,
}


def embed(weights: Weights, n_bits: int) -> Weights:
    """Return the same circuit on inputs of `n_bits`, blind to the bits behind its own."""
    weights = check_weights(weights)
    found = weights.hidden_weight.shape[1]
    check_integer("n_bits", n_bits, at_least=found)
    return weights._replace(
        hidden_weight=np.pad(weights.hidden_weight, ((0, 0), (0, n_bits - found)))
    )


def firing(weights: Weights, k_relevant: int = 3) -> np.ndarray:
    """Return which neurons fire on which sign pattern of the first k bits: (neuron, pattern).

    A neuron fires on a pattern if its input is positive there on average over the other bits.
    Patterns are ordered as by `grokutils.parity.task.sign_patterns`.
    """
    weights = check_weights(weights)
    relevant = weights.hidden_weight[:, :k_relevant]
    return relevant @ sign_patterns(k_relevant).T + weights.hidden_bias[:, None] > 0


def canonical(fires: np.ndarray, readout: np.ndarray) -> tuple:
    """Return a circuit's mechanism in a form that is the same for all circuits that match.

    Two circuits match if, after a permutation of the relevant bits and a flip of some of their
    signs, their neurons pair up so that both of a pair fire on the same patterns and their
    readouts have the same sign.

    Parameters
    ----------
    fires : array of bool (neuron, pattern)
        From `firing`.
    readout : array (neuron,)
        Only its signs count.

    Returns
    -------
    tuple
        Of one (patterns, sign) a neuron, sorted.
    """
    k_relevant = int(np.log2(np.shape(fires)[1]))
    signs = np.sign(readout)
    return min(
        tuple(sorted(zip(map(tuple, fires[:, order].tolist()), signs * parity, strict=True)))
        for order, parity in _symmetries(k_relevant)
    )


def mechanism(weights: Weights, k_relevant: int = 3) -> str:
    """Name the construction that a network matches neuron by neuron, or "none".

    See `canonical` for what a match is. A construction for another k never matches.
    """
    ours = canonical(firing(weights, k_relevant), weights.readout)
    for name, build in CONSTRUCTIONS.items():
        circuit = build(k_relevant) if build is one_neuron_per_pattern else build()
        if circuit.hidden_weight.shape[1] != k_relevant:
            continue
        if ours == canonical(firing(circuit, k_relevant), circuit.readout):
            return name
    return "none"


def is_dnf(weights: Weights, k_relevant: int = 3) -> bool:
    """Tell whether each neuron fires on just one sign pattern and every pattern has a neuron.

    Weaker than matching Prop. 1, since several neurons may share a pattern.
    """
    fires = firing(weights, k_relevant)
    return bool((fires.sum(axis=1) == 1).all() and fires.any(axis=0).all())


@cache
def _symmetries(k_relevant):
    """Return how each permutation and sign flip of the bits moves the patterns, and its parity.

    A flipped bit flips the parity, so the readouts take the sign of the flips.
    """
    patterns = sign_patterns(k_relevant)
    place = {tuple(pattern): index for index, pattern in enumerate(patterns.tolist())}
    return [
        ([place[tuple(moved)] for moved in (patterns[:, order] * flips).tolist()], flips.prod())
        for order in permutations(range(k_relevant))
        for flips in patterns
    ]
