"""Steps across the weights from inside the zone of norms, without weight decay."""

from experiments.methods.spheres import across
from experiments.tables.followed import PAPER, followed
from experiments.tables.grid import seed_by_seed
from grokutils.parity.config import configure
from grokutils.parity.race import network, train_epochs

UPDATES = ("plain", "perpendicular", "perpendicular, held")


def measure(
    update: str, loss: str, initial_scale: float, weight_decay: float, steps: int, seed: int
) -> dict:
    """Race one seed from small initial weights, with the part of each step along them or without.

    "perpendicular, held" is put back after each step on the sphere where it began;
    `squared_norm_at_start` is that of all weights. There must be no weight decay.
    """
    if weight_decay or update not in UPDATES:
        raise ValueError(f"no such run: {update} with weight decay {weight_decay}")
    config = configure(
        PAPER, loss=loss, initial_scale=initial_scale, weight_decay=weight_decay, steps=steps
    )
    net = network(config, seed)
    start = {"squared_norm_at_start": net.squared_norm()}
    after_step = None if update == "plain" else across(net, held=update.endswith("held"))
    return start | followed(net, train_epochs(net, config, after_step=after_step), config.task)


def calls() -> list[dict]:
    """Return the runs of the table, twice the paper's steps each.

    Of an eighth of the usual start, which is below the zone, five seeds a draw and no plain runs.
    """
    free = {"weight_decay": 0.0, "steps": 19_200}
    both = {"loss": ["hinge", "logistic"]}
    quarter = {"update": UPDATES} | both | {"initial_scale": 0.25} | free
    eighth = {"update": UPDATES[1:]} | both | {"initial_scale": 0.125} | free
    return seed_by_seed([quarter]) + seed_by_seed([eighth], range(5))
