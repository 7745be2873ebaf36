"""Masks of single weights: which of W are kept, controls for such a mask, training under one."""

from collections.abc import Callable

import numpy as np

from grokutils.check import check_array, check_choice, check_number
from grokutils.parity.network import Network
from grokutils.parity.weights import Weights, in_blocks
from grokutils.streams import generator

CONTROLS = ("random", "shuffled", "moved", "columns")


def largest(hidden_weight: np.ndarray, share: float) -> np.ndarray:
    """Return as a mask (neuron, bit) the given share of weights, the largest in magnitude."""
    check_number("share", share, at_least=0, at_most=1)
    return _smallest(-np.abs(hidden_weight), round(share * np.size(hidden_weight)))


def control(which: str, mask: np.ndarray, k_relevant: int, seed: int) -> np.ndarray:
    """Return another mask with as many weights.

    Parameters
    ----------
    which : {"random", "shuffled", "moved", "columns"}
        As many weights of each bit, at random neurons; as many of each neuron, at random bits;
        the columns of the relevant bits changed for those of as many irrelevant ones; or
        neurons in a random order, of each its relevant bits alone, and where those are all
        taken, irrelevant bits at random.
    mask : array of bool (neuron, bit)
    """
    check_choice("which", which, CONTROLS)
    check_array("mask", mask, shape=(None, None))
    rng = generator(f"{which} mask", seed)
    if which == "moved":
        order = np.arange(mask.shape[1])
        order[: 2 * k_relevant] = np.roll(order[: 2 * k_relevant], k_relevant)
        return mask[:, order]
    if which == "columns":
        late = 1 + rng.random(mask.shape)
        late[:, :k_relevant] = rng.random((len(mask), 1))
        return _smallest(late, mask.sum())
    return rng.permuted(mask, axis=0 if which == "random" else 1)


def masked(weights: Weights, mask: np.ndarray) -> Weights:
    """Return weights that have those of W alone that a mask (neuron, bit) keeps."""
    return weights._replace(hidden_weight=np.where(mask, weights.hidden_weight, 0))


def keep_mask(net: Network, mask: np.ndarray) -> Callable[[], None]:
    """Return an `after_step` of `train_epochs` that keeps the other weights at zero."""
    kept = np.ones_like(net.hidden)
    blocks = in_blocks(mask.T.astype(net.hidden.dtype)).swapaxes(0, 1)  # (block, bit, 128)
    kept[:, : net.n_bits] = blocks

    def after_step():
        net.hidden[...] *= kept

    return after_step


def _smallest(values, number):
    """Return as a mask where the smallest values are; of equal ones, the first."""
    mask = np.zeros(np.size(values), dtype=bool)
    mask[np.argsort(values, axis=None, kind="stable")[:number]] = True
    return mask.reshape(np.shape(values))
