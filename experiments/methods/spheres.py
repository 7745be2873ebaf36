"""Steps across the weights, and on a sphere, without weight decay: quick ones, in compiled loops.

`experiments.methods.updates` says what a perpendicular step is; this is the same but for rounding,
at a sixth of the cost, and can be put back on the sphere where it began.
"""

from collections.abc import Callable

import numpy as np

from experiments.methods.updates import keep_norm
from grokutils.parity import kernels
from grokutils.parity.kernels import BLOCK, compiled
from grokutils.parity.network import Network


def across(net: Network, held: bool = False) -> Callable[[], None]:
    """Return an `after_step` that takes out of the steps of W, b and u their part along each.

    Parameters
    ----------
    net : grokutils.parity.network.Network
        Before its next step, which must be one without weight decay.
    held : bool
        Scale all weights to their norm before the first step, after each.
    """
    # Rows of W and b apart; u is one row.
    parts = [(net.hidden, net.n_bits), (net.readout[:, None], 1)]
    before = [part.copy() for part, _ in parts]
    hold = keep_norm(net, np.sqrt(net.squared_norm())) if held else None

    def after_step():
        for (part, rows), old in zip(parts, before, strict=True):
            sums = along(part, old, rows)
            squares, steps = ([kernels.total(lanes[None]) for lanes in of] for of in sums)
            both = zip(steps, squares, strict=True)
            shares = [step / square if square else 0.0 for step, square in both]
            take_out(part, old, rows, *shares)
        if hold:
            hold()
        for (part, _), old in zip(parts, before, strict=True):
            old[...] = part

    return after_step


@compiled
def along(new, old, rows):
    """Return the sums of old * old and of (new - old) * old, (2, part, 128), lane by lane.

    The parts are the first `rows` rows and the row behind them, if there is one.
    """
    sums = np.zeros((2, 2, BLOCK), new.dtype)
    for b in range(len(new)):
        for r in range(min(rows + 1, new.shape[1])):
            part = 0 if r < rows else 1
            squares, steps, x, y = sums[0, part], sums[1, part], new[b, r], old[b, r]
            for n in range(BLOCK):
                squares[n] += y[n] * y[n]
                steps[n] += (x[n] - y[n]) * y[n]
    return sums


@compiled
def take_out(new, old, rows, first, second):
    """Take so many times `old` out of the first `rows` rows of `new`, and of the one behind."""
    for b in range(len(new)):
        for r in range(min(rows + 1, new.shape[1])):
            share = new.dtype.type(first if r < rows else second)
            x, y = new[b, r], old[b, r]
            for n in range(BLOCK):
                x[n] -= share * y[n]
