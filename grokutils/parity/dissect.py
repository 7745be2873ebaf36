"""Dissect whole runs: what the sparse subnetwork, its complement and a control do all along."""

from typing import NamedTuple

import numpy as np
import xarray as xr

from grokutils.parity import kernels
from grokutils.parity.config import TrainConfig
from grokutils.parity.engine import History, measured_epochs, train_epochs
from grokutils.parity.network import Network, network
from grokutils.parity.subnetworks import (
    active_subnetwork,
    control_set,
    flips,
    predictions_by_size,
    prune,
    smallest_agreeing,
    smallest_as_accurate,
)
from grokutils.parity.weights import Weights, in_blocks, unpack
from grokutils.stats import THRESHOLD

SUBNETWORKS = ("sparse", "complement", "control")


def dissect_seed(
    config: TrainConfig, seed: int, every: int = 1, sparsity_every: int = 1
) -> xr.Dataset:
    """Train and dissect the network of one seed in this process; see `grokutils.seeds.dissect`."""
    net = network(config, seed)
    path = _train(net, config, every)
    inputs, labels = config.task.train_set(seed)
    sparse = active_subnetwork(net.weights(), inputs)
    kept = np.array([sparse, ~sparse, control_set(config.width, int(sparse.sum()), seed)])
    sampled = [e for e in path.epochs if e % sparsity_every == 0 or e == config.epochs]

    history, parts = _measure(net, path, kept)
    memorizing = np.zeros_like(sparse)
    memorized = np.flatnonzero(history["accuracy"].sel(split="train") > THRESHOLD)
    if len(memorized):
        memorizing = active_subnetwork(path.weights(net, path.epochs[memorized[0]]), inputs)
    names = {"sparsity_epoch": sampled, "subnetwork": list(SUBNETWORKS)}
    return history.assign(
        parts
        | _shares(path, kept, net.n_bits, config.task.k_relevant)
        | _sizes([path.weights(net, epoch) for epoch in sampled], inputs, labels)
        | {"kept": (("subnetwork", "neuron"), kept), "memorizing": ("neuron", memorizing)}
    ).assign_coords(names)


class _Path(NamedTuple):
    """The packed weights at the measured epochs of a run."""

    epochs: list
    hidden: np.ndarray  # (epoch, block, row, 128)
    readout: np.ndarray  # (epoch, block, 128)

    def weights(self, net: Network, epoch: int) -> Weights:
        """Return the `Weights` at one of the epochs."""
        place = self.epochs.index(epoch)
        return unpack(self.hidden[place], self.readout[place], net.n_bits, net.width)


def _train(net, config, every):
    """Train one seed; return the path of its weights."""
    measured = measured_epochs(config.epochs, every, ())
    arrays = net.hidden, net.readout
    path = _Path(measured, *(np.empty((len(measured), *a.shape), a.dtype) for a in arrays))
    places = {epoch: place for place, epoch in enumerate(measured)}
    path.hidden[0], path.readout[0] = arrays
    for epoch in train_epochs(net, config):
        if epoch in places:
            path.hidden[places[epoch]], path.readout[places[epoch]] = arrays
    return path


def _measure(net, path, kept):
    """Return the history of the path, and what is measured of its parts on inputs."""
    masks, last = in_blocks(kept), path.epochs[-1]
    history = History(net, path.epochs, weights_at=[last])
    few = np.concatenate([inputs[:100] for inputs, _ in net.splits.values()])
    ends = np.cumsum([min(100, len(inputs)) for inputs, _ in net.splits.values()])[:-1]
    measured = np.empty((3, len(path.epochs), len(net.splits), len(kept)))
    for place, epoch in enumerate(path.epochs):
        net.hidden[:], net.readout[:] = path.hidden[place], path.readout[place]
        readouts = np.concatenate([np.where(masks, net.readout, 0), net.readout[None]])
        # One pass over the activations serves the network and all of its subnetworks.
        f = {split: net.outputs(split, readouts) for split in net.splits}
        history.record(net, epoch, {split: outputs[-1] for split, outputs in f.items()})
        weights = net.weights()
        counts = np.array([flips(prune(weights, neurons), few) for neurons in kept])
        by_split = zip(net.splits, np.split(counts, ends, axis=1), strict=True)
        for i, (split, changes) in enumerate(by_split):
            *parts, whole = np.sign(f[split])
            measured[0, place, i] = (parts == whole).mean(axis=1)
            measured[1, place, i] = (parts == net.splits[split].labels).mean(axis=1)
            measured[2, place, i] = changes.mean(axis=1)
    names = "faithfulness", "subnetwork_accuracy", "sensitivity"
    dims = "epoch", "split", "subnetwork"
    return history.dataset(), {n: (dims, m) for n, m in zip(names, measured, strict=True)}


def _shares(path, kept, n_bits, k_relevant):
    """Return what is read off the weights of the parts."""
    masks, totals = in_blocks(kept), np.empty((3, len(path.epochs), len(kept)))
    for place, hidden in enumerate(path.hidden):
        squares = kernels.squares(hidden, n_bits)
        values = np.sqrt(squares), kernels.squares(hidden, k_relevant), squares
        for i, value in enumerate(values):
            totals[i, place] = [kernels.total(value * mask) for mask in masks]
    norm, relevant, all_bits = totals
    with np.errstate(invalid="ignore"):  # an empty set has neither mean nor share: NaN
        return {
            "mean_norm": (("epoch", "subnetwork"), norm / kept.sum(axis=1)),
            "relevant_share": (("epoch", "subnetwork"), relevant / all_bits),
        }


def _sizes(weights, inputs, labels):
    """Return the effective sparsity of some networks, by either criterion."""
    predictions = (predictions_by_size(w, inputs) for w in weights)
    both = [(smallest_agreeing(p), smallest_as_accurate(p, labels)) for p in predictions]
    exact, by_accuracy = zip(*both, strict=True)
    return {
        "effective_sparsity": ("sparsity_epoch", list(exact)),
        "effective_sparsity_by_accuracy": ("sparsity_epoch", list(by_accuracy)),
    }
