"""Which runs the tables have: the seeds of both draws, and steps from ticks.

What a row measures is in `followed`; these change no row, only which there are.

Every claim is judged on two draws of seeds. The first was looked at while the book was written;
the second, as many seeds again, was made after the roles of all parts had been set, and decides.
"""

from collections.abc import Iterable
from typing import Any

from experiments.sweeps.table import grid
from grokutils.parity.config import TrainConfig, configure

DRAWS = (1000, 2000)  # at which seed each begins; for the claims of the paper at 0 and at 3000


def seed_by_seed(
    changes: Iterable[dict], seeds: Iterable[int] = range(20), draws: Iterable[int] = DRAWS
) -> list[dict]:
    """Return the runs of some grids, draw by draw and seed by seed.

    So a table cut short loses seeds alone. The seeds are counted from where each draw begins.
    """
    return [
        run
        for draw in draws
        for seed in seeds
        for change in changes
        for run in grid(**change, seed=draw + seed)
    ]


def ticks(number: float, **changes: Any) -> int:
    """Return how many steps are so many ticks, steps times learning rate times weight decay."""
    config = configure(TrainConfig(), **changes)
    return round(number / (config.lr * config.weight_decay))
