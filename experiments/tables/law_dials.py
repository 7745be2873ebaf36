"""How long 3 bits wait, over (n, N), with one other dial at a time.

Seven dials, three (n, N) each, 20 seeds, 24 ticks, some 13 minutes; see `experiments/law.toml`.
"""

from experiments.tables.grid import seed_by_seed, ticks
from experiments.tables.waited import N_TEST, SEEDS, waited
from grokutils.parity.config import TrainConfig, configure
from grokutils.parity.race import network, train_epochs

PLACES = ((30, 600), (30, 900), (50, 1600))
USUAL = {"width": 1000, "weight_decay": 0.01, "lr": 0.1, "batch_size": 32, "loss": "hinge"}
CHANGES: tuple[dict, ...] = (
    {"width": 300},
    {"width": 3000},
    {"weight_decay": 0.003},
    {"lr": 0.03},
    {"batch_size": 8},
    {"batch_size": 128},
    {"loss": "logistic"},
)


def measure(n_bits: int, n_train: int, steps: int, seed: int, **fields: float | str) -> dict:
    """Follow one seed of the paper's network with other bits and examples and another dial."""
    places = {"n_bits": n_bits, "n_train": n_train, "n_test": N_TEST}
    config = configure(TrainConfig(), steps=steps, **places, **fields)
    net = network(config, seed)
    return waited(net, train_epochs(net, config), config)


def calls() -> list[dict]:
    """Return the runs of the table, 24 of their own ticks each."""
    changes = [
        {"n_bits": n_bits, "n_train": n_train} | USUAL | change | {"steps": _steps(change)}
        for change in CHANGES
        for n_bits, n_train in PLACES
    ]
    return seed_by_seed(changes, SEEDS, draws=(0,))


def _steps(change):
    return ticks(24, **{dial: change[dial] for dial in ("lr", "weight_decay") if dial in change})
