r"""AdamW on the gradient of all examples at once, which may be changed before it is averaged.

An SGD step of the compiled engine with learning rate and weight decay 1 leaves nothing of the
weights, :math:`\theta - (\nabla L + \theta)`, and so is minus the gradient in the weights' own
precision, with no difference of two large numbers. The pull of the logistic loss is computed in
float64 and never rounds to 0: what a softmax loses in float32 is not lost here.
"""

from collections.abc import Callable, Iterator

import numpy as np

from grokutils.parity import kernels
from grokutils.parity.network import Network

FEW = 250  # samples at a time, so that the tables of the kernels stay in the cache


def gradients(net: Network) -> list[np.ndarray]:
    """Return the gradients of the mean training loss, packed as `hidden` and `readout`."""
    x, y = net.splits["train"]
    total = [np.zeros_like(part) for part in (net.hidden, net.readout)]
    for start in range(0, len(x), FEW):
        part = [net.hidden.copy(), net.readout.copy()]
        few, labels = x[start : start + FEW], y[start : start + FEW]
        kernels.train(*part, None, few, labels, net.n_bits + 1, len(few), 1.0, 1.0, net.loss)
        for sums, minus in zip(total, part, strict=True):
            sums -= len(few) / len(x) * minus
    return total


def adamw(net: Network, lr: float, steps: int, change: Callable | None = None) -> Iterator[int]:
    """Train by AdamW on all examples, without weight decay; yield each step.

    Parameters
    ----------
    change : callable, optional
        From the gradients of `hidden` and `readout` and the weights to other gradients, before the
        averages are taken.

    Raises
    ------
    FloatingPointError
        If the weights stop being finite.
    """
    parts = [net.hidden, net.readout]
    first, second = ([np.zeros_like(part) for part in parts] for _ in range(2))
    old, old2 = kernels.BETAS
    for step in range(1, steps + 1):
        found = gradients(net)
        if change is not None:
            found = change(*found, *parts)
        rate, root = lr / (1 - old**step), np.sqrt(1 - old2**step).item()
        for part, mean, square, gradient in zip(parts, first, second, found, strict=True):
            gradient = gradient.astype(part.dtype, copy=False)
            mean[...] = old * mean + (1 - old) * gradient
            square[...] = old2 * square + (1 - old2) * (gradient * gradient)
            part -= rate * (mean / (np.sqrt(square) / root + kernels.EPSILON))
        if not all(np.isfinite(part).all() for part in parts):
            raise FloatingPointError(f"weights are not finite after step {step} with lr = {lr}")
        yield step
