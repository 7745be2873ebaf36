"""Which runs the tables of later papers' claims have: their seeds, and steps from ticks.

What a row measures is in `followed`; these change no row, only which there are.
"""

from collections.abc import Iterable
from typing import Any

from grokutils.parity.config import TrainConfig, configure
from grokutils.store.table import grid

SEEDS = range(1000, 1020)  # no other table uses seeds from 1000 on


def seed_by_seed(changes: Iterable[dict], seeds: Iterable[int] = SEEDS) -> list[dict]:
    """Return the runs of some grids, seed by seed, so that a table cut short loses seeds alone."""
    return [run for seed in seeds for change in changes for run in grid(**change, seed=seed)]


def ticks(number: float, **changes: Any) -> int:
    """Return how many steps are so many ticks, steps times learning rate times weight decay."""
    config = configure(TrainConfig(), **changes)
    return round(number / (config.lr * config.weight_decay))
