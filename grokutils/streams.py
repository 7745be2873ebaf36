"""Every source of randomness: a stream of its own for each purpose and seed."""

import numpy as np

from grokutils.check import check_integer


def generator(purpose: str, seed: int = 0) -> np.random.Generator:
    """Return a generator of its own for each pair of purpose and seed.

    Streams of different purposes never share a draw, so drawing more of one leaves the
    others as they were. PCG64 gives the same numbers on every platform.
    """
    check_integer("seed", seed, at_least=0)
    return np.random.default_rng([int(seed), *purpose.encode()])
