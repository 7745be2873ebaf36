"""Dissect whole runs: what the sparse subnetwork, its complement and a control do all along."""

from typing import NamedTuple

import numpy as np
import torch
import xarray as xr

from grokutils.parity.engine import as_tensors, measured_epochs, outputs, sgd
from grokutils.parity.network import LOSSES, Weights
from grokutils.parity.subnetworks import (
    active_subnetwork,
    control_set,
    flips,
    predictions_by_size,
    smallest_agreeing,
    smallest_as_accurate,
)
from grokutils.parity.train import batch_order, start_of
from grokutils.stats import THRESHOLD

SUBNETWORKS = ("sparse", "complement", "control")


def dissect_seed(config, seed, every=1, sparsity_every=1):
    """Train and dissect the network of one seed in this process; see `dissect`."""
    examples = {"train": config.task.train_set(seed), "test": config.task.test_set()}
    path, splits = _train(config, seed, every, examples)
    inputs, labels = examples["train"]
    last = path.weights(config.epochs)
    sparse = active_subnetwork(last, inputs)
    kept = np.array([sparse, ~sparse, control_set(config.width, int(sparse.sum()), seed)])
    sampled = [e for e in path.epochs if e % sparsity_every == 0 or e == config.epochs]

    on_inputs = _measure(path, splits, torch.from_numpy(kept), LOSSES[config.loss])
    memorizing = np.zeros_like(sparse)
    memorized = np.flatnonzero(on_inputs["accuracy"][1][:, 0] > THRESHOLD)
    if len(memorized):
        memorizing = active_subnetwork(path.weights(path.epochs[memorized[0]]), inputs)
    return xr.Dataset(
        on_inputs
        | _norms(path, kept.astype(path.hidden.numpy().dtype), config.task.k_relevant)
        | _sizes([path.weights(epoch) for epoch in sampled], inputs, labels)
        | {
            "hidden_weight": (("saved_epoch", "neuron", "bit"), last.hidden_weight[None]),
            "hidden_bias": (("saved_epoch", "neuron"), last.hidden_bias[None]),
            "kept": (("subnetwork", "neuron"), kept),
            "memorizing": ("neuron", memorizing),
        },
        {
            "epoch": path.epochs,
            "split": list(splits),
            "saved_epoch": [config.epochs],
            "sparsity_epoch": sampled,
            "subnetwork": list(SUBNETWORKS),
        },
    )


class _Path(NamedTuple):
    """The weights at the measured epochs of a run, as the engine's tensors."""

    epochs: list
    hidden: torch.Tensor  # (epoch, bit + 1, neuron)
    readout: torch.Tensor  # (epoch, neuron)

    def weights(self, epoch):
        """Return the `Weights` at one of the epochs."""
        place = self.epochs.index(epoch)
        hidden = self.hidden[place].numpy()
        return Weights(hidden[:-1].T, hidden[-1], self.readout[place].numpy())


def _train(config, seed, every, examples):
    """Train one seed; return the path of its weights, and the examples as tensors."""
    start = start_of(config, seed)
    hidden, readout, splits, order = as_tensors(
        config, start, examples["train"], batch_order(config, seed), examples["test"]
    )
    epochs = measured_epochs(config.epochs, every, ())
    path = _Path(epochs, *(t.new_empty(len(epochs), *t.shape) for t in (hidden, readout)))
    places = {epoch: place for place, epoch in enumerate(epochs)}
    path.hidden[0], path.readout[0] = hidden, readout
    for epoch in sgd(hidden, readout, *splits["train"], order, config):
        if epoch in places:
            path.hidden[places[epoch]], path.readout[places[epoch]] = hidden, readout
    return path, splits


def _measure(path, splits, kept, loss):
    """Return the variables that are measured on inputs."""
    few = [inputs[:100] for inputs, _ in splits.values()]
    lengths, few = [len(inputs) for inputs in few], torch.cat(few)
    of_network, of_parts = [], []
    for hidden, readout in zip(path.hidden, path.readout, strict=True):
        flipped = [flips(hidden[:, neurons], readout[neurons], few) for neurons in kept]
        by_split = torch.stack(flipped).split(lengths, dim=1)
        readouts = torch.vstack([kept * readout, readout]).T.contiguous()
        for (inputs, labels), flipped in zip(splits.values(), by_split, strict=True):
            # One pass over the activations serves the network and all of its subnetworks.
            f = outputs(hidden, readouts, inputs)  # (sample, subnetwork + 1)
            margin, prediction = f[:, -1] * labels, f.sign().T
            parts, whole = prediction[:-1], prediction[-1]
            of_network.append(torch.stack([loss(margin), (margin > 0).to(margin)]).mean(1))
            shares = torch.stack([parts == whole, parts == labels]).to(margin).mean(2)
            of_parts.append(torch.vstack([shares, flipped.mean(1)]))
    shape = len(path.epochs), len(splits)
    of_network = torch.stack(of_network).view(*shape, 2).numpy()
    of_parts = torch.stack(of_parts).view(*shape, 3, len(kept)).numpy()
    measured = {}
    for i, name in enumerate(("loss", "accuracy")):
        measured[name] = (("epoch", "split"), of_network[..., i])
    for i, name in enumerate(("faithfulness", "subnetwork_accuracy", "sensitivity")):
        measured[name] = (("epoch", "split", "subnetwork"), of_parts[:, :, i])
    return measured


def _norms(path, kept, k_relevant):
    """Return the variables that are read off the weights."""
    squares = path.hidden[:, :-1].square().numpy()  # (epoch, bit, neuron)
    norm = np.sqrt(squares.sum(axis=1))
    by_bit = squares @ kept.T  # (epoch, bit, subnetwork)
    with np.errstate(invalid="ignore"):  # an empty set has neither mean nor share: NaN
        return {
            "weight_norm": (("epoch", "neuron"), norm),
            "readout": (("epoch", "neuron"), path.readout.numpy()),
            "mean_norm": (("epoch", "subnetwork"), norm @ kept.T / kept.sum(axis=1)),
            "relevant_share": (
                ("epoch", "subnetwork"),
                by_bit[:, :k_relevant].sum(axis=1) / by_bit.sum(axis=1),
            ),
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
