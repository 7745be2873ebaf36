"""From scratch with few examples, over enough seeds to see how their outcomes are spread."""

from experiments.tables.followed import raced
from experiments.tables.grid import SEEDS, seed_by_seed, ticks

MANY_SEEDS = range(1000, 1100)


def measure(n_train: int, steps: int, seed: int) -> dict:
    """Race one seed of the paper's network with another number of examples."""
    return raced(steps, seed, n_train=n_train)


def calls() -> list[dict]:
    """Return the runs of the table, 16 ticks each; two sizes of some seeds for 64."""
    sizes = {"n_train": [400, 500, 550, 600, 650, 700, 800], "steps": ticks(16)}
    longer = {"n_train": [500, 600], "steps": ticks(64)}
    first = seed_by_seed([sizes], MANY_SEEDS[: len(SEEDS)])
    return first + seed_by_seed([longer]) + seed_by_seed([sizes], MANY_SEEDS[len(SEEDS) :])
