"""How many random labels a network can memorize, and what output it gives for its norm."""

from experiments.tables.followed import PAPER, followed
from experiments.tables.grid import seed_by_seed, ticks
from grokutils.parity.config import configure
from grokutils.parity.race import network, train_epochs


def measure(width: int, label_noise: float, n_train: int, steps: int, seed: int) -> dict:
    """Train one seed to the end of its steps; with half of its labels wrong they are random."""
    config = configure(PAPER, width=width, label_noise=label_noise, n_train=n_train, steps=steps)
    net = network(config, seed)
    found = followed(net, train_epochs(net, config), config.task, patience=config.epochs)
    margins = net.outputs("train") * net.splits["train"].labels
    return found | {"mean_margin": float(sum(margins.tolist()) / len(margins))}


def calls() -> list[dict]:
    """Return the runs of the table, ten ticks each."""
    sizes = [100, 200, 400, 800, 1600, 3200]
    random, true = {"label_noise": 0.5}, {"label_noise": 0.0}
    changes = [
        {"width": 1000} | random | {"n_train": [*sizes, 1000]},
        {"width": 1000} | true | {"n_train": [100, 400, 1000, 4000]},
        {"width": [10, 30, 100, 300]} | random | {"n_train": sizes},
        {"width": 30} | random | {"n_train": [round(800 * 1.1**j) for j in range(1, 8)]},
        {"width": 1000} | random | {"n_train": [round(1600 * 1.1**j) for j in range(1, 8)]},
    ]
    return seed_by_seed([change | {"steps": ticks(10)} for change in changes])
