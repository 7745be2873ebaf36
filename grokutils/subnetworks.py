"""Subnetworks: rank neurons by norm, find the active ones, measure what a set of them does.

The prediction of a network is the sign of its output: -1, 0 or +1. Two networks agree on an
input if their predictions are equal, so an output of exactly 0 agrees with 0 alone.
"""

import numpy as np
import torch
import xarray as xr

from grokutils import runs
from grokutils.dynamics import events
from grokutils.engine import weights_at
from grokutils.model import Weights, check_weights
from grokutils.task import generator
from grokutils.training import train_seed
from grokutils.validation import check_array, check_choice, check_integer, check_seeds, check_signs

SUBNETWORKS = ("sparse", "complement", "control")


def ranking(weights):
    """Return the neurons by falling weight norm; of equal norms, the lower index comes first."""
    weights = check_weights(weights)
    return np.argsort(-np.linalg.norm(weights.hidden_weight, axis=1), kind="stable")


def ablate(weights, kept):
    """Return the network with the neurons outside `kept` (boolean, (neuron,)) set to zero."""
    weights = check_weights(weights)
    kept = _check_kept(kept, len(weights.readout))
    return weights._replace(readout=np.where(kept, weights.readout, 0))


def prune(weights, kept):
    """Return the smaller network that has the neurons of `kept` alone."""
    weights = check_weights(weights)
    kept = _check_kept(kept, len(weights.readout))
    return Weights(*(part[kept] for part in weights))


def predictions_by_size(weights, inputs):
    """Return the predictions of every f_k, the network of the k neurons largest in norm.

    Returns
    -------
    numpy.ndarray of int8 (sample, width + 1)
        In -1, 0, +1, for k = 0 ... width; the last column is the network itself.
    """
    weights = check_weights(weights)
    inputs = check_signs("inputs", inputs, shape=(None, weights.hidden_weight.shape[1]))
    hidden, readout = _tensors(weights, ranking(weights))
    predictions = np.zeros((len(inputs), len(readout) + 1), dtype=np.int8)
    for start in range(0, len(inputs), 250):
        block = slice(start, start + 250)
        contributions = (_with_one(inputs[block]) @ hidden).relu_().mul_(readout)
        # One cumulative sum over the neurons gives all f_k.
        predictions[block, 1:] = contributions.cumsum_(1).sign_()
    return predictions


def agreement(weights, inputs):
    """Return for k = 0 ... width the share of inputs on which f_k predicts as the network does."""
    predictions = predictions_by_size(weights, inputs)
    return (predictions == predictions[:, -1:]).mean(axis=0)


def effective_sparsity(weights, inputs, labels=None, *, criterion="predictions"):
    """Return the size of the active subnetwork: the smallest k whose f_k is as good as f.

    Parameters
    ----------
    weights : Weights
    inputs : array (sample, bit)
        The paper takes the training inputs.
    labels : array (sample,), optional
        For the criterion "accuracy".
    criterion : {"predictions", "accuracy"}
        The paper's: f_k predicts on every input what the network predicts. Or the released
        code's: f_k, with k at least 1, has the network's accuracy, whichever inputs it gets
        right.

    Returns
    -------
    int
        In 0 ... width. It is 0 if the network's output is 0 on all inputs.

    Raises
    ------
    ValueError
        If weights are not finite or inputs are empty, of wrong shape or not all -1 or +1.
    """
    check_choice("criterion", criterion, ("predictions", "accuracy"))
    if criterion == "predictions":
        return _smallest_agreeing(predictions_by_size(weights, inputs))
    if labels is None:
        raise ValueError("labels = None: the criterion 'accuracy' needs labels")
    labels = check_signs("labels", labels, shape=(len(inputs),))
    return _smallest_as_accurate(predictions_by_size(weights, inputs), labels)


def _smallest_agreeing(predictions):
    return int(np.argmax((predictions == predictions[:, -1:]).all(axis=0)))


def _smallest_as_accurate(predictions, labels):
    right = (predictions[:, 1:] == labels[:, None]).sum(axis=0)
    return 1 + int(np.argmax(right == right[-1]))


def active_subnetwork(weights, inputs):
    """Return as a mask (neuron,) the smallest set of largest neurons that predicts as f does."""
    kept = np.zeros(len(weights.readout), dtype=bool)
    kept[ranking(weights)[: effective_sparsity(weights, inputs)]] = True
    return kept


def control_set(width, size, seed):
    """Draw a random set of neurons as large as the sparse one, as a mask (neuron,)."""
    check_integer("size", size, at_least=0, at_most=width)
    kept = np.zeros(width, dtype=bool)
    kept[generator("control set", seed).choice(width, size, replace=False)] = True
    return kept


def outputs(weights, inputs, kept):
    """Return the outputs (sample, subnetwork) of the subnetworks of a mask (subnetwork, neuron)."""
    weights = check_weights(weights)
    inputs = check_signs("inputs", inputs, shape=(None, weights.hidden_weight.shape[1]))
    kept = _check_kept(kept, len(weights.readout), many=True)
    hidden, readout = _tensors(weights)
    readouts = torch.from_numpy(kept) * readout  # (subnetwork, neuron)
    return ((_with_one(inputs) @ hidden).relu_() @ readouts.T).numpy()


def sensitivity(weights, inputs, kept):
    """Return the average sensitivity (subnetwork,) of subnetworks.

    It is the expected number of single-bit flips of an input that change the prediction: k for
    the parity of k bits, 0 for a constant.
    """
    weights = check_weights(weights)
    inputs = check_signs("inputs", inputs, shape=(None, weights.hidden_weight.shape[1]))
    kept = _check_kept(kept, len(weights.readout), many=True)
    return np.array([_sensitivity(prune(weights, neurons), inputs) for neurons in kept])


def _sensitivity(weights, inputs):
    hidden, readout = _tensors(weights)
    changed = 0
    for block in np.array_split(inputs, -(-len(inputs) // 100)):
        x = _with_one(block)
        before = x @ hidden
        flipped, f = torch.empty_like(before), before.new_empty(x.shape[1] - 1, len(x))
        for bit in range(len(f)):  # flipping it adds -2 x_bit w_bit to every neuron's input
            torch.addr(before, x[:, bit], hidden[bit], alpha=-2, out=flipped)
            torch.mv(flipped.relu_(), readout, out=f[bit])
        changed += (f.sign_() != (before.relu_() @ readout).sign_()).sum().item()
    return changed / len(inputs)


def dissect(config, *, seeds, every=1, n_jobs=-1, cache=True):
    """Train one network per seed and measure its subnetworks at every epoch.

    The sparse subnetwork is the active one of the last epoch, the complement is the rest, the
    control is a random set as large as the sparse one. All are followed over the whole run,
    whose weights are needed at every epoch: at 100 MB a seed it is cheaper to train once more
    than to keep them.

    Parameters
    ----------
    config : TrainConfig
    seeds : sequence of int
    every : int
        Epochs between two measurements of effective sparsity; the rest is measured at each.
    n_jobs, cache
        As for `grokutils.training.train`.

    Returns
    -------
    xarray.Dataset
        The history of `train` with the weights of the last epoch, and `effective_sparsity`,
        `effective_sparsity_by_accuracy` (seed, sparsity_epoch); `kept` (seed, subnetwork,
        neuron); `memorizing` (seed, neuron), the active subnetwork at memorization, empty
        where the run never memorizes; `faithfulness`, `subnetwork_accuracy`, `sensitivity`
        (seed, epoch, split, subnetwork), sensitivity on the first 100 inputs of the split;
        `mean_norm`, and `relevant_share`, the share of the squared weights that is on relevant
        bits (seed, epoch, subnetwork).
    """
    seeds = check_seeds(seeds)
    check_integer("every", every, at_least=1)
    calls = [{"config": config, "seed": seed, "every": every} for seed in seeds]
    found = runs.compute(dissect_seed, calls, n_jobs=n_jobs, cache=cache)
    return xr.concat(found, dim=xr.Variable("seed", seeds))


def dissect_seed(config, seed, every=1):
    """Train and dissect the network of one seed in this process; see `dissect`."""
    epochs = range(config.epochs + 1)
    run = train_seed(config, seed, weights_at=epochs)
    trajectory = [weights_at(run, epoch) for epoch in epochs]
    splits = {"train": config.task.train_set(seed), "test": config.task.test_set()}
    train = splits["train"]

    sparse = active_subnetwork(trajectory[-1], train.inputs)
    control = control_set(config.width, int(sparse.sum()), seed)
    kept = np.array([sparse, ~sparse, control])
    memorization = events(run)["memorization_epoch"].item()
    memorizing = np.zeros_like(sparse)
    if not np.isnan(memorization):
        memorizing = active_subnetwork(trajectory[int(memorization)], train.inputs)

    sampled = sorted({*range(0, config.epochs + 1, every), config.epochs})
    sizes, by_accuracy = [], []
    for epoch in sampled:
        predictions = predictions_by_size(trajectory[epoch], train.inputs)
        sizes.append(_smallest_agreeing(predictions))
        by_accuracy.append(_smallest_as_accurate(predictions, train.labels))
    on_relevant = [_share_on_relevant(w, kept, config.task.k_relevant) for w in trajectory]
    shares = np.array([_shares(weights, splits, kept) for weights in trajectory])
    norm, members = run["weight_norm"], xr.DataArray(kept, dims=("subnetwork", "neuron"))
    per_split = ("epoch", "split", "subnetwork")
    measured = xr.Dataset(
        {
            "effective_sparsity": ("sparsity_epoch", sizes),
            "effective_sparsity_by_accuracy": ("sparsity_epoch", by_accuracy),
            "kept": members,
            "memorizing": ("neuron", memorizing),
            "faithfulness": (per_split, shares[:, 0]),
            "subnetwork_accuracy": (per_split, shares[:, 1]),
            "sensitivity": (per_split, shares[:, 2]),
            "mean_norm": norm.where(members).mean("neuron"),
            "relevant_share": (("epoch", "subnetwork"), on_relevant),
        },
        {"sparsity_epoch": sampled, "subnetwork": list(SUBNETWORKS)},
    )
    return xr.merge([run.sel(saved_epoch=[config.epochs]), measured])


def _shares(weights, splits, kept):
    """Return faithfulness, accuracy and sensitivity as (quantity, split, subnetwork)."""
    everything = np.vstack([kept, np.ones_like(kept[:1])])
    rows = []
    for inputs, labels in splits.values():
        predictions = np.sign(outputs(weights, inputs, everything))
        rows.append(
            (
                (predictions[:, :-1] == predictions[:, -1:]).mean(0),
                (predictions[:, :-1] == labels[:, None]).mean(0),
                sensitivity(weights, inputs[:100], kept),
            )
        )
    return np.array(rows).transpose(1, 0, 2)


def _share_on_relevant(weights, kept, k_relevant):
    by_bit = kept.astype(float) @ weights.hidden_weight**2  # (subnetwork, bit)
    return by_bit[:, :k_relevant].sum(axis=1) / by_bit.sum(axis=1)


def _tensors(weights, order=slice(None)):
    """Return hidden (bit + 1, neuron), the bias last, and readout, with neurons in `order`."""
    both = np.vstack([weights.hidden_weight.T, weights.hidden_bias])[:, order]
    return torch.tensor(both, dtype=torch.float64), torch.tensor(
        weights.readout[order], dtype=torch.float64
    )


def _with_one(inputs):
    return torch.tensor(np.column_stack([inputs, np.ones(len(inputs))]), dtype=torch.float64)


def _check_kept(kept, width, many=False):
    kept = check_array("kept", kept, shape=(None, width) if many else (width,))
    if kept.dtype != bool:
        raise ValueError(f"kept has dtype {kept.dtype}: must be boolean, one entry a neuron")
    return kept
