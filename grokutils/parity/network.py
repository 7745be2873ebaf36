r"""The network f(x) = u^T relu(W x + b), as arrays and as a plain `nn.Module`; the losses."""

import math
from typing import NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn.functional import logsigmoid

from grokutils.check import check_array, check_integer
from grokutils.streams import generator


class Weights(NamedTuple):
    """The parameters of one network.

    hidden_weight : (neuron, bit), W; hidden_bias : (neuron,), b; readout : (neuron,), u.
    """

    hidden_weight: np.ndarray
    hidden_bias: np.ndarray
    readout: np.ndarray


def initial_weights(n_bits, width, seed):
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


def sparse_start(weights, bits_per_neuron, seed):
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


def check_weights(weights, *, width=None, n_bits=None):
    """Return `Weights` of arrays; raise `ValueError` naming what does not fit or is not finite."""
    hidden_weight = check_array("hidden_weight", weights[0], shape=(width, n_bits))
    width = len(hidden_weight)
    return Weights(
        hidden_weight,
        check_array("hidden_bias", weights[1], shape=(width,)),
        check_array("readout", weights[2], shape=(width,)),
    )


def activations(weights, inputs):
    """Return relu(W x + b) as (sample, neuron)."""
    # A cast, because NumPy multiplies integer matrices without BLAS, a hundred times slower.
    inputs = np.asarray(inputs, dtype=weights.hidden_weight.dtype)
    return np.maximum(inputs @ weights.hidden_weight.T + weights.hidden_bias, 0)


def output(weights, inputs):
    """Return f(x) as (sample,); its sign is the prediction."""
    return activations(weights, inputs) @ weights.readout


def hinge_loss(margin):
    """Return max(0, 1 - margin) entry by entry, for arrays and tensors; margin = y f(x)."""
    return (1 - margin).clip(min=0)


# Each loss of a margin tensor, and its pull: minus the derivative. The hinge pulls at a sample
# or not, with 1 or 0; the paper uses it alone.
LOSSES = {
    "hinge": hinge_loss,
    "logistic": lambda margin: -logsigmoid(margin),
    "squared": lambda margin: (1 - margin) ** 2,
}
PULLS = {
    "hinge": lambda margin: margin.lt_(1),
    "logistic": lambda margin: margin.neg_().sigmoid_(),
    "squared": lambda margin: margin.neg_().add_(1).mul_(2),
}


class ParityNet(nn.Module):
    """The same network in plain PyTorch, started from given `Weights`."""

    def __init__(self, weights, dtype=torch.float64):
        super().__init__()
        width, n_bits = weights.hidden_weight.shape
        self.hidden = nn.Linear(n_bits, width, dtype=dtype)
        self.readout = nn.Linear(width, 1, bias=False, dtype=dtype)
        with torch.no_grad():
            self.hidden.weight.copy_(torch.from_numpy(weights.hidden_weight))
            self.hidden.bias.copy_(torch.from_numpy(weights.hidden_bias))
            self.readout.weight[0].copy_(torch.from_numpy(weights.readout))

    def forward(self, inputs):
        """Map inputs (sample, bit) to outputs (sample,)."""
        return self.readout(torch.relu(self.hidden(inputs))).squeeze(1)

    def weights(self):
        """Return a copy of the present parameters as `Weights`."""
        parameters = self.hidden.weight, self.hidden.bias, self.readout.weight[0]
        return Weights(*(p.detach().numpy().copy() for p in parameters))
