"""The first-layer features of a narrow network, given to the wide one; and their controls."""

import numpy as np

from experiments.tables.followed import PAPER, followed, fresh_accuracy
from experiments.tables.grid import seed_by_seed
from grokutils.check import check_choice
from grokutils.parity.config import configure
from grokutils.parity.network import start_of
from grokutils.parity.race import network, train_epochs
from grokutils.stats import THRESHOLD
from grokutils.store.cache import compute_once
from grokutils.streams import generator

NARROW = configure(PAPER, width=20, steps=48_000)
# At which accuracy the narrow network stops: the weak one at its paper's.
STOPS = {"memorized": ("train", THRESHOLD), "weak": ("test", 0.7), "grokked": ("test", THRESHOLD)}
SOURCES = ("none", "oracle", "untrained", *STOPS)


def features(source: str, seed: int) -> tuple:
    """Return features (feature, bit), the steps they took, and how accurate their network is.

    The oracle's are the relevant bits. A narrow network that never gets to its stop gives what
    it has in the end.
    """
    if source == "oracle":
        return np.eye(PAPER.task.n_bits)[: PAPER.task.k_relevant], 0, 1.0
    net, steps = network(NARROW, seed), 0
    if source in STOPS:
        split, level = STOPS[source]
        for epoch in train_epochs(net, NARROW):
            steps = epoch * -(-NARROW.task.n_train // NARROW.batch_size)
            if net.accuracy(split) > level:
                break
    weights = net.weights()
    return weights.hidden_weight, steps, fresh_accuracy(weights, NARROW.task)


def measure(source: str, steps: int, seed: int) -> dict:
    """Race the wide network of one seed from mixtures of features, as large as its own start."""
    check_choice("source", source, SOURCES)
    config = configure(PAPER, steps=steps)
    start, narrow = start_of(config, seed), {"narrow_steps": 0, "narrow_accuracy": 0.5}
    if source != "none":
        found, taken, accuracy = compute_once(features, source=source, seed=seed)
        narrow = {"narrow_steps": taken, "narrow_accuracy": accuracy}
        start = start._replace(hidden_weight=mixed(found, start.hidden_weight, seed))
    net = network(config, seed, start)
    return (
        {"narrow_width": NARROW.width}
        | narrow
        | followed(net, train_epochs(net, config), config.task)
    )


def mixed(found: np.ndarray, like: np.ndarray, seed: int) -> np.ndarray:
    """Return random mixtures of features, one a neuron, with the norm of other weights.

    A loop over the features, since a product of matrices would have the machine's rounding.
    """
    mixture = generator("mixtures", seed).normal(size=(len(like), len(found)))
    weights = np.zeros_like(like)
    for share, feature in zip(mixture.T, found, strict=True):
        weights += share[:, None] * feature
    return weights * np.sqrt(sum((like**2).flat) / sum((weights**2).flat))


def calls() -> list[dict]:
    """Return the runs of the table, twice the paper's steps each.

    More seeds for weak networks, since not every narrow one gets to be one.
    """
    weak = {"source": ["none", "weak"], "steps": 19_200}
    return [
        *seed_by_seed([{"source": list(SOURCES), "steps": 19_200}]),
        *seed_by_seed([weak], range(20, 60)),
    ]
