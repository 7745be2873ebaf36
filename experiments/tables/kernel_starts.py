"""Large initial weights with the readout at zero, logistic loss: a theorem's setting."""

import numpy as np

from experiments.methods.max_margin import max_margin
from experiments.tables.followed import N_FRESH, PAPER, followed
from experiments.tables.grid import seed_by_seed, ticks
from grokutils.parity.config import configure
from grokutils.parity.network import start_of
from grokutils.parity.race import network, train_epochs
from grokutils.parity.weights import activations, output
from grokutils.stats import THRESHOLD
from grokutils.store.cache import compute_once


def measure(initial_scale: float, weight_decay: float, steps: int, seed: int) -> dict:
    """Race one seed with the logistic loss from large W and b, and u = 0.

    `agrees_with_first_kernel` is the share of 2,000 fresh inputs on which the network predicts, at
    memorization, what the max-margin machine of its first tangent kernel does; NaN if the network
    does not memorize, or the kernel separates the labels not at all.
    """
    config = configure(
        PAPER, loss="logistic", initial_scale=initial_scale, weight_decay=weight_decay, steps=steps
    )
    start = start_of(config, seed)
    net = network(config, seed, start._replace(readout=np.zeros(config.width)))
    kept: list = []
    found = followed(net, _keeping(net, train_epochs(net, config), kept), config.task)
    agreement = np.nan
    if kept:
        machine = compute_once(first_predictions, seed=seed)
        fresh = np.sign(output(kept[0], config.task.fresh_set(N_FRESH).inputs))
        agreement = np.nan if np.isnan(machine).any() else float((fresh == machine).mean())
    return found | {"agrees_with_first_kernel": agreement}


def first_predictions(seed: int) -> np.ndarray:
    """Return the signs, on fresh inputs, of the machine of a seed's first kernel, (sample,).

    With u = 0 the gradient of f is the activations alone, so these are its features; a larger
    start makes them larger, and the machine says the same.
    """
    start, train = start_of(PAPER, seed), PAPER.task.train_set(seed)
    weights = max_margin(activations(start, train.inputs), train.labels)
    return np.sign(activations(start, PAPER.task.fresh_set(N_FRESH).inputs) @ weights)


def _keeping(net, passes, kept):
    """Yield the epochs of a training; keep the weights of the first that memorizes."""
    for epoch in passes:
        if not kept and net.accuracy("train") > THRESHOLD:
            kept.append(net.weights())
        yield epoch


def calls() -> list[dict]:
    """Return the runs of the table, twelve ticks each."""
    scales = {"initial_scale": [8.0, 16.0, 32.0, 64.0]}
    return seed_by_seed(
        [
            scales | {"weight_decay": decay, "steps": ticks(12, weight_decay=decay)}
            for decay in (0.01, 0.003)
        ]
    )
