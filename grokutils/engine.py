r"""The engine: SGD on the network, many times faster than a plain PyTorch loop, same numbers.

It keeps W and b as one matrix `hidden` of shape (bit + 1, neuron), whose last row is the bias,
and gives every input a last bit of 1. One SGD step on a batch X is then two matrix products,
X @ hidden forward and X^T @ G backward, and the second also applies the update and the weight
decay.
"""

import math

import numpy as np
import torch
import xarray as xr

from grokutils.model import Weights, check_weights, hinge_loss
from grokutils.task import Examples
from grokutils.validation import check_array, check_integer, check_signs


def sgd(hidden, readout, inputs, labels, batch_order, config):
    """Train in place by hand-derived gradients; yield the epoch after each pass.

    Parameters
    ----------
    hidden : tensor (bit + 1, neuron)
        W and b; see the module's docstring.
    readout : tensor (neuron,)
    inputs : tensor (sample, bit + 1)
        Last column 1.
    labels : tensor (sample,)
    batch_order : tensor of int64 (epoch, sample)
        The order in which each epoch visits the samples.
    config : grokutils.training.TrainConfig
        Its batch size, learning rate and weight decay.

    Raises
    ------
    FloatingPointError
        If the weights stop being finite.
    """
    size, lr = min(config.batch_size, len(inputs)), config.lr
    decay = 1 - lr * config.weight_decay
    mask_gradient = torch.ops.aten.threshold_backward.grad_input
    active = hidden.new_empty(size, len(readout))  # relu(WX + b), (sample, neuron)
    kept, gradient = torch.empty_like(active), torch.empty_like(active)
    shuffled, y, slopes = torch.empty_like(inputs), torch.empty_like(labels), labels.clone()
    batches = list(zip(*(t.split(size) for t in (shuffled, y, slopes)), strict=True))
    batches = [(*batch, active[: len(batch[0])]) for batch in batches]
    per_sample = torch.cat([-torch.ones_like(b[1]) / len(b[1]) for b in batches])
    for epoch, order in enumerate(batch_order, start=1):
        torch.index_select(inputs, 0, order, out=shuffled)
        torch.index_select(labels, 0, order, out=y)
        torch.mul(y, per_sample, out=slopes)  # of the loss in f, where the margin is below 1
        for x, sign, slope, a in batches:
            torch.mm(x, hidden, out=a).relu_()
            below = torch.mv(a, readout).mul_(sign).lt_(1).nonzero().view(-1)
            # Samples with a margin of at least 1 have no gradient: late in training, most.
            if len(below) < len(x):
                x, slope = x.index_select(0, below), slope.index_select(0, below)
                a = torch.index_select(a, 0, below, out=kept[: len(below)])
            g = torch.outer(slope, readout, out=gradient[: len(below)])
            mask_gradient(g, a, 0, grad_input=g)  # relu' = 0 where the neuron is silent
            readout.addmv_(a.T, slope, beta=decay, alpha=-lr)
            hidden.addmm_(x.T, g, beta=decay, alpha=-lr)
        if not math.isfinite(hidden.sum() + readout.sum()):
            raise FloatingPointError(
                f"training diverged: weights are not finite after epoch {epoch} with lr = {lr}"
            )
        yield epoch


def train_from(config, weights, train, batch_order, *, test=None, weights_at=(), every=1):
    """Train from given initial weights, training set and batch order, in this process.

    The arrays decide; of `config` come the batch size, learning rate, weight decay and dtype,
    and the sizes that the arrays must have. For laying this engine beside another.

    Parameters
    ----------
    config : grokutils.training.TrainConfig
    weights : Weights
        Hidden weight (neuron, bit), hidden bias (neuron,), readout (neuron,).
    train, test : Examples
        Inputs (sample, bit) and labels (sample,), all -1 or +1. Without `test`, the `test`
        split is left out.
    batch_order : array of int (epoch, sample)
        A permutation of the samples for each epoch.
    weights_at, every
        As for `grokutils.training.train`.

    Returns
    -------
    xarray.Dataset
        As from `grokutils.training.train`, without the dimension `seed`.

    Raises
    ------
    ValueError
        Naming the array that does not fit and why.
    FloatingPointError
        If the run diverges; names epoch and learning rate.
    """
    task, dtype = config.task, getattr(torch, config.dtype)
    weights = check_weights(weights, width=config.width, n_bits=task.n_bits)
    splits = {"train": _check_examples("train", train, (task.n_train, task.n_bits), dtype)}
    if test is not None:
        splits["test"] = _check_examples("test", test, (None, task.n_bits), dtype)
    order = _check_order(batch_order, (config.epochs, task.n_train))
    measured = measured_epochs(config.epochs, every, weights_at)

    hidden = torch.tensor(np.vstack([weights.hidden_weight.T, weights.hidden_bias]), dtype=dtype)
    readout = torch.tensor(weights.readout, dtype=dtype)
    rows = [measure(hidden, readout, splits)]
    places = {epoch: place for place, epoch in enumerate(sorted(set(weights_at)))}
    saved = np.empty((len(places), *hidden.shape), dtype=config.dtype)
    if 0 in places:
        saved[0] = hidden
    for epoch in sgd(hidden, readout, *splits["train"], order, config):
        if epoch in measured:
            rows.append(measure(hidden, readout, splits))
        if epoch in places:
            saved[places[epoch]] = hidden
    return _history(rows, measured, list(splits), saved, list(places))


def measure(hidden, readout, splits):
    """Return loss and accuracy of each split, and weight norm and readout of each neuron."""
    margins = [margin(hidden, readout, *examples) for examples in splits.values()]
    return (
        [hinge_loss(m).mean().item() for m in margins],
        [(m > 0).double().mean().item() for m in margins],
        hidden[:-1].square().sum(0).sqrt().numpy(),
        readout.numpy().copy(),
    )


def margin(hidden, readout, inputs, labels, block=250):
    """Return y f(x) as (sample,), a block of samples at a time to stay in the processor's cache."""
    outputs = [torch.mm(x, hidden).relu_() @ readout for x in inputs.split(block)]
    return torch.cat(outputs).mul_(labels)


def weights_at(run, epoch):
    """Take the `Weights` of one kept epoch out of the history of one seed."""
    kept = run.sel(saved_epoch=epoch)
    readout = run["readout"].sel(epoch=epoch)
    return Weights(kept["hidden_weight"].values, kept["hidden_bias"].values, readout.values)


def measured_epochs(epochs, every, weights_at):
    """Return the sorted epochs at which a run is measured; raise `ValueError` on bad ones."""
    check_integer("every", every, at_least=1)
    for epoch in weights_at:
        check_integer("weights_at", epoch, at_least=0, at_most=epochs)
    return sorted({*range(0, epochs + 1, every), epochs, *weights_at})


def _check_examples(name, examples, shape, dtype):
    inputs = check_signs(f"{name} inputs", examples[0], shape=shape)
    labels = check_signs(f"{name} labels", examples[1], shape=inputs.shape[:1])
    with_one = np.column_stack([inputs, np.ones(len(inputs))])
    return Examples(torch.tensor(with_one, dtype=dtype), torch.tensor(labels, dtype=dtype))


def _check_order(order, shape):
    order = check_array("batch_order", order, shape=shape)
    if order.dtype.kind not in "iu" or (np.sort(order, axis=1) != np.arange(shape[1])).any():
        raise ValueError("batch_order: every row must be a permutation of the samples' indices")
    return torch.from_numpy(order.astype(np.int64))


def _history(rows, epochs, splits, saved, saved_epochs):
    loss, accuracy, weight_norm, readout = (np.array(column) for column in zip(*rows, strict=True))
    history = xr.Dataset(
        {
            "loss": (("epoch", "split"), loss),
            "accuracy": (("epoch", "split"), accuracy),
            "weight_norm": (("epoch", "neuron"), weight_norm),
            "readout": (("epoch", "neuron"), readout),
        },
        {"epoch": epochs, "split": splits},
    )
    if not saved_epochs:
        return history
    by_neuron = saved.transpose(0, 2, 1)  # (saved_epoch, neuron, bit + 1)
    return history.assign(
        hidden_weight=(("saved_epoch", "neuron", "bit"), by_neuron[..., :-1]),
        hidden_bias=(("saved_epoch", "neuron"), by_neuron[..., -1]),
    ).assign_coords(saved_epoch=saved_epochs)
