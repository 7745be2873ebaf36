"""AdamW over learning rate, weight decay and batch size, one dial at a time and two together.

Thirteen settings, 20 seeds a draw, twelve ticks each and none above 40,000 steps. At 0.3 ms a step
of AdamW (2.5 times SGD's 0.12) some 50 minutes if no run ends early. Of one seed, 9501, seven of
the settings were tried: all generalized within two fifths of their steps, after 18 epochs with
batches of 8, after 418 at the rate of 0.001.
"""

from experiments.tables.followed import raced
from experiments.tables.grid import seed_by_seed, ticks

BASE: dict[str, float] = {"lr": 0.003, "weight_decay": 0.3, "batch_size": 32}
DIALS: dict[str, list] = {
    "lr": [0.001, 0.0017, 0.003, 0.0055],
    "weight_decay": [0.1, 0.17, 0.3, 0.55],
    "batch_size": [8, 16, 32, 64],
}
TOGETHER: tuple[dict, ...] = (
    {"lr": 0.0055, "weight_decay": 0.17},
    {"lr": 0.0017, "batch_size": 16},
    {"weight_decay": 0.55, "batch_size": 64},
)


def measure(steps: int, seed: int, **fields: float | str) -> dict:
    """Race one seed of the paper's network by AdamW with some fields changed."""
    return raced(steps, seed, **fields)


def calls() -> list[dict]:
    """Return the runs of the table."""
    alone: list[dict] = [{dial: value} for dial, values in DIALS.items() for value in values]
    changes = []
    for change in (*alone, *TOGETHER):
        setting = BASE | change
        rates = {dial: setting[dial] for dial in ("lr", "weight_decay")}
        run = {"optimizer": "adamw", "steps": min(ticks(12, **rates), 40_000)} | setting
        if run not in changes:
            changes.append(run)
    return seed_by_seed(changes)
