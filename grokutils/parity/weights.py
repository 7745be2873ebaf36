r"""The network f(x) = u^T relu(W x + b): its weights as arrays, how they start, its output."""

import hashlib
import math
from typing import NamedTuple

import numpy as np

from grokutils.check import check_array, check_integer, check_signs
from grokutils.parity import kernels
from grokutils.streams import generator


class Weights(NamedTuple):
    """The parameters of one network.

    hidden_weight : (neuron, bit), W; hidden_bias : (neuron,), b; readout : (neuron,), u.
    """

    hidden_weight: np.ndarray
    hidden_bias: np.ndarray
    readout: np.ndarray


def initial_weights(n_bits: int, width: int, seed: int) -> Weights:
    """Draw initial weights with the law of torch's `nn.Linear`: uniform in ±1/sqrt(fan_in).

    The law is torch's, the numbers come from our own generator, so that they are the same
    with every torch version.
    """
    check_integer("n_bits", n_bits, at_least=1)
    check_integer("width", width, at_least=1)
    rng = generator("initial weights", seed)
    hidden, readout = 1 / math.sqrt(n_bits), 1 / math.sqrt(width)
    return Weights(
        rng.uniform(-hidden, hidden, (width, n_bits)),
        rng.uniform(-hidden, hidden, width),
        rng.uniform(-readout, readout, width),
    )


def sparse_start(weights: Weights, bits_per_neuron: int, seed: int) -> Weights:
    """Return weights that leave each neuron a few random bits, scaled to the same mean square.

    The bits are drawn uniformly, so the start knows nothing of the relevant ones (Edelman et al.
    2023, arXiv:2309.03800, section 4).
    """
    width, n_bits = weights.hidden_weight.shape
    check_integer("bits_per_neuron", bits_per_neuron, at_least=1, at_most=n_bits)
    order = generator("sparse start", seed).permuted(np.tile(np.arange(n_bits), (width, 1)), axis=1)
    kept = np.where(order < bits_per_neuron, weights.hidden_weight, 0)
    scale = math.sqrt(n_bits / bits_per_neuron)
    return weights._replace(hidden_weight=scale * kept)


def check_weights(
    weights: Weights, *, width: int | None = None, n_bits: int | None = None
) -> Weights:
    """Return `Weights` of arrays; raise `ValueError` naming what does not fit or is not finite."""
    hidden_weight = check_array("hidden_weight", weights[0], shape=(width, n_bits))
    width = len(hidden_weight)
    return Weights(
        hidden_weight,
        check_array("hidden_bias", weights[1], shape=(width,)),
        check_array("readout", weights[2], shape=(width,)),
    )


def weights_digest(weights: Weights) -> str:
    """Return the SHA-256 of all weights, to compare two networks bit by bit.

    As little-endian 64-bit floats: hidden weights neuron by neuron, then biases, then readouts.
    A zero counts as +0, whatever its sign.
    """
    digest = hashlib.sha256()
    for part in check_weights(weights):
        digest.update((part + 0.0).astype("<f8").tobytes())
    return digest.hexdigest()


def pack(weights: Weights, dtype: str = "float64") -> tuple[np.ndarray, np.ndarray]:
    """Return `hidden` and `readout`, blocks of neurons as `grokutils.parity.kernels` takes them."""
    rows = np.vstack([weights.hidden_weight.T, weights.hidden_bias])
    blocks, like = -(-rows.shape[1] // kernels.BLOCK), np.empty((0, 0, 0), dtype)
    hidden = kernels.aligned(blocks, -(-len(rows) // 4) * 4, like)
    readout = kernels.aligned(1, blocks, like)[0]
    hidden[:, : len(rows)] = in_blocks(rows).swapaxes(0, 1)
    readout[:] = in_blocks(weights.readout)
    return hidden, readout


def in_blocks(values: np.ndarray) -> np.ndarray:
    """Return values (..., neuron) as (..., block, 128), with zeros behind the last neuron."""
    *shape, width = values.shape
    blocks = -(-width // kernels.BLOCK)
    padded = np.zeros((*shape, blocks * kernels.BLOCK), values.dtype)
    padded[..., :width] = values
    return padded.reshape(*shape, blocks, kernels.BLOCK)


def unpack(hidden: np.ndarray, readout: np.ndarray, n_bits: int, width: int) -> Weights:
    """Return a copy of packed weights as `Weights`."""
    by_neuron = hidden[:, : n_bits + 1].swapaxes(1, 2).reshape(-1, n_bits + 1)[:width]
    parts = by_neuron[:, :n_bits], by_neuron[:, n_bits], readout.reshape(-1)[:width]
    return Weights(*(part.copy() for part in parts))


def pack_inputs(inputs: np.ndarray) -> np.ndarray:
    """Return inputs (sample, bit) of -1 and +1 as signs (sample, row) for the kernels."""
    inputs = np.asarray(inputs)
    signs = np.ones((len(inputs), -(-(inputs.shape[1] + 1) // 4) * 4), np.int8)
    signs[:, : inputs.shape[1]] = inputs
    return signs


def activations(weights: Weights, inputs: np.ndarray) -> np.ndarray:
    """Return relu(W x + b) as (sample, neuron), by a product of matrices.

    Its rounding is the machine's; what must be the same everywhere is computed by `output`.
    """
    # A cast, because NumPy multiplies integer matrices without BLAS, a hundred times slower.
    inputs = np.asarray(inputs, dtype=weights.hidden_weight.dtype)
    return np.maximum(inputs @ weights.hidden_weight.T + weights.hidden_bias, 0)


def output(weights: Weights, inputs: np.ndarray) -> np.ndarray:
    """Return f(x) as (sample,), for inputs of -1 and +1; its sign is the prediction."""
    weights = check_weights(weights)
    n_bits = weights.hidden_weight.shape[1]
    signs = pack_inputs(check_signs("inputs", inputs, shape=(None, n_bits)))
    hidden, readout = pack(weights)
    return kernels.outputs(hidden, readout[None], signs, n_bits + 1)[0]


def hinge_loss(margin: np.ndarray) -> np.ndarray:
    """Return max(0, 1 - margin) entry by entry, for arrays and tensors; margin = y f(x)."""
    return (1 - margin).clip(min=0)
