"""How long 3 and 4 bits wait with biases that are held: at 0, or apart from it.

A bias that is held at c makes a unit relu(x + c). Its gate is the step at -c, which has weight on
even degrees unless c is 0. So an activation with such a gate needs no other kernel: the biases
are put back after each step. Half of the neurons have each sign, for a unit with c < 0 can fall
silent, and one with c > 0 cannot. An even activation such as the absolute value would not do: it
is two units with opposite weights, and its gate is odd again.

At 0: N/n = 36, n = 24, 36, 32 ticks. Apart: N/n = 30, n = 16 to 54, 48 ticks. 20 seeds, some
seven minutes; see `experiments/law.toml`.
"""

from collections.abc import Callable

import numpy as np

from experiments.tables.grid import seed_by_seed, ticks
from experiments.tables.waited import N_TEST, SEEDS, waited
from grokutils.check import check_choice
from grokutils.parity.config import TrainConfig, configure
from grokutils.parity.network import Network, start_of
from grokutils.parity.race import network, train_epochs

SIZES = {"zero": 0.0, "apart": 0.1}


def measure(n_bits: int, n_train: int, k_relevant: int, biases: str, steps: int, seed: int) -> dict:
    """Follow one seed whose biases stay where they are put, by the signs of their first draw."""
    check_choice("biases", biases, SIZES)
    places = {"n_bits": n_bits, "n_train": n_train, "n_test": N_TEST}
    config = configure(TrainConfig(), k_relevant=k_relevant, steps=steps, **places)
    start = start_of(config, seed)
    start = start._replace(hidden_bias=SIZES[biases] * np.sign(start.hidden_bias))
    net = network(config, seed, start)
    return waited(net, train_epochs(net, config, after_step=held(net)), config)


def held(net: Network) -> Callable[[], None]:
    """Return an `after_step` that puts the biases back to what they are now."""
    biases = net.hidden[:, net.n_bits].copy()

    def after_step():
        net.hidden[:, net.n_bits] = biases

    return after_step


def calls() -> list[dict]:
    """Return the runs of the table."""
    kinds = ("zero", 36, (24, 36), 32), ("apart", 30, (16, 24, 36, 54), 48)  # N/n, n, ticks
    changes = [
        {"n_bits": n, "n_train": ratio * n, "k_relevant": k, "biases": biases}
        | {"steps": ticks(horizon)}
        for biases, ratio, bits, horizon in kinds
        for n in bits
        for k in (3, 4)
    ]
    return seed_by_seed(changes, SEEDS, draws=(0,))
