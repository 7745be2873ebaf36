"""Networks with and without biases, on a parity of an odd and of an even number of bits."""

import numpy as np

from experiments.methods.updates import no_biases
from experiments.tables.followed import PAPER, followed
from experiments.tables.grid import seed_by_seed
from grokutils.parity.config import configure
from grokutils.parity.network import start_of
from grokutils.parity.race import network, train_epochs


def measure(biases: int, k_relevant: int, steps: int, seed: int) -> dict:
    """Race one seed; without biases, they begin at zero and are put back there."""
    config = configure(PAPER, k_relevant=k_relevant, steps=steps)
    start = start_of(config, seed)
    if not biases:
        start = start._replace(hidden_bias=np.zeros(config.width))
    net = network(config, seed, start)
    after_step = None if biases else no_biases(net)
    return followed(net, train_epochs(net, config, after_step=after_step), config.task)


def calls() -> list[dict]:
    """Return the runs of the table, the paper's steps each."""
    return seed_by_seed([{"biases": [0, 1], "k_relevant": [2, 3], "steps": 9_600}])
