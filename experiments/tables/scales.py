"""Larger and smaller initial weights: over weight decay, with smaller steps, without decay."""

from experiments.tables.followed import raced
from experiments.tables.grid import seed_by_seed, ticks

SETTING = {"initial_scale": 1.0, "lr": 0.1, "weight_decay": 0.01, "loss": "hinge"}


def measure(steps: int, seed: int, **fields: float | str) -> dict:
    """Race one seed from initial weights that are so many times as large."""
    return raced(steps, seed, **fields)


def calls() -> list[dict]:
    """Return the runs of the table.

    Sixteen ticks each; without weight decay, which has no ticks, twice the paper's steps. A
    scale s at learning rate 0.1 / s² is an output scale of s².
    """
    scales, small = [0.25, 0.5, 1.0, 2.0, 4.0, 8.0], (0.5, 0.25)
    without = {"weight_decay": 0.0, "steps": 19_200}
    changes: list[dict] = [
        {"initial_scale": scales},
        {"initial_scale": scales, "weight_decay": 0.003, "steps": ticks(16, weight_decay=0.003)},
        {"initial_scale": [1.0, 2.0, 4.0], "lr": 0.025, "steps": ticks(16, lr=0.025)},
        *({"initial_scale": s, "lr": 0.1 / s**2, "steps": ticks(16, lr=0.1 / s**2)} for s in small),
        {"initial_scale": [1.0, 2.0, 4.0], "loss": "logistic"},
        {"initial_scale": [1.0, *small]} | without,
        *({"initial_scale": s, "lr": 0.1 / s**2} | without for s in small),
        {"initial_scale": 0.5, "lr": 0.4, "loss": "logistic"} | without,
    ]
    return seed_by_seed([SETTING | {"steps": ticks(16)} | change for change in changes])
