"""A total weight norm that is held, at multiples of the grokked network's; no weight decay."""

import numpy as np

from experiments.methods.updates import keep_norm
from experiments.tables.followed import PAPER, followed
from experiments.tables.grid import seed_by_seed
from grokutils.parity.config import configure
from grokutils.parity.race import network, train_epochs
from grokutils.store.cache import compute_once


def grokked_norm(seed: int) -> float:
    """Return the norm of all weights at the end of the paper's run of one seed."""
    net = network(PAPER, seed)
    for _ in train_epochs(net, PAPER):
        pass
    return float(np.sqrt(net.squared_norm()))


def measure(held: float, loss: str, steps: int, seed: int) -> dict:
    """Race one seed from initial weights of the held norm, put back to it after each step."""
    norm = held * compute_once(grokked_norm, seed=seed)
    config = configure(PAPER, steps=steps, weight_decay=0.0, loss=loss)
    net = network(config, seed)
    after_step = keep_norm(net, norm)
    after_step()  # also before the first step
    return {"held_norm": norm} | followed(
        net, train_epochs(net, config, after_step=after_step), config.task
    )


def calls() -> list[dict]:
    """Return the runs of the table, thrice the paper's steps each."""
    norms = [0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0]
    hinge, logistic = ({"loss": loss, "steps": 28_800} for loss in ("hinge", "logistic"))
    return seed_by_seed([{"held": norms} | hinge, {"held": [1.4, 2.0, 2.8, 4.0]} | logistic])
