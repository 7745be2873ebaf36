r"""A held weight norm, and an output that a temperature divides; logistic loss, no weight decay.

A temperature needs nothing in the engine. The network is homogeneous of degree two in all of its
weights, biases among them, so :math:`f(\theta)/\tau = f(\theta/\sqrt\tau)`: held at a norm, divided
by :math:`\tau` and trained by SGD at the rate :math:`\eta`, it is the network held at the norm over
:math:`\sqrt\tau` and trained at :math:`\eta/\tau`. A test lays that beside a plain loop.

Nine settings, 20 seeds a draw, thrice the paper's steps: at 0.12 ms a step some 20 minutes if no
run ends early. Tries of one seed, 9501, at temperature 1 were done after 150 to 300 epochs of 900.
"""

from collections.abc import Iterator

import numpy as np

from experiments.methods.updates import keep_norm
from experiments.tables.followed import PAPER, followed
from experiments.tables.grid import seed_by_seed
from experiments.tables.held import grokked_norm
from grokutils.parity.config import TrainConfig, configure
from grokutils.parity.network import Network
from grokutils.parity.race import network, train_epochs
from grokutils.store.cache import compute_once

NORMS = [1.2, 1.4, 1.7]  # multiples of the grokked network's
CONFIG = configure(PAPER, loss="logistic", weight_decay=0.0)


def measure(held: float, like: float, steps: int, seed: int) -> dict:
    """Race one seed at a held norm, its output as large as at the norm `like` without temperature.

    `temperature` is what divides the output; norms in the other columns are those of the network
    as held.
    """
    temperature = (held / like) ** 2
    norm = held * compute_once(grokked_norm, seed=seed)
    config = configure(CONFIG, steps=steps)
    net, passes = cooled(config, seed, norm, temperature)
    found = followed(net, passes, config.task)
    squares = [column for column in found if column.startswith("squared_norm")]
    found |= {column: temperature * found[column] for column in squares}
    return {"held_norm": norm, "temperature": temperature} | found


def cooled(
    config: TrainConfig, seed: int, norm: float, temperature: float
) -> tuple[Network, Iterator[int]]:
    """Return a seed's network at a held norm, its output divided by a temperature, and its epochs.

    Its weights are those of the network as held, over the root of the temperature.
    """
    config = configure(config, lr=config.lr / temperature)
    net = network(config, seed)
    after_step = keep_norm(net, norm / np.sqrt(temperature))
    after_step()  # also before the first step
    return net, train_epochs(net, config, after_step=after_step)


def calls() -> list[dict]:
    """Return the runs of the table: each held norm with the output of each."""
    return seed_by_seed([{"held": NORMS, "like": NORMS, "steps": 28_800}])
