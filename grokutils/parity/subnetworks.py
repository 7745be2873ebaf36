"""Subnetworks: rank neurons by norm, find the active ones, measure what a set of them does.

The prediction of a network is the sign of its output: -1, 0 or +1. Two networks agree on an
input if their predictions are equal, so an output of exactly 0 agrees with 0 alone.
"""

import numpy as np

from grokutils.check import check_array, check_choice, check_integer, check_signs
from grokutils.parity import kernels
from grokutils.parity.weights import Weights, check_weights, in_blocks, pack, pack_inputs
from grokutils.streams import generator


def norms(weights: Weights) -> np.ndarray:
    """Return the weight norm of each neuron, (neuron,)."""
    width, n_bits = check_weights(weights).hidden_weight.shape
    return np.sqrt(kernels.squares(pack(weights)[0], n_bits)).reshape(-1)[:width]


def ranking(weights: Weights) -> np.ndarray:
    """Return the neurons by falling weight norm; of equal norms, the lower index comes first."""
    return np.argsort(-norms(weights), kind="stable")


def ablate(weights: Weights, kept: np.ndarray) -> Weights:
    """Return the network with the neurons outside `kept` (boolean, (neuron,)) set to zero."""
    weights = check_weights(weights)
    kept = _check_kept(kept, len(weights.readout))
    return weights._replace(readout=np.where(kept, weights.readout, 0))


def prune(weights: Weights, kept: np.ndarray) -> Weights:
    """Return the smaller network that has the neurons of `kept` alone."""
    weights = check_weights(weights)
    kept = _check_kept(kept, len(weights.readout))
    return Weights(*(part[kept] for part in weights))


def predictions_by_size(
    weights: Weights, inputs: np.ndarray, order: np.ndarray | None = None
) -> np.ndarray:
    """Return the predictions of every f_k, the network of the k neurons largest in norm.

    Or of the first k of another order of the neurons.

    Returns
    -------
    numpy.ndarray of int8 (sample, width + 1)
        In -1, 0, +1, for k = 0 ... width; the last column is the network itself.
    """
    weights, signs = _check(weights, inputs)
    order = ranking(weights) if order is None else order
    ordered = Weights(*(part[order] for part in weights))
    return kernels.predictions(*pack(ordered), signs, _rows(weights), len(weights.readout))


def agreement(weights: Weights, inputs: np.ndarray) -> np.ndarray:
    """Return for k = 0 ... width the share of inputs on which f_k predicts as the network does."""
    predictions = predictions_by_size(weights, inputs)
    return (predictions == predictions[:, -1:]).mean(axis=0)


def effective_sparsity(
    weights: Weights,
    inputs: np.ndarray,
    labels: np.ndarray | None = None,
    *,
    criterion: str = "predictions",
) -> int:
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


def smallest_agreeing(predictions: np.ndarray) -> int:
    """Return the smallest k at which all samples' predictions (sample, k) are those of the last."""
    return int(np.argmax((predictions == predictions[:, -1:]).all(axis=0)))


def smallest_as_accurate(predictions: np.ndarray, labels: np.ndarray) -> int:
    """Return the smallest k of at least 1 with as many right predictions as the last."""
    right = (predictions[:, 1:] == labels[:, None]).sum(axis=0)
    return 1 + int(np.argmax(right == right[-1]))


def active_subnetwork(weights: Weights, inputs: np.ndarray) -> np.ndarray:
    """Return as a mask (neuron,) the smallest set of largest neurons that predicts as f does."""
    kept = np.zeros(len(weights.readout), dtype=bool)
    kept[ranking(weights)[: effective_sparsity(weights, inputs)]] = True
    return kept


def control_set(width: int, size: int, seed: int) -> np.ndarray:
    """Draw a random set of neurons as large as the sparse one, as a mask (neuron,)."""
    check_integer("size", size, at_least=0, at_most=width)
    kept = np.zeros(width, dtype=bool)
    kept[generator("control set", seed).choice(width, size, replace=False)] = True
    return kept


def outputs(weights: Weights, inputs: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Return the outputs (sample, subnetwork) of the subnetworks of a mask (subnetwork, neuron)."""
    weights, signs = _check(weights, inputs)
    kept = _check_kept(kept, len(weights.readout), many=True)
    hidden, readout = pack(weights)
    readouts = np.where(in_blocks(kept), readout, 0)
    return kernels.outputs(hidden, readouts, signs, _rows(weights)).T


def sensitivity(weights: Weights, inputs: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Return the average sensitivity (subnetwork,) of subnetworks.

    It is the expected number of single-bit flips of an input that change the prediction: k for
    the parity of k bits, 0 for a constant.
    """
    weights, signs = _check(weights, inputs)
    kept = _check_kept(kept, len(weights.readout), many=True)
    return np.array([flips(prune(weights, neurons), signs).mean() for neurons in kept])


def flips(weights: Weights, signs: np.ndarray) -> np.ndarray:
    """Count the single-bit flips that change the prediction, (sample,), of packed inputs."""
    (hidden, readout), rows = pack(weights), _rows(weights)
    f = kernels.nearly_flipped(hidden, readout, signs, rows)
    sample, bit = np.nonzero(~(np.abs(f[:, :-1]) > _doubt(hidden, readout)))
    near_zero = signs[sample]
    near_zero[np.arange(len(bit)), bit] *= -1
    if len(bit):
        f[sample, bit] = kernels.outputs(hidden, readout[None], near_zero, rows)[0]
    return (np.sign(f[:, :-1]) != np.sign(f[:, -1:])).sum(axis=1)


def _doubt(hidden, readout):
    """Bound what two ways to round f can differ by, so that a larger f has one sign.

    An output adds up products, none of which is larger than |u| times the sum of |w|, in a tree
    as deep as a signed sum, the blocks and seven halves; half an eps a rounding, twice, would do.
    """
    depth = hidden.shape[1] + len(hidden) + 32
    largest = float((np.abs(hidden).sum(axis=1) * np.abs(readout)).sum())
    return depth * np.finfo(hidden.dtype).eps * largest + np.finfo(hidden.dtype).tiny


def _check(weights, inputs):
    """Return the weights, and the inputs as packed signs."""
    weights = check_weights(weights)
    inputs = check_signs("inputs", inputs, shape=(None, weights.hidden_weight.shape[1]))
    return weights, pack_inputs(inputs)


def _rows(weights):
    return weights.hidden_weight.shape[1] + 1


def _check_kept(kept, width, many=False):
    kept = check_array("kept", kept, shape=(None, width) if many else (width,))
    if kept.dtype != bool:
        raise ValueError(f"kept has dtype {kept.dtype}: must be boolean, one entry a neuron")
    return kept
