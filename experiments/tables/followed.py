"""A race that is followed by more columns, as most tables of later papers' claims have them."""

from collections.abc import Iterable

import numpy as np

from grokutils.parity.config import TrainConfig, configure
from grokutils.parity.network import Network
from grokutils.parity.race import network, noting_events, race, train_epochs
from grokutils.parity.task import ParityTask
from grokutils.parity.weights import Weights, output

PAPER = TrainConfig()
N_FRESH = 2000
RISES = 0.65  # three standard deviations above chance of 100 test points


def raced(steps: int, seed: int, **fields: float | str) -> dict:
    """Race one seed of the paper's configuration with some fields changed; see `followed`."""
    config = configure(PAPER, steps=steps, **fields)
    net = network(config, seed)
    return followed(net, train_epochs(net, config), config.task)


def followed(net: Network, passes: Iterable[int], task: ParityTask, patience: int = 50) -> dict:
    """Race a network; add its accuracy on fresh inputs, when it rose, and its turn by then.

    Returns
    -------
    dict
        As from `race`, with `fresh_accuracy` at the end, on 2,000 inputs; `rise_epoch` and
        `train_rise_epoch`, the first with test and train accuracy above 0.65;
        `direction_kept`, the cosine of all weights at memorization and at the start. A run that
        diverges has nothing but NaN.
    """
    seen = {"rise_epoch": np.nan, "train_rise_epoch": np.nan, "direction_kept": np.nan}
    try:
        found = race(net, _noting(net, passes, seen), patience=patience)
    except FloatingPointError:
        net.hidden[...], net.readout[...] = 0, 0  # or the columns could not be asked for
        return dict.fromkeys([*race(net, []), "fresh_accuracy", *seen], np.nan)
    return found | {"fresh_accuracy": fresh_accuracy(net.weights(), task)} | seen


def _noting(net, passes, seen):
    """Yield the epochs of a training; note the first events in `seen`."""
    first = [part.copy() for part in (net.hidden, net.readout)]
    happened = {}
    for epoch in noting_events(net, passes, happened):
        for column, split in (("rise_epoch", "test"), ("train_rise_epoch", "train")):
            if np.isnan(seen[column]) and net.accuracy(split) > RISES:
                seen[column] = epoch
        if happened["memorization_epoch"] == epoch:
            seen["direction_kept"] = cosine(first, (net.hidden, net.readout))
        yield epoch


def cosine(one: Iterable[np.ndarray], other: Iterable[np.ndarray]) -> float:
    """Return the cosine of two networks' packed weights, to six digits.

    The digits behind are rounding, which may differ between machines.
    """
    one, other = (np.concatenate([np.ravel(part) for part in parts]) for parts in (one, other))
    return digits((one * other).sum() / np.sqrt((one**2).sum() * (other**2).sum()))


def digits(value: float, number: int = 6) -> float:
    """Return a number to so many significant digits."""
    return float(f"{value:.{number}g}")


def fresh_accuracy(weights: Weights, task: ParityTask) -> float:
    """Return the share of 2,000 fresh inputs that a network gets right."""
    inputs, labels = task.fresh_set(N_FRESH)
    return float((output(weights, inputs) * labels > 0).mean())
