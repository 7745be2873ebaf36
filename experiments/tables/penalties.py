"""An l1 penalty in the place of weight decay, over strength and learning rate.

Six settings, 20 seeds a draw, thrice the paper's steps. At 0.14 ms a step of width 1,000 with the
penalty, some 15 minutes if no run ends early. Tries of one seed, 9502, with strengths from 0.0001
to 0.0008 at the usual rate generalized after 92 to 777 epochs of 900.
"""

from experiments.methods.penalties import l1
from experiments.tables.followed import PAPER, followed
from experiments.tables.grid import seed_by_seed
from grokutils.parity.config import configure
from grokutils.parity.race import network, train_epochs


def measure(strength: float, lr: float, weight_decay: float, steps: int, seed: int) -> dict:
    """Race one seed with an l1 penalty of a strength, or none at 0, and no weight decay."""
    config = configure(PAPER, lr=lr, weight_decay=weight_decay, steps=steps)
    net = network(config, seed)
    after_step = l1(net, config, strength) if strength else None
    return followed(net, train_epochs(net, config, after_step=after_step), config.task)


def calls() -> list[dict]:
    """Return the runs of the table: over strength, over learning rate, and with no penalty."""
    usual = {"strength": [0.0002, 0.0004, 0.0008], "lr": 0.1}
    rates, none = {"strength": 0.0004, "lr": [0.05, 0.2]}, {"strength": 0.0, "lr": 0.1}
    steps = {"weight_decay": 0.0, "steps": 28_800}
    return seed_by_seed([change | steps for change in (usual, rates, none)])
