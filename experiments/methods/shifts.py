"""Inputs of other kinds than a network was trained on, to try a simplified model of it."""

import numpy as np

from grokutils.parity.subnetworks import outputs
from grokutils.parity.task import ParityTask, sign_patterns
from grokutils.parity.weights import Weights
from grokutils.streams import generator

N_INPUTS = 2000
CHOSEN = "chosen"  # the kind that `shifted` leaves to `chosen_against`
MOST_FLIPS = 10


def shifted(task: ParityTask, seed: int) -> dict:
    """Return inputs (sample, bit) by kind.

    "train" and "fresh"; "near" and "turned", the training inputs with one irrelevant or relevant
    bit flipped; "biased 0.7" and "biased 0.9", with so many bits +1; and "all +1", the irrelevant
    bits, with every pattern of the relevant ones once.
    """
    rng, k = generator("shifted inputs", seed), task.k_relevant
    train = task.train_set(seed).inputs
    patterns = sign_patterns(k)
    ones = np.ones((len(patterns), task.n_bits), np.int8)
    ones[:, :k] = patterns
    return {
        "train": train,
        "fresh": task.fresh_set(N_INPUTS, seed + 1).inputs,
        "near": _flipped(train, rng.integers(k, task.n_bits, len(train))),
        "turned": _flipped(train, rng.integers(0, k, len(train))),
        "biased 0.7": _biased(0.7, task.n_bits, rng),
        "biased 0.9": _biased(0.9, task.n_bits, rng),
        "all +1": ones,
    }


def chosen_against(
    weights: Weights, kept: np.ndarray, inputs: np.ndarray, k_relevant: int
) -> np.ndarray:
    """Return inputs whose irrelevant bits are flipped, one by one, to part a set from its network.

    Each time the flip that brings the network's output furthest to the other side than the set's
    prediction, until none does or ten are done. The relevant bits stay.
    """
    both = np.array([np.ones_like(kept), kept])
    inputs = inputs.copy()
    agreement = _signed(weights, inputs, both)
    for _ in range(MOST_FLIPS):
        n_samples, n_bits = inputs.shape
        flips = np.repeat(inputs, n_bits - k_relevant, axis=0)
        place = np.tile(np.arange(k_relevant, n_bits), n_samples)
        flips[np.arange(len(flips)), place] *= -1
        found = _signed(weights, flips, both).reshape(n_samples, -1)
        best, rows = found.argmin(axis=1), np.arange(n_samples)
        better = found[rows, best] < agreement
        if not better.any():
            break
        inputs[rows[better], k_relevant + best[better]] *= -1
        agreement = np.where(better, found[rows, best], agreement)
    return inputs


def _signed(weights, inputs, both):
    """Return the network's output times the set's prediction; negative where they differ."""
    full, part = outputs(weights, inputs, both).T
    return full * np.sign(part)


def _flipped(inputs, places):
    turned = inputs.copy()
    turned[np.arange(len(inputs)), places] *= -1
    return turned


def _biased(share, n_bits, rng):
    return np.where(rng.random((N_INPUTS, n_bits)) < share, 1, -1).astype(np.int8)
