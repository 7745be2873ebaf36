"""A few dozen small random networks, and inputs for them."""

import numpy as np

from grokutils.parity.task import sign_patterns
from grokutils.parity.weights import Weights

INPUTS = sign_patterns(5)[::2][:11]

WIDTH = 9


def random_net(seed, n_bits=5, width=WIDTH):
    rng = np.random.default_rng(seed)
    return Weights(
        rng.normal(size=(width, n_bits)), rng.normal(size=width) / 2, rng.normal(size=width)
    )


NETS = [random_net(seed) for seed in range(60)]
