"""Race a network to generalization: the number of epochs that it takes.

A race is followed until test accuracy has stayed above the threshold for a while, or until its
last epoch; a network that has not generalized by then is censored there, not lost.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from grokutils.parity.engine import train_epochs
from grokutils.parity.network import Network, network
from grokutils.parity.subnetworks import active_subnetwork
from grokutils.stats import THRESHOLD

__all__ = ["network", "noting_events", "race", "train_epochs"]  # what a race is made of


EVENTS = {"memorization_epoch": "train", "generalization_epoch": "test"}  # each on its split


def noting_events(net: Network, passes: Iterable[int], happened: dict) -> Iterator[int]:
    """Yield the epochs of a training, and note in `happened` the first above the threshold.

    By the names of a table's columns; NaN until they happen.
    """
    happened |= dict.fromkeys(EVENTS, np.nan)
    for epoch in passes:
        for event, split in EVENTS.items():
            if np.isnan(happened[event]) and net.accuracy(split) > THRESHOLD:
                happened[event] = epoch
        yield epoch


def race(
    net: Network, passes: Iterable[int], memorization_epoch: float = np.nan, patience: int = 50
) -> dict:
    """Follow a training, see `train_epochs`, until it has generalized for `patience` epochs.

    Returns
    -------
    dict
        `memorization_epoch` and `generalization_epoch`, as in `grokutils.stats`, NaN where the
        race ended before; `last_epoch`, when it ended; `train_accuracy` and `test_accuracy`
        then; `effective_sparsity` then; ‖θ‖² then, `squared_norm`, and at the two events,
        `squared_norm_at_memorization`, if it is during the race, and `..._at_generalization`.
    """
    memorized, generalized, above, epoch = memorization_epoch, np.nan, 0, 0
    norm_at = dict.fromkeys(("memorization", "generalization"), np.nan)
    for epoch in passes:
        if np.isnan(memorized) and net.accuracy("train") > THRESHOLD:
            memorized, norm_at["memorization"] = epoch, net.squared_norm()
        above = above + 1 if net.accuracy("test") > THRESHOLD else 0
        if above and np.isnan(generalized):
            generalized, norm_at["generalization"] = epoch, net.squared_norm()
        if above > patience and not np.isnan(memorized):
            break
    inputs = net.splits["train"].inputs[:, : net.n_bits]
    return {
        "memorization_epoch": memorized,
        "generalization_epoch": generalized,
        "last_epoch": epoch,
        "train_accuracy": net.accuracy("train"),
        "test_accuracy": net.accuracy("test"),
        "effective_sparsity": int(active_subnetwork(net.weights(), inputs).sum()),
        **{f"squared_norm_at_{event}": norm for event, norm in norm_at.items()},
        "squared_norm": net.squared_norm(),
    }
