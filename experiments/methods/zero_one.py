r"""A network without biases on bits of 0 and 1, trained by the engine, whose inputs are signs.

With z = (1 - x) / 2 is :math:`W z = \frac{1}{2} W 1 - \frac{1}{2} W x`: on signs, weights -W/2 and
biases that are half the sums of the rows of W. After each step of those, SGD's step of W is half
the difference of the two; it may be changed, and both are set anew from W.
"""

from collections.abc import Callable

import numpy as np

from grokutils.parity.config import TrainConfig
from grokutils.parity.network import Network
from grokutils.parity.weights import Weights


def on_signs(weights: Weights) -> Weights:
    """Return weights that do on signs what W and u do on zeros and ones; biases are left out."""
    hidden = weights.hidden_weight
    return Weights(-hidden / 2, hidden.sum(axis=1) / 2, weights.readout)


def steps_of_bits(
    net: Network, config: TrainConfig, change: Callable[[np.ndarray], np.ndarray] | None = None
) -> Callable[[], None]:
    """Return an `after_step` that makes SGD's step on signs the one on zeros and ones.

    Parameters
    ----------
    net : grokutils.parity.network.Network
        With weights as from `on_signs`, before its next step.
    config : grokutils.parity.config.TrainConfig
    change : callable, optional
        From SGD's step of W, (block, bit, 128), to the one that is taken.
    """
    keep, n = 1 - config.lr * config.weight_decay, net.n_bits
    weights = -2 * net.hidden[:, :n]

    def set_anew():
        net.hidden[:, :n] = -weights / 2
        net.hidden[:, n] = weights.sum(axis=1) / 2

    set_anew()
    before = net.hidden[:, : n + 1].copy()

    def after_step():
        step = net.hidden[:, : n + 1] - keep * before
        step = (step[:, n:] - step[:, :n]) / 2
        weights[...] = keep * weights + (step if change is None else change(step))
        set_anew()
        before[...] = net.hidden[:, : n + 1]

    return after_step
