"""Equal singular values on (100, 3)-parity, with bits of 0 and 1 and no biases."""

from experiments.methods.low_rank import equalized
from experiments.methods.zero_one import on_signs, steps_of_bits
from experiments.tables.equal_speeds import UPDATES
from experiments.tables.followed import PAPER, followed
from experiments.tables.grid import seed_by_seed
from grokutils.parity.config import configure
from grokutils.parity.network import start_of
from grokutils.parity.race import network, train_epochs

# Pasand and Dohmatob 2025 (arXiv:2510.04930), appendix; it names no number of examples, and a
# public script with its other numbers has 2,000.
CONFIG = configure(
    PAPER, n_bits=100, k_relevant=3, n_train=2000, width=100, lr=0.042, weight_decay=0.01
)


def measure(
    update: str, n_train: int, lr: float, weight_decay: float, steps: int, seed: int
) -> dict:
    """Race one seed, plain or with the step of W made equally long in all singular directions.

    Of W and u alone, on bits of 0 and 1. Norms are left out: those of the engine's weights, on
    signs, are not those of W.
    """
    if update not in UPDATES:
        raise ValueError(f"update = {update!r}: must be one of {UPDATES}")
    config = configure(CONFIG, n_train=n_train, lr=lr, weight_decay=weight_decay, steps=steps)
    net = network(config, seed, on_signs(start_of(config, seed)))
    change = (lambda step: lr * equalized(step)) if update == "equal" else None
    after_step = steps_of_bits(net, config, change)
    found = followed(net, train_epochs(net, config, after_step=after_step), config.task)
    other = [name for name in found if name.startswith("squared_norm")] + ["direction_kept"]
    return {name: value for name, value in found.items() if name not in other}


def calls() -> list[dict]:
    """Return the runs of the table, ten seeds a draw, a thousand epochs each.

    Its paper's plain runs take 1,784 epochs, those with equal values 115: half of the former is
    enough to see a ratio of two.
    """
    setting = {"n_train": 2000, "lr": 0.042, "weight_decay": 0.01, "steps": 63_000}
    return seed_by_seed([{"update": UPDATES} | setting], range(10))
