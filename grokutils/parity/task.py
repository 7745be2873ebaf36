"""Sparse parity: draw examples, label them, and solve the task without a network."""

from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np

from grokutils.check import check_integer, check_number, check_signs
from grokutils.streams import generator


class Examples(NamedTuple):
    """Inputs (sample, bit) and labels (sample,), all -1 or +1, as 8-bit integers."""

    inputs: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True, kw_only=True)
class ParityTask:
    r"""Describe (n, k)-sparse parity, :math:`y = \prod_{i \in S} x_i` with :math:`|S| = k`.

    Inputs are uniform on {-1, +1}^n. By symmetry S is the first k bits (paper, section 2).

    Parameters
    ----------
    n_bits : int
        n, the length of an input.
    k_relevant : int
        k, the number of bits that decide the label.
    n_train, n_test : int
        Number of training and of test examples.
    label_noise : float
        Share of the training labels that are wrong; the test labels are right.

    Raises
    ------
    ValueError
        Naming the field that is out of range.
    """

    n_bits: int = 40
    k_relevant: int = 3
    n_train: int = 1000
    n_test: int = 100
    label_noise: float = 0.0

    def __post_init__(self):
        check_integer("n_bits", self.n_bits, at_least=1)
        check_integer("k_relevant", self.k_relevant, at_least=1, at_most=self.n_bits)
        check_integer("n_train", self.n_train, at_least=1)
        check_integer("n_test", self.n_test, at_least=1)
        check_number("label_noise", self.label_noise, at_least=0, at_most=1)

    def label(self, inputs: np.ndarray) -> np.ndarray:
        """Return the labels (sample,) of inputs (sample, bit): the product of the first k bits."""
        return np.prod(inputs[:, : self.k_relevant], axis=1, dtype=np.int8)

    def draw(self, n_samples: int, rng: np.random.Generator) -> Examples:
        """Draw `n_samples` independent examples from the generator `rng`."""
        check_integer("n_samples", n_samples, at_least=1)
        inputs = rng.integers(0, 2, size=(n_samples, self.n_bits), dtype=np.int8) * 2 - 1
        return Examples(inputs, self.label(inputs))

    def train_set(self, seed: int) -> Examples:
        """Draw the training set of one seed."""
        inputs, labels = self.draw(self.n_train, generator("train set", seed))
        return Examples(inputs, np.where(self.wrong_labels(seed), -labels, labels))

    def wrong_labels(self, seed: int) -> np.ndarray:
        """Return which labels of a seed's training set are wrong, (sample,), as a mask.

        The same stream for every share, so a larger share adds to the wrong ones.
        """
        order = generator("wrong labels", seed).permutation(self.n_train)
        return np.argsort(order) < round(self.label_noise * self.n_train)

    def test_set(self) -> Examples:
        """Draw the test set, the same for all seeds (as in the paper)."""
        return self.draw(self.n_test, generator("test set"))

    def fresh_set(self, n_samples: int, seed: int = 0) -> Examples:
        """Draw examples independent of the training and test sets of every seed."""
        return self.draw(n_samples, generator("fresh set", seed))


def sign_patterns(n_bits: int) -> np.ndarray:
    """Return all 2^n inputs of `n_bits` bits as (pattern, bit), from all -1 to all +1."""
    check_integer("n_bits", n_bits, at_least=1, at_most=20)
    return ((np.arange(2**n_bits)[:, None] >> np.arange(n_bits)[::-1]) % 2 * 2 - 1).astype(np.int8)


def consistent_subsets(inputs: np.ndarray, labels: np.ndarray, k_relevant: int) -> list[tuple]:
    """List the sets of k bits whose product is the label on every example.

    Exhaustive: the cost grows as n choose k. Returns a list of tuples of bit indices.
    """
    inputs = check_signs("inputs", inputs, shape=(None, None)).astype(np.int8)
    labels = check_signs("labels", labels, shape=(len(inputs),))
    check_integer("k_relevant", k_relevant, at_least=1, at_most=inputs.shape[1])
    subsets = np.array(list(combinations(range(inputs.shape[1]), k_relevant)))
    # Most subsets fail within a few examples, so the list shrinks fast.
    for x, y in zip(inputs, labels, strict=True):
        subsets = subsets[np.prod(x[subsets], axis=1) == y]
    return [tuple(subset) for subset in subsets.tolist()]


def solve_linear(inputs: np.ndarray, labels: np.ndarray) -> tuple | None:
    """Find the relevant bits by Gaussian elimination over GF(2); no k is needed.

    With bits z = (1 - x) / 2 the product of signs becomes a sum modulo 2, so the examples are
    linear equations in the indicator of S. Returns the bit indices as a tuple, or None where
    the examples do not determine S (fewer than n of them are independent).

    Raises
    ------
    ValueError
        If no set of bits gives these labels.
    """
    inputs = check_signs("inputs", inputs, shape=(None, None))
    labels = check_signs("labels", labels, shape=(len(inputs),))
    n_bits = inputs.shape[1]
    # A row is one Python integer: bit i is z_i, bit n the right-hand side.
    digits = np.where(np.column_stack([inputs, labels]) < 0, "1", "0")
    rows = [int("".join(row[::-1]), 2) for row in digits]
    pivots: dict[int, int] = {}
    for row in rows:
        for bit, pivot in pivots.items():
            if row >> bit & 1:
                row ^= pivot
        left = row & ((1 << n_bits) - 1)
        if left:
            new = left.bit_length() - 1
            pivots = {b: p ^ row if p >> new & 1 else p for b, p in pivots.items()} | {new: row}
        elif row:
            raise ValueError("labels: no parity of the bits gives these labels")
    if len(pivots) < n_bits:
        return None
    return tuple(bit for bit in range(n_bits) if pivots[bit] >> n_bits & 1)
