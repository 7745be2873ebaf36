"""Wrong labels: what is memorized, what generalizes, and what pruning leaves of either."""

import numpy as np

from experiments.tables.followed import N_FRESH, PAPER, followed
from experiments.tables.grid import seed_by_seed
from grokutils.parity.config import configure
from grokutils.parity.race import network, train_epochs
from grokutils.parity.subnetworks import predictions_by_size, ranking
from grokutils.streams import generator


def measure(label_noise: float, n_train: int, weight_decay: float, steps: int, seed: int) -> dict:
    """Train one seed to the end of its steps; watch the wrong labels, and prune at the end.

    `wrong_fitted` and `clean_fitted` are shares of the given labels that are predicted;
    `wrong_fitted_most` the most of the former at any epoch, `wrong_lost_epoch` the first from
    which on it is below a half, after having been above. `gap_by_norm` and `gap_at_random` are
    the largest difference, over numbers of neurons kept, of fresh accuracy and `wrong_fitted`:
    of the largest neurons, and of neurons in a random order.
    """
    config = configure(
        PAPER, label_noise=label_noise, n_train=n_train, weight_decay=weight_decay, steps=steps
    )
    net, wrong = network(config, seed), config.task.wrong_labels(seed)
    seen = {"wrong_fitted_most": 0.0, "wrong_lost_epoch": np.nan}
    passes = _watching(net, train_epochs(net, config), wrong, seen)
    found = followed(net, passes, config.task, patience=config.epochs)
    right = _right(net)
    found |= {"wrong_fitted": _share(right[wrong]), "clean_fitted": _share(right[~wrong])}
    weights = net.weights()
    orders = {
        "gap_by_norm": ranking(weights),
        "gap_at_random": generator("random order", seed).permutation(config.width),
    }
    gaps = {name: _gap(weights, order, config.task, seed) for name, order in orders.items()}
    return found | seen | {name: float(gap.max()) for name, gap in gaps.items()}


def _watching(net, passes, wrong, seen):
    """Yield the epochs of a training; note how many wrong labels are fitted, and when no more."""
    above = False
    for epoch in passes:
        fitted = _share(_right(net)[wrong])
        seen["wrong_fitted_most"] = max(seen["wrong_fitted_most"], fitted)
        if fitted >= 0.5:
            above, seen["wrong_lost_epoch"] = True, np.nan
        elif above and np.isnan(seen["wrong_lost_epoch"]):
            seen["wrong_lost_epoch"] = epoch
        yield epoch


def _right(net):
    return net.outputs("train") * net.splits["train"].labels > 0


def _share(mask):
    return float(mask.mean()) if len(mask) else 0.0


def _gap(weights, order, task, seed):
    """Return fresh accuracy less wrong labels fitted, for each number of neurons kept."""
    inputs, labels = task.train_set(seed)
    wrong, fresh = task.wrong_labels(seed), task.fresh_set(N_FRESH)
    shares = []
    for x, y in (fresh, (inputs[wrong], labels[wrong])):
        if not len(x):
            return np.zeros(1)
        signs = predictions_by_size(weights, x, order)
        shares.append((signs == y[:, None]).mean(axis=0))
    return shares[0] - shares[1]


def calls() -> list[dict]:
    """Return the runs of the table, 16,000 steps each: 16 ticks at weight decay 0.01.

    More seeds where few runs lose their wrong labels, until 20 of each draw do: they decide.
    """
    shares = {"label_noise": [0.05, 0.1, 0.2], "n_train": [1000, 2000]}
    more = {"label_noise": 0.1, "n_train": 4000}
    decays = {"weight_decay": [0.0, 0.01], "steps": 16_000}
    most = {"label_noise": [0.05, 0.1], "n_train": 8000}
    undone = {"label_noise": 0.1, "n_train": 2000, "weight_decay": 0.01, "steps": 16_000}
    return [
        *seed_by_seed([shares | decays, more | decays, most | decays]),
        *seed_by_seed([undone], range(20, 100)),
    ]
