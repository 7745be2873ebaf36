"""More irrelevant bits: at the same number of examples, and at the same number a bit."""

from experiments.tables.followed import PAPER, followed
from experiments.tables.grid import seed_by_seed, ticks
from grokutils.parity.config import configure
from grokutils.parity.race import epochs, network


def measure(n_bits, n_train, steps, seed) -> dict:
    """Race one seed on inputs of so many bits, with 1,000 test inputs."""
    config = configure(PAPER, n_bits=n_bits, n_train=n_train, n_test=1000, steps=steps)
    net = network(config, seed)
    return followed(net, epochs(net, config), config.task)


def calls() -> list[dict]:
    """Return the runs of the table, 48 ticks each."""
    at_once = {"n_bits": [10, 15, 20, 25, 30, 35, 40, 45, 50, 55], "n_train": 1000}
    a_bit = [{"n_bits": n, "n_train": 25 * n} for n in (20, 30, 50, 60, 80)]
    twice = {"n_bits": [40, 60], "n_train": 2000}
    return seed_by_seed([change | {"steps": ticks(48)} for change in (at_once, *a_bit, twice)])
