r"""The engine: SGD on the network, many times faster than a plain PyTorch loop, same numbers.

It keeps W and b as one matrix `hidden` of shape (bit + 1, neuron), whose last row is the bias,
and gives every input a last bit of 1. One SGD step on a batch X is then two matrix products,
X @ hidden forward and X^T @ G backward, and the second also applies the update and the weight
decay. The paper trains by SGD on the hinge loss; AdamW and other losses are there to compare.
"""

import math

import numpy as np
import torch
import xarray as xr

from grokutils.check import check_array, check_integer, check_signs
from grokutils.parity.network import LOSSES, PULLS, Weights, check_weights
from grokutils.parity.task import Examples


def sgd(hidden, readout, inputs, labels, batch_order, config, *, by_step=False):
    """Train in place by hand-derived gradients; yield the epoch after each pass.

    Between two epochs the caller may change the weights in place.

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
    config : grokutils.parity.config.TrainConfig
        Its batch size, learning rate, weight decay, loss and optimizer.
    by_step : bool
        Yield after each step instead, the epoch to which it belongs.

    Raises
    ------
    FloatingPointError
        If the weights stop being finite.
    """
    size, pull_of = min(config.batch_size, len(inputs)), PULLS[config.loss]
    update = _UPDATES[config.optimizer](hidden, readout, config)
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
        torch.mul(y, per_sample, out=slopes)  # of the loss in f, up to the pull
        for x, sign, slope, a in batches:
            torch.mm(x, hidden, out=a).relu_()
            pull = pull_of(torch.mv(a, readout).mul_(sign))
            pulled = pull.nonzero().view(-1)
            # Samples with a margin of at least 1 have no gradient: late in training, most.
            if len(pulled) < len(x):
                x, slope = x.index_select(0, pulled), slope.index_select(0, pulled)
                a = torch.index_select(a, 0, pulled, out=kept[: len(pulled)])
                pull = pull.index_select(0, pulled)
            slope = slope * pull
            g = torch.outer(slope, readout, out=gradient[: len(pulled)])
            mask_gradient(g, a, 0, grad_input=g)  # relu' = 0 where the neuron is silent
            update(x, g, a, slope)
            if by_step:
                yield epoch
        if not math.isfinite(hidden.sum() + readout.sum()):
            raise FloatingPointError(
                f"training diverged: weights are not finite after epoch {epoch} "
                f"with lr = {config.lr}"
            )
        if not by_step:
            yield epoch


def _plain_update(hidden, readout, config):
    lr, decay = config.lr, 1 - config.lr * config.weight_decay

    def update(x, g, a, slope):
        readout.addmv_(a.T, slope, beta=decay, alpha=-lr)
        hidden.addmm_(x.T, g, beta=decay, alpha=-lr)

    return update


def _adamw_update(hidden, readout, config):
    options = {"lr": config.lr, "weight_decay": config.weight_decay, "fused": True}
    optimizer = torch.optim.AdamW([hidden, readout], **options)

    def update(x, g, a, slope):
        hidden.grad, readout.grad = x.T @ g, a.T @ slope
        optimizer.step()

    return update


_UPDATES = {"sgd": _plain_update, "adamw": _adamw_update}


def train_from(config, weights, train, batch_order, *, test=None, weights_at=(), every=1):
    """Train from given initial weights, training set and batch order, in this process.

    The arrays decide; of `config` come the batch size, learning rate, weight decay and dtype,
    and the sizes that the arrays must have. For laying this engine beside another.

    Parameters
    ----------
    config : grokutils.parity.config.TrainConfig
    weights : Weights
        Hidden weight (neuron, bit), hidden bias (neuron,), readout (neuron,).
    train, test : Examples
        Inputs (sample, bit) and labels (sample,), all -1 or +1. Without `test`, the `test`
        split is left out.
    batch_order : array of int (epoch, sample)
        A permutation of the samples for each epoch.
    weights_at, every
        As for `grokutils.seeds.train`.

    Returns
    -------
    xarray.Dataset
        As from `grokutils.seeds.train`, without the dimension `seed`.

    Raises
    ------
    ValueError
        Naming the array that does not fit and why.
    FloatingPointError
        If the run diverges; names epoch and learning rate.
    """
    hidden, readout, splits, order = as_tensors(config, weights, train, batch_order, test)
    measured = measured_epochs(config.epochs, every, weights_at)
    rows = [measure(hidden, readout, splits, config.loss)]
    places = {epoch: place for place, epoch in enumerate(sorted(set(weights_at)))}
    saved = np.empty((len(places), *hidden.shape), dtype=config.dtype)
    if 0 in places:
        saved[0] = hidden
    for epoch in sgd(hidden, readout, *splits["train"], order, config):
        if epoch in measured:
            rows.append(measure(hidden, readout, splits, config.loss))
        if epoch in places:
            saved[places[epoch]] = hidden
    return _history(rows, measured, list(splits), saved, list(places))


def as_tensors(config, weights, train, batch_order, test=None):
    """Check the arrays of a run; return hidden, readout, the splits and the order for `sgd`."""
    task, dtype = config.task, getattr(torch, config.dtype)
    weights = check_weights(weights, width=config.width, n_bits=task.n_bits)
    splits = {"train": _check_examples("train", train, (task.n_train, task.n_bits), dtype)}
    if test is not None:
        splits["test"] = _check_examples("test", test, (None, task.n_bits), dtype)
    order = _check_order(batch_order, (config.epochs, task.n_train))
    hidden = np.ascontiguousarray(np.vstack([weights.hidden_weight.T, weights.hidden_bias]))
    hidden, readout = (torch.tensor(array, dtype=dtype) for array in (hidden, weights.readout))
    return hidden, readout, splits, order


def measure(hidden, readout, splits, loss="hinge"):
    """Return loss and accuracy of each split, and weight norm and readout of each neuron."""
    margins = [outputs(hidden, readout, x).mul_(labels) for x, labels in splits.values()]
    return (
        [LOSSES[loss](m).mean().item() for m in margins],
        [(m > 0).double().mean().item() for m in margins],
        hidden[:-1].square().sum(0).sqrt().numpy(),
        readout.numpy().copy(),
    )


def outputs(hidden, readout, inputs, block=250):
    """Return f(x) as (sample,), or a column for each of the readouts (neuron, subnetwork).

    A block of samples at a time stays in the processor's cache.
    """
    return torch.cat([torch.mm(x, hidden).relu_() @ readout for x in inputs.split(block)])


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
