"""How many bits of the answer a start tells, and when it generalizes: masks, and features.

9,600 steps, 20 seeds, some ten minutes; see `experiments/told.toml`.
"""

import numpy as np

from experiments.methods.masks import masked
from experiments.methods.told import bits_told
from experiments.tables import tickets, transfers
from experiments.tables.followed import PAPER, digits
from experiments.tables.grid import seed_by_seed
from experiments.tables.waited import SEEDS
from grokutils.check import check_choice
from grokutils.parity.config import configure
from grokutils.parity.network import start_of
from grokutils.store.cache import compute_once

FEATURES = ("oracle", "untrained", *transfers.STOPS)
MASKS = ("dense", "ticket", "fresh", "other seed", "random", "columns", "shuffled", "moved")
EVENTS = ("memorization_epoch", "generalization_epoch", "last_epoch", "fresh_accuracy")


def measure(start: str, at: str, share: float, steps: int, seed: int) -> dict:
    """Race one seed from a start; say how many bits it tells, and how many weights it has.

    `start` is a mask, `at` and `share` as in `tickets`, or what features are of, as in `transfers`.
    """
    check_choice("start", start, (*MASKS, *FEATURES))
    config = configure(PAPER, steps=steps)
    if start in FEATURES:
        weights = start_of(config, seed).hidden_weight
        found, *_ = compute_once(transfers.features, source=start, seed=seed)
        weights = transfers.mixed(found, weights, seed)
        raced = transfers.measure(source=start, steps=steps, seed=seed)
    else:
        kept = tickets.mask_of(start, at, share, seed)
        own = start_of(config, seed + tickets.OTHER if start == "fresh" else seed)
        weights = masked(own, kept).hidden_weight
        raced = tickets.measure(start, at, share, config.weight_decay, steps, seed)
    told = digits(bits_told(weights, config.task.k_relevant))
    size = {"bits_told": told, "weights": int(np.count_nonzero(weights))}
    return size | {event: raced[event] for event in EVENTS}


def calls() -> list[dict]:
    """Return the runs of the table."""
    mask, three = {"at": "end", "share": 0.1, "steps": 9_600}, {"share": [0.4, 0.1, 0.02]}
    changes: list[dict] = [
        {"start": ["ticket", "fresh", "random", "columns"]} | mask | three,
        {"start": ["other seed", "shuffled", "moved"]} | mask,
        {"start": "ticket"} | mask | {"at": "memorization"} | three,
        {"start": "ticket"} | mask | {"at": ["halfway", "generalization"]},
        {"start": ["dense", *FEATURES]} | mask | {"share": 1.0},
    ]
    return seed_by_seed(changes, SEEDS, draws=(0,))
