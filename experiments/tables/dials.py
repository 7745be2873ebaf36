"""One dial at a time for the law of the delay: decay, step, examples, batch; norms at events."""

from experiments.tables.followed import raced
from experiments.tables.grid import seed_by_seed, ticks

SETTING = {"lr": 0.1, "weight_decay": 0.01, "n_train": 1000, "batch_size": 32, "loss": "hinge"}


def measure(steps: int, seed: int, **fields: float | str) -> dict:
    """Race one seed of the paper's configuration with some fields changed."""
    return raced(steps, seed, **fields)


def calls() -> list[dict]:
    """Return the runs of the table, 24 ticks each; with 25,000 examples twenty epochs."""
    changes: list[dict] = [
        {"weight_decay": [0.01, 0.02]},
        *({"weight_decay": w, "steps": ticks(24, weight_decay=w)} for w in (0.003, 0.001)),
        *({"lr": lr, "steps": ticks(24, lr=lr)} for lr in (0.03, 0.3)),
        {"n_train": [700, 850, 1500, 2000, 4000]},
        {"batch_size": [8, 128]},
        {"n_train": [850, 1000, 2000], "loss": "logistic"},
        {"n_train": 25_000, "steps": 15_640},
    ]
    return seed_by_seed([SETTING | {"steps": ticks(24)} | change for change in changes])
