"""A network whose output is scaled before the loss while the norm of its weights is held."""

from collections.abc import Callable

import numpy as np

from grokutils.parity import kernels
from grokutils.parity.network import Network


def tempered(net: Network, norm: float, scale: float) -> Callable[[], None]:
    """Put all weights at a norm, have a multiple of f trained; return the `after_step` for it.

    The network holds `scale` times the readout u of f, so what it computes is scale f. SGD's step
    of W and b is then that of scale f; its step of the readout, -η g, is to be scale² times as
    long, for u moves by -η scale g. The norm is that of W, b and u.
    """

    def hold():
        squares = kernels.squares(net.hidden, net.n_bits + 1) + (net.readout / scale) ** 2
        factor = norm / np.sqrt(kernels.total(squares))
        net.hidden[...] *= factor
        net.readout[...] *= factor
        before[...] = net.readout

    before = np.empty_like(net.readout)
    net.readout[...] *= scale
    hold()

    def after_step():
        net.readout[...] = before + scale**2 * (net.readout - before)
        hold()

    return after_step
