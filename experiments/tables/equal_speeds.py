"""Equal singular values and plain SGD, each over a decade of learning rates."""

import numpy as np

from experiments.methods.low_rank import equalized
from experiments.methods.updates import changed
from experiments.tables.followed import PAPER, followed
from experiments.tables.grid import seed_by_seed
from grokutils.parity.config import configure
from grokutils.parity.race import network, train_epochs

UPDATES = ("plain", "equal")
A_STEP = 0.042 * 0.01  # learning rate times weight decay, that of the table of accelerators


def measure(update: str, lr: float, weight_decay: float, steps: int, seed: int) -> dict:
    """Race one seed, plain or with the step of W made equally long in all singular directions."""
    if update not in UPDATES:
        raise ValueError(f"update = {update!r}: must be one of {UPDATES}")
    config = configure(PAPER, lr=lr, weight_decay=weight_decay, steps=steps)
    net = network(config, seed)
    after_step = changed(net, config, _equal(net.n_bits, lr)) if update == "equal" else None
    return followed(net, train_epochs(net, config, after_step=after_step), config.task)


def _equal(n_bits, lr):
    """Return the change to equal singular values; b and u keep their steps."""

    def change(hidden_step, readout_step, *_):
        new = hidden_step.copy()
        new[:, :n_bits] = lr * equalized(np.ascontiguousarray(hidden_step[:, :n_bits]))
        return new, readout_step

    return change


def calls() -> list[dict]:
    """Return the runs of the table, ten seeds a draw, 500 epochs each.

    At the middle rate plain runs generalized at epoch 370 in the table of accelerators, so the
    paper's own 300 epochs would be too few. The weights shrink by as much a step at each rate.
    """
    rates = [0.0133, 0.0236, 0.042, 0.0747, 0.1328]  # evenly in the logarithm
    return seed_by_seed(
        [
            {"update": UPDATES, "lr": lr, "weight_decay": A_STEP / lr, "steps": 16_000}
            for lr in rates
        ],
        range(10),
    )
