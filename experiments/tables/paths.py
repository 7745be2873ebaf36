"""Simple statistics of the weights every ten epochs: the paths that runs take."""

from typing import Any

import numpy as np

from experiments.tables.followed import PAPER, digits
from experiments.tables.grid import seed_by_seed
from grokutils.parity.race import network, noting_events, train_epochs

EVERY = 10
AFTER = 20  # epochs after memorization that count as early


def measure(seed: int) -> list[dict]:
    """Train one seed; return a row each ten epochs, with the run's events in every row.

    `norm` of all weights; `mean_size` of a weight, without its sign; `largest_neuron`, by weight
    norm; `spread_of_biases`, their standard deviation; `top_share` of the ten largest neurons
    in the squared weight norms. `early_change_of_norm` is that of the logarithm in the twenty
    epochs after memorization.
    """
    net = network(PAPER, seed)
    rows, norms, happened = [_row(net, 0)], [], dict[str, Any]()
    for epoch in noting_events(net, train_epochs(net, PAPER), happened):
        norms.append(net.squared_norm())
        if epoch % EVERY == 0:
            rows.append(_row(net, epoch))
    memorized, early = happened["memorization_epoch"], np.nan
    if memorized + AFTER <= PAPER.epochs:
        early = digits(np.log(norms[memorized + AFTER - 1] / norms[memorized - 1]) / 2)
    return [row | happened | {"early_change_of_norm": early} for row in rows]


def _row(net, epoch):
    weights, norms = net.weights(), net.norms()
    squares = np.sort(norms**2)
    sizes = np.concatenate([np.abs(part).ravel() for part in weights])
    found = {
        "train_loss": net.evaluate("train")[0],
        "norm": np.sqrt(net.squared_norm()),
        "mean_size": sizes.mean(),
        "largest_neuron": norms.max(),
        "spread_of_biases": weights.hidden_bias.std(),
        "top_share": squares[-10:].sum() / squares.sum(),
    }
    return {"epoch": epoch} | {name: digits(value) for name, value in found.items()}


def calls() -> list[dict]:
    """Return the runs of the table."""
    return seed_by_seed([{}], range(200))
