"""Subnetworks: rank neurons by norm, find the active ones, measure what a set of them does.

The prediction of a network is the sign of its output: -1, 0 or +1. Two networks agree on an
input if their predictions are equal, so an output of exactly 0 agrees with 0 alone.
"""

import numpy as np
import torch

from grokutils.check import check_array, check_choice, check_integer, check_signs
from grokutils.parity.network import Weights, check_weights
from grokutils.streams import generator


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
    weights, inputs = _check(weights, inputs)
    hidden, readout = _tensors(weights, ranking(weights))
    predictions = np.zeros((len(inputs), len(readout) + 1), dtype=np.int8)
    for start in range(0, len(inputs), 250):
        block = slice(start, start + 250)
        contributions = (inputs[block] @ hidden).relu_().mul_(readout)
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
        return smallest_agreeing(predictions_by_size(weights, inputs))
    if labels is None:
        raise ValueError("labels = None: the criterion 'accuracy' needs labels")
    labels = check_signs("labels", labels, shape=(len(inputs),))
    return smallest_as_accurate(predictions_by_size(weights, inputs), labels)


def smallest_agreeing(predictions):
    """Return the smallest k at which all samples' predictions (sample, k) are those of the last."""
    return int(np.argmax((predictions == predictions[:, -1:]).all(axis=0)))


def smallest_as_accurate(predictions, labels):
    """Return the smallest k of at least 1 with as many right predictions as the last."""
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
    weights, inputs = _check(weights, inputs)
    kept = _check_kept(kept, len(weights.readout), many=True)
    hidden, readout = _tensors(weights)
    readouts = torch.from_numpy(kept) * readout  # (subnetwork, neuron)
    return ((inputs @ hidden).relu_() @ readouts.T).numpy()


def sensitivity(weights, inputs, kept):
    """Return the average sensitivity (subnetwork,) of subnetworks.

    It is the expected number of single-bit flips of an input that change the prediction: k for
    the parity of k bits, 0 for a constant.
    """
    weights, inputs = _check(weights, inputs)
    kept = _check_kept(kept, len(weights.readout), many=True)
    pruned = [_tensors(prune(weights, neurons)) for neurons in kept]
    return np.array([flips(*tensors, inputs).mean().item() for tensors in pruned])


def flips(hidden, readout, inputs):
    """Count the single-bit flips that change the prediction, (sample,), for `engine` tensors."""
    before = inputs @ hidden
    change = -2 * hidden[:-1]  # flipping a bit adds x_bit times this to every neuron's input
    f = before.new_empty(len(inputs), len(change))
    rows = max(1, 40_000 // max(change.numel(), 1))  # samples at a time, to stay in the cache
    flipped = before.new_empty(min(rows, len(inputs)), *change.shape)
    blocks = (before[:, None], inputs[:, :-1, None], f)
    for z, x, out in zip(*(t.split(rows) for t in blocks), strict=True):
        if len(z) < len(flipped):  # the last block
            flipped = flipped[: len(z)]
        torch.addcmul(z, x, change, out=flipped).relu_()
        torch.matmul(flipped, readout, out=out)
    return (f.sign_() != (before.relu_() @ readout).sign_()[:, None]).sum(1, dtype=f.dtype)


def _check(weights, inputs):
    """Return the weights, and the inputs as a tensor (sample, bit + 1) whose last column is 1."""
    weights = check_weights(weights)
    inputs = check_signs("inputs", inputs, shape=(None, weights.hidden_weight.shape[1]))
    with_one = np.column_stack([inputs, np.ones(len(inputs))])
    return weights, torch.tensor(with_one, dtype=torch.float64)


def _tensors(weights, order=slice(None)):
    """Return hidden (bit + 1, neuron), the bias last, and readout, with neurons in `order`."""
    both = np.vstack([weights.hidden_weight.T, weights.hidden_bias])[:, order]
    return torch.tensor(both, dtype=torch.float64), torch.tensor(
        weights.readout[order], dtype=torch.float64
    )


def _check_kept(kept, width, many=False):
    kept = check_array("kept", kept, shape=(None, width) if many else (width,))
    if kept.dtype != bool:
        raise ValueError(f"kept has dtype {kept.dtype}: must be boolean, one entry a neuron")
    return kept
