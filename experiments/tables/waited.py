"""A wait that is followed: when a network memorizes and generalizes, and what grows meanwhile."""

import math
from collections.abc import Iterable

import numpy as np

from grokutils.parity import kernels
from grokutils.parity.config import TrainConfig
from grokutils.parity.network import Network
from grokutils.stats import THRESHOLD

SEEDS = range(4000, 4020)  # which no other table uses
N_TEST = 2000
AFTERWARDS = 2.0  # ticks, in which what is idle shrinks by e², so that the sparse neurons are seen
FEW = 200
CARRIED = 0.5  # of the squares on relevant bits, by the neurons that count as sparse


def memorizes(net: Network) -> bool:
    """Return whether the network gets more than the threshold of its training set right."""
    return net.accuracy("train") > THRESHOLD


def generalizes(net: Network) -> bool:
    """Return whether the network gets more than the threshold of the test set right.

    If the first few inputs hold too many wrong ones for that, the rest is not looked at, which
    changes no answer.
    """
    inputs, labels = net.splits["test"]
    first = kernels.outputs(net.hidden, net.readout[None], inputs[:FEW], net.n_bits + 1)[0]
    wrong = int((first * labels[:FEW] <= 0).sum())
    if 1 - wrong / len(labels) <= THRESHOLD:
        return False
    return net.accuracy("test") > THRESHOLD


EVENTS = {"memorization": memorizes, "generalization": generalizes}


def waited(
    net: Network, passes: Iterable[int], config: TrainConfig, to_the_end: bool = False
) -> dict:
    """Follow a training until two ticks after it has memorized and generalized.

    Returns
    -------
    dict
        `memorization_epoch` and `generalization_epoch`, NaN where the run ended before;
        `last_epoch`, `train_accuracy`, `test_accuracy` and `squared_norm` then, and the squared
        norms at the two events, as from `grokutils.parity.race.race`. `sparse_neurons`: how many,
        at least, carry half of the squared weights on relevant bits at the end; and the share of
        theirs in the squared norm at the two events, `sparse_share_at_...`.
    """
    epoch_of = dict.fromkeys(EVENTS, np.nan)
    norm_at, on_relevant_at = dict(epoch_of), {}
    k_relevant, patience = config.task.k_relevant, epochs_in(AFTERWARDS, config)
    epoch = 0
    for epoch in passes:
        for event, happens in EVENTS.items():
            if np.isnan(epoch_of[event]) and happens(net):
                epoch_of[event], norm_at[event] = epoch, net.squared_norm()
                on_relevant_at[event] = on_relevant(net, k_relevant)
        if not to_the_end and epoch >= np.max([*epoch_of.values()]) + patience:  # not with a NaN
            break
    sparse = fewest(on_relevant(net, k_relevant), CARRIED)
    shares = dict.fromkeys(EVENTS, np.nan) | {
        event: math.fsum(squares[sparse]) / norm_at[event]
        for event, squares in on_relevant_at.items()
    }
    return {
        **{f"{event}_epoch": when for event, when in epoch_of.items()},
        "last_epoch": epoch,
        "train_accuracy": net.accuracy("train"),
        "test_accuracy": net.accuracy("test"),
        **{f"squared_norm_at_{event}": norm for event, norm in norm_at.items()},
        "squared_norm": net.squared_norm(),
        "sparse_neurons": len(sparse),
        **{f"sparse_share_at_{event}": shares[event] for event in EVENTS},
    }


def epochs_in(ticks: float, config: TrainConfig) -> int:
    """Return the number of epochs that hold so many ticks."""
    an_epoch = math.ceil(config.task.n_train / config.batch_size)
    return math.ceil(ticks / (config.lr * config.weight_decay) / an_epoch)


def on_relevant(net: Network, k_relevant: int) -> np.ndarray:
    """Return the sum of each neuron's squared weights on the relevant bits, (neuron,)."""
    squares = np.zeros(net.hidden[:, 0].shape)
    for bit in range(k_relevant):  # in this order, whatever the machine
        squares += net.hidden[:, bit] ** 2
    return squares.reshape(-1)[: net.width]


def fewest(values: np.ndarray, share: float) -> np.ndarray:
    """Return the places of the fewest, largest values that make up a share of their sum."""
    order = np.argsort(-values, kind="stable")
    sums = np.cumsum(values[order])
    return order[: int(np.argmax(sums >= share * sums[-1])) + 1]
