"""Modular addition and division: the settings of a run, the pairs, and who is whose twin."""

from dataclasses import dataclass

import numpy as np
import torch

from grokutils.check import check_choice, check_integer, check_number
from grokutils.streams import generator

OPERATORS = ("addition", "division")


@dataclass(frozen=True, kw_only=True)
class OperatorConfig:
    """Set one run; the defaults are the paper's (appendix A), or say what it leaves open.

    Parameters
    ----------
    operator : {"addition", "division"}
        a + b, or a / b with b not 0, modulo `modulus`.
    modulus : int
        p, a prime. There are p² pairs (a, b) for addition, p (p - 1) for division.
    train_fraction : float
        Share of the pairs that is trained on; the rest is the test set. Not in the paper.
    width, n_layers, n_heads : int
        Of the transformer, see `grokutils.modular.model`.
    embedding_scale : float
        Standard deviation of the initial embeddings. Not in the paper; 0.02 is GPT-2's.
    steps : int
        Updates at most.
    patience : int, optional
        Stop after so many measurements in a row with test accuracy of at least 0.99.
    batch_size : int
        Pairs an update; the last batch of an epoch may be smaller.
    lr, beta_1, beta_2, weight_decay : float
        Of AdamW, on all parameters.

    Raises
    ------
    ValueError
        Naming the field that is out of range.
    """

    operator: str = "addition"
    modulus: int = 97
    train_fraction: float = 0.5
    width: int = 128
    n_layers: int = 2
    n_heads: int = 4
    embedding_scale: float = 0.02
    steps: int = 100_000
    patience: int | None = None
    batch_size: int = 512
    lr: float = 1e-3
    beta_1: float = 0.9
    beta_2: float = 0.98
    weight_decay: float = 1.0

    def __post_init__(self):
        check_choice("operator", self.operator, OPERATORS)
        check_integer("modulus", self.modulus, at_least=2)
        if any(self.modulus % d == 0 for d in range(2, int(self.modulus**0.5) + 1)):
            raise ValueError(f"modulus = {self.modulus!r}: must be a prime")
        for name in ("width", "n_layers", "n_heads", "steps", "batch_size"):
            check_integer(name, getattr(self, name), at_least=1)
        if self.width % self.n_heads:
            raise ValueError(f"n_heads = {self.n_heads!r}: must divide width = {self.width}")
        if self.patience is not None:
            check_integer("patience", self.patience, at_least=1)
        for name in ("train_fraction", "beta_1", "beta_2"):
            check_number(name, getattr(self, name), at_least=0)
            if getattr(self, name) >= 1:
                raise ValueError(f"{name} = {getattr(self, name)!r}: must be below 1")
        if not 0 < self.n_train < len(pairs(self)):
            raise ValueError(f"train_fraction = {self.train_fraction!r}: leaves a set empty")
        for name in ("embedding_scale", "lr"):
            check_number(name, getattr(self, name), above=0)
        check_number("weight_decay", self.weight_decay, at_least=0)

    @property
    def n_train(self) -> int:
        """Number of pairs trained on."""
        return round(self.train_fraction * len(pairs(self)))


def pairs(config: OperatorConfig) -> np.ndarray:
    """Return all pairs (pair, 2) that the operator is defined on, a major."""
    grid = np.stack(np.divmod(np.arange(config.modulus**2), config.modulus), axis=1)
    return grid if config.operator == "addition" else grid[grid[:, 1] > 0]


def answers(config: OperatorConfig, pairs: np.ndarray) -> np.ndarray:
    """Return a op b modulo p for each pair (pair, 2)."""
    a, b = pairs.T
    if config.operator == "addition":
        return (a + b) % config.modulus
    inverse = np.array([pow(i, -1, config.modulus) if i else 0 for i in range(config.modulus)])
    return a * inverse[b] % config.modulus


def split(config: OperatorConfig, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw which pairs a seed trains on, and find those whose swapped pair is among them.

    Returns
    -------
    in_train : numpy.ndarray of bool (pair,)
    swapped_in_train : numpy.ndarray of bool (pair,)
        Whether (b, a) is another pair than (a, b) and in the training set.
    """
    a, b = pairs(config).T
    in_train = np.zeros(len(a), dtype=bool)
    drawn = generator("operator split", seed).permutation(len(a))[: config.n_train]
    in_train[drawn] = True
    table = np.zeros((config.modulus, config.modulus), dtype=bool)
    table[a, b] = in_train  # division by 0 is never in it
    return in_train, table[b, a] & (a != b)


def questions(config: OperatorConfig, pairs: np.ndarray) -> torch.Tensor:
    """Return the tokens (pair, 3) of ``a b =``; the last token is number p.

    The operator is the same in all questions of a run, so it needs no token.
    """
    return torch.tensor(np.column_stack([pairs, np.full(len(pairs), config.modulus)]))
