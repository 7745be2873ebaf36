"""Race a network to generalization: the number of epochs that it takes.

A race is followed until test accuracy has stayed above the threshold for a while, or until its
last epoch; a network that has not generalized by then is censored there, not lost.
"""

import math
from typing import NamedTuple

import numpy as np
import torch

from grokutils.parity.engine import as_tensors, outputs, sgd
from grokutils.parity.network import Weights
from grokutils.parity.subnetworks import active_subnetwork
from grokutils.parity.train import batch_order, start_of
from grokutils.stats import THRESHOLD


class Network(NamedTuple):
    """A network in training, as the engine's tensors, with its examples and their order."""

    hidden: torch.Tensor
    readout: torch.Tensor
    splits: dict
    order: torch.Tensor

    def weights(self):
        """Return a copy of the present `Weights`."""
        hidden = self.hidden.numpy().copy()
        return Weights(hidden[:-1].T, hidden[-1], self.readout.numpy().copy())

    def accuracy(self, split):
        """Return the share of a split's examples that the network gets right."""
        inputs, labels = self.splits[split]
        return (outputs(self.hidden, self.readout, inputs) * labels > 0).double().mean().item()


def network(config, seed, weights=None):
    """Return the network of one seed, before its first epoch or with other weights."""
    if weights is None:
        weights = start_of(config, seed)
    task = config.task
    order = batch_order(config, seed)
    return Network(*as_tensors(config, weights, task.train_set(seed), order, task.test_set()))


def epochs(net, config, first=0, last=None, hold=None):
    """Train from the end of epoch `first` to the end of `last`; yield each epoch.

    `hold`, called after every step, may put weights back where an intervention wants them.
    """
    order = net.order[first : config.epochs if last is None else last]
    arrays = net.hidden, net.readout, *net.splits["train"], order, config
    if hold is None:
        for epoch in sgd(*arrays):
            yield first + epoch
        return
    steps_per_epoch = math.ceil(order.shape[1] / config.batch_size)
    for step, epoch in enumerate(sgd(*arrays, by_step=True), start=1):
        hold()
        if step % steps_per_epoch == 0:
            yield first + epoch


def race(net, passes, memorization_epoch=np.nan, patience=50):
    """Follow a training, see `epochs`, until it has generalized for `patience` epochs.

    Returns
    -------
    dict
        `memorization_epoch` and `generalization_epoch`, as in `dynamics.events`, NaN where the
        race ended before; `last_epoch`, when it ended; `train_accuracy` and `test_accuracy`
        then; `effective_sparsity` then.
    """
    memorized, generalized, above, epoch = memorization_epoch, np.nan, 0, 0
    for epoch in passes:
        if np.isnan(memorized) and net.accuracy("train") > THRESHOLD:
            memorized = epoch
        above = above + 1 if net.accuracy("test") > THRESHOLD else 0
        if above and np.isnan(generalized):
            generalized = epoch
        if above > patience and not np.isnan(memorized):
            break
    inputs = net.splits["train"].inputs[:, :-1].numpy()
    return {
        "memorization_epoch": memorized,
        "generalization_epoch": generalized,
        "last_epoch": epoch,
        "train_accuracy": net.accuracy("train"),
        "test_accuracy": net.accuracy("test"),
        "effective_sparsity": int(active_subnetwork(net.weights(), inputs).sum()),
    }
