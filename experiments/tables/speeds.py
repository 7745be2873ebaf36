"""Networks of many widths on true labels and on random ones: how fast they learn either.

Eleven settings of width and number of examples, each with both kinds of labels, 20 seeds a draw,
sixteen ticks. At 0.12 ms a step of width 1,000, and 0.04 ms of a narrow one, some 15 minutes. Tried
on one seed, 9503, at widths 20 and 45.
"""

from experiments.tables.followed import raced
from experiments.tables.grid import seed_by_seed, ticks

WIDTHS = [15, 20, 30, 45, 70, 100, 300, 1000]
SIZES = [1250, 1500, 2000]
SETTING = {"width": 1000, "n_train": 1000, "steps": ticks(16)}


def measure(width: int, n_train: int, label_noise: float, steps: int, seed: int) -> dict:
    """Race one seed; with half of its labels wrong they are random, and it only memorizes."""
    return raced(steps, seed, width=width, n_train=n_train, label_noise=label_noise)


def calls() -> list[dict]:
    """Return the runs of the table: over width at 1,000 examples, over examples at width 1,000."""
    both = {"label_noise": [0.0, 0.5]}
    return seed_by_seed([SETTING | {"width": WIDTHS} | both, SETTING | {"n_train": SIZES} | both])
