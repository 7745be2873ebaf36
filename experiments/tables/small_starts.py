"""Small initial weights without weight decay, by AdamW on the squared loss: below the zone."""

from experiments.tables.followed import raced
from experiments.tables.grid import seed_by_seed

SETTING = {"lr": 1e-3, "weight_decay": 0.0, "loss": "squared", "optimizer": "adamw"}


def measure(steps: int, seed: int, **fields: float | str) -> dict:
    """Race one seed from initial weights that are so many times as large."""
    return raced(steps, seed, **fields)


def calls() -> list[dict]:
    """Return the runs of the table, twice the paper's steps each.

    The usual start is some four times the norm at which held networks generalize; a quarter of
    it is about there and an eighth below.
    """
    scales = {"initial_scale": [1.0, 0.25, 0.125]}
    return seed_by_seed([scales | SETTING | {"steps": 19_200}])
