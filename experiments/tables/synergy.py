"""Synergy of groups of neurons along runs that generalize, and along runs that never do."""

import numpy as np

from experiments.methods.synergy import grouped, synergy
from experiments.tables.followed import PAPER, digits, fresh_accuracy
from experiments.tables.grid import seed_by_seed
from grokutils.parity import kernels
from grokutils.parity.config import configure
from grokutils.parity.race import network, noting_events, train_epochs
from grokutils.parity.weights import activations

EPOCHS = (*range(0, 31, 5), 40, 50, 60, 80, 100, 120, 140, 160, 200, 250, 300)
FEW = 500  # fresh inputs on which neurons fire
LARGEST = 10  # neurons, for the ratio of norms


def measure(n_train: int, label_noise: float, steps: int, seed: int) -> list[dict]:
    """Train one seed; return a row at some epochs, with the run's events in each.

    `synergy` of ten groups of neurons and `synergy_of_five`; `norm_ratio` of the mean norms of the
    ten largest neurons and of all; `relevant_share` of the relevant bits in the squares of W.
    `fresh_accuracy` is that of the end, once a run has generalized or its steps are over.
    """
    config = configure(PAPER, n_train=n_train, label_noise=label_noise, steps=steps)
    net = network(config, seed)
    rows, happened = [{"epoch": 0} | _row(net, config.task)], dict[str, float]()
    for epoch in noting_events(net, train_epochs(net, config), happened):
        if epoch in EPOCHS:
            rows.append({"epoch": epoch} | _row(net, config.task))
        if epoch >= EPOCHS[-1] and not np.isnan(happened["generalization_epoch"]):
            break
    found = happened | {"fresh_accuracy": fresh_accuracy(net.weights(), config.task)}
    return [row | found for row in rows]


def _row(net, task):
    fires = activations(net.weights(), task.fresh_set(FEW).inputs)
    ten, five = (synergy(groups) for groups in grouped(fires, 10, 5))
    norms = np.sort(net.norms())
    relevant, all_bits = (
        kernels.total(kernels.squares(net.hidden, n)) for n in (task.k_relevant, task.n_bits)
    )
    return {
        "synergy": digits(ten),
        "synergy_of_five": digits(five),
        "norm_ratio": digits(norms[-LARGEST:].mean() / norms.mean()),
        "relevant_share": digits(relevant / all_bits),
        "test_loss": digits(net.evaluate("test")[0]),
    }


def calls() -> list[dict]:
    """Return the runs of the table: 40 seeds of those foretold, 20 of those that never do."""
    usual = {"n_train": 1000, "label_noise": 0.0, "steps": 9_600}
    near = {"n_train": 600, "label_noise": 0.0, "steps": 16_000}
    never = [usual | {"label_noise": 0.5}, {"n_train": 300, "label_noise": 0.0, "steps": 3_000}]
    twenty = seed_by_seed([usual, *never, near])
    return twenty + seed_by_seed([usual, near], range(20, 40))
