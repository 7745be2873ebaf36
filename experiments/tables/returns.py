"""Networks that have grokked, trained on with fewer examples, which they may forget by."""

import numpy as np

from experiments.tables.followed import PAPER, fresh_accuracy
from experiments.tables.grid import seed_by_seed
from grokutils.check import check_choice
from grokutils.parity.config import configure
from grokutils.parity.engine import train_epochs
from grokutils.parity.network import Network, batch_order, network
from grokutils.parity.weights import Weights
from grokutils.store.cache import compute_once

FALLEN = 0.75  # half of the way from right to chance
OTHER = 100_000  # added to a seed for examples that its network has not seen


def grokked(seed: int) -> Weights:
    """Return the weights at the end of the paper's run of one seed."""
    net = network(PAPER, seed)
    for _ in train_epochs(net, PAPER):
        pass
    return net.weights()


def measure(
    n_left: int, which: str, weight_decay: float, loss: str, ticks: float, seed: int
) -> dict:
    """Train one grokked network on with a subset of its examples, or with as many fresh ones."""
    check_choice("which", which, ("subset", "fresh"))
    steps = round(ticks / (PAPER.lr * weight_decay))
    config = configure(PAPER, n_train=n_left, weight_decay=weight_decay, loss=loss, steps=steps)
    task, weights = config.task, compute_once(grokked, seed=seed)
    train = task.train_set(seed if which == "subset" else seed + OTHER)
    net = Network.of(config, weights, train, batch_order(config, seed), task.test_set())
    fell = np.nan
    for epoch in train_epochs(net, config):
        above = net.accuracy("test") >= FALLEN
        fell = np.nan if above else epoch if np.isnan(fell) else fell
    return {
        "fresh_accuracy_before": fresh_accuracy(weights, task),
        "fell_for_good_epoch": fell,
        "fresh_accuracy": fresh_accuracy(net.weights(), task),
        "train_accuracy": net.accuracy("train"),
        "squared_norm": net.squared_norm(),
    }


def calls() -> list[dict]:
    """Return the runs of the table, eight ticks each; at the fastest decay also 32."""
    sizes, few = [20, 40, 80, 160, 320, 500, 700], [40, 160, 320, 500]
    usual = {"which": "subset", "weight_decay": 0.01, "loss": "hinge", "ticks": 8}
    changes: list[dict] = [
        {"n_left": sizes},
        {"n_left": sizes, "which": "fresh"},
        {"n_left": sizes, "weight_decay": 0.03, "ticks": [8, 32]},
        {"n_left": few, "weight_decay": 0.003},
        {"n_left": [40, 160], "loss": "logistic"},
    ]
    return seed_by_seed([{"n_left": sizes} | usual | change for change in changes])
