"""When networks generalize whose norm is held and whose output is scaled, apart and together.

Without weight decay; 28,800 steps, 20 seeds, some 30 minutes; see `experiments/margin.toml`.
"""

from experiments.methods.temperature import tempered
from experiments.tables.followed import PAPER, followed
from experiments.tables.grid import seed_by_seed
from experiments.tables.held import grokked_norm
from experiments.tables.waited import SEEDS
from grokutils.parity.config import configure
from grokutils.parity.race import network, train_epochs
from grokutils.store.cache import compute_once

NORMS = (0.5, 1.0, 2.0)
SCALES = (0.25, 1.0, 2.0, 4.0)  # of the output, the grokked network's norm and temperature having 1
OF_READOUT = ("squared_norm", "direction_kept")  # which is scaled, so that these would mislead


def measure(held: float, output_scale: float, loss: str, lr: float, steps: int, seed: int) -> dict:
    """Race one seed at a norm of `held` times the grokked one's, its output times a scale.

    `output_scale` is that at the grokked norm: at the norm that is held, the output is
    output_scale / held² times f.
    """
    norm = held * compute_once(grokked_norm, seed=seed)
    config = configure(PAPER, steps=steps, weight_decay=0.0, loss=loss, lr=lr)
    net = network(config, seed)
    after_step = tempered(net, norm, output_scale / held**2)
    found = followed(net, train_epochs(net, config, after_step=after_step), config.task)
    kept = {name: value for name, value in found.items() if not name.startswith(OF_READOUT)}
    return {"held_norm": norm} | kept


def calls() -> list[dict]:
    """Return the runs of the table: the whole grid at the usual rate, a part at its clock's."""
    changes: list[dict] = [
        {"held": held, "output_scale": scale, "loss": loss, "lr": 0.1, "steps": 28_800}
        for loss in ("hinge", "logistic")
        for scale in SCALES
        for held in NORMS
    ]
    changes += [
        {"held": held, "output_scale": scale, "loss": "hinge", "steps": 28_800}
        | {"lr": 0.1 * held**2 / scale}
        for scale in (1.0, 2.0)
        for held in NORMS
        if held**2 != scale
    ]
    return seed_by_seed([_in_order(change) for change in changes], SEEDS, draws=(0,))


def _in_order(change):
    return {name: change[name] for name in ("held", "output_scale", "loss", "lr", "steps")}
