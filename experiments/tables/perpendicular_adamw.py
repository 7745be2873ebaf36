"""AdamW on all examples at once, its gradients across the weights, in two precisions."""

from dataclasses import replace

from experiments.methods.full_batch import adamw
from experiments.methods.updates import perpendicular
from experiments.tables.followed import PAPER, followed
from experiments.tables.grid import seed_by_seed
from grokutils.parity.config import configure
from grokutils.parity.race import network

# As in the code of Prieto et al. 2025 (arXiv:2501.04697): 40 bits beside the 3 relevant ones,
# 1,000 examples, width 200 (there in two layers). An epoch is a step, so there is no order.
CONFIG = configure(
    PAPER, n_bits=43, width=200, loss="logistic", lr=0.01, weight_decay=0.0, epochs=1
)
UPDATES, DTYPES = ("plain", "perpendicular"), ("float32", "float64")


def measure(update: str, dtype: str, lr: float, weight_decay: float, steps: int, seed: int) -> dict:
    """Race one seed by AdamW, whose gradient is as it is, or has no part along W, b and u.

    What is left of it is scaled to the length it had, as the code of its paper does. An epoch is
    one step. `squared_norm_at_start` is that of all weights.
    """
    if weight_decay or update not in UPDATES:
        raise ValueError(f"no such run: {update} with weight decay {weight_decay}")
    config = replace(CONFIG, dtype=dtype, lr=lr)
    net = network(config, seed)
    start = {"squared_norm_at_start": net.squared_norm()}
    change = None if update == "plain" else perpendicular(config.task.n_bits, as_long=True)
    return start | followed(net, adamw(net, lr, steps, change), config.task)


def calls() -> list[dict]:
    """Return the runs of the table, ten seeds a draw.

    The learning rate is that of its paper's parity. There, with another loss, a run has 100,000
    steps, and eighty such runs would take hours; its figure of this update has 500, on another
    task, and these are four times as many.
    """
    rates = {"lr": 0.01, "weight_decay": 0.0, "steps": 2_000}
    return seed_by_seed([{"update": UPDATES, "dtype": DTYPES} | rates], range(10))
