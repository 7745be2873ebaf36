"""Width against the number of examples, from the usual start and from two bits a neuron."""

from experiments.tables.followed import PAPER, followed
from experiments.tables.grid import seed_by_seed, ticks
from grokutils.check import check_choice
from grokutils.parity.config import configure
from grokutils.parity.network import start_of
from grokutils.parity.race import network, train_epochs
from grokutils.parity.weights import sparse_start


def measure(width: int, n_train: int, start: str, steps: int, seed: int) -> dict:
    """Race one seed of another width and number of examples."""
    check_choice("start", start, ("dense", "sparse"))
    config = configure(PAPER, width=width, n_train=n_train, steps=steps)
    weights = start_of(config, seed)
    if start == "sparse":
        weights = sparse_start(weights, 2, seed)
    net = network(config, seed, weights)
    return followed(net, train_epochs(net, config), config.task)


def calls() -> list[dict]:
    """Return the runs of the table, 16 ticks each."""
    dense, sparse = {"start": "dense"}, {"start": "sparse"}
    sizes = [600, 800, 1000, 1500, 2500]
    changes: list[dict] = [
        {"width": [10, 30, 100, 300, 1000], "n_train": sizes} | dense,
        {"width": [100, 1000], "n_train": [600, 800, 1000, 1500]} | sparse,
        {"width": 3000, "n_train": [600, 1000, 2500]} | dense,
        {"width": [3, 4, 5, 6, 8], "n_train": [600, 700, 800, 900]} | dense,
    ]
    return seed_by_seed([change | {"steps": ticks(16)} for change in changes])
