"""From scratch with few examples, over enough seeds to see how their outcomes are spread."""

from experiments.tables.followed import raced
from experiments.tables.grid import seed_by_seed, ticks


def measure(n_train: int, steps: int, seed: int) -> dict:
    """Race one seed of the paper's network with another number of examples."""
    return raced(steps, seed, n_train=n_train)


def calls() -> list[dict]:
    """Return the runs of the table, 16 ticks each; the first 20 seeds of a draw for 64 too."""
    sizes = {"n_train": [400, 500, 550, 600, 650, 700, 800], "steps": ticks(16)}
    return seed_by_seed([sizes], range(100)) + seed_by_seed([sizes | {"steps": ticks(64)}])
