"""Other updates than plain SGD's, as an `after_step` of `grokutils.parity.engine.train_epochs`.

SGD sets the weights to (1 - ηλ) times themselves plus a step, -η times the gradient. `changed`
takes the step out again, lets another be made of it, and puts that in its place; weight decay
stays as it was. All sums are those of compiled loops in a fixed order, so the bits are the same
everywhere.
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from experiments.methods.spectra import equalized, products
from grokutils.parity import kernels
from grokutils.parity.config import TrainConfig
from grokutils.parity.network import Network


def changed(net: Network, config: TrainConfig, change: Callable) -> Callable[[], None]:
    """Return an `after_step` that puts a changed step in the place of SGD's.

    Parameters
    ----------
    net : grokutils.parity.network.Network
        Before its next step.
    config : grokutils.parity.config.TrainConfig
    change : callable
        From the steps of `hidden` and `readout` and the weights before them, packed arrays, to
        the steps that are taken.
    """
    keep = 1 - config.lr * config.weight_decay
    before = [net.hidden.copy(), net.readout.copy()]

    def after_step():
        parts = net.hidden, net.readout
        shrunk = [keep * old for old in before]
        steps = [part - rest for part, rest in zip(parts, shrunk, strict=True)]
        taken = change(*steps, *before)
        for part, old, rest, step in zip(parts, before, shrunk, taken, strict=True):
            part[...] = rest + step
            old[...] = part

    return after_step


def amplify_slow(gain: float = 2.0, memory: float = 0.98) -> Callable:
    """Return a change that adds `gain` times the exponential average of the steps so far.

    Grokfast-EMA (Lee et al. 2024, arXiv:2405.20233), with its code's defaults; its average
    begins with the first gradient.
    """
    average: list[np.ndarray] = []

    def change(hidden_step, readout_step, *_):
        steps = hidden_step, readout_step
        if not average:
            average.extend(step.copy() for step in steps)
        for mean, step in zip(average, steps, strict=True):
            mean[...] = memory * mean + (1 - memory) * step
        return [step + gain * mean for step, mean in zip(steps, average, strict=True)]

    return change


def momentum(gain: float = 3.0, memory: float = 0.98) -> Callable:
    """Return a change to `gain` times the exponential average of the steps so far.

    The twin of `amplify_slow`: the same gain on what is slow, none of what is fast.
    """
    slow = amplify_slow(gain=gain, memory=memory)

    def change(hidden_step, readout_step, *weights):
        both = slow(hidden_step, readout_step, *weights)
        return [b - s for b, s in zip(both, (hidden_step, readout_step), strict=True)]

    return change


def perpendicular(n_bits: int, as_long: bool = False) -> Callable:
    """Return a change that takes out of the steps of W, b and u their part along each.

    The step is then tangential to a sphere. `as_long` scales it to the length it had, as the
    code of Prieto et al. 2025 (arXiv:2501.04697) does.
    """

    def tangential(step, weights):
        squares = kernels.total(products(weights, weights))
        along = kernels.total(products(step, weights))
        rest = step - along / squares * weights if squares else step
        if not as_long:
            return rest
        length, left = (kernels.total(products(s, s)) for s in (step, rest))
        return rest * np.sqrt(length / left) if left else rest

    def change(hidden_step, readout_step, hidden, readout):
        new = hidden_step.copy()
        for rows in (slice(0, n_bits), slice(n_bits, n_bits + 1)):
            new[:, rows] = tangential(*(np.ascontiguousarray(a[:, rows]) for a in (new, hidden)))
        return new, tangential(readout_step[:, None], readout[:, None])[:, 0]

    return change


def equal_speeds(n_bits: int, lr: float, twin: bool = False) -> Callable:
    """Return a change of the step of W to one that is as long in all singular directions.

    η U V^T of the gradient U Σ V^T (Pasand and Dohmatob 2025, arXiv:2510.04930); b and u keep
    theirs. The `twin` has SGD's direction and that step's length.
    """

    def change(hidden_step, readout_step, *_):
        step = np.ascontiguousarray(hidden_step[:, :n_bits])
        equal = lr * equalized(step)
        if twin:
            length, ours = (kernels.total(products(s, s)) for s in (equal, step))
            equal = step * np.sqrt(length / ours) if ours else step
        new = hidden_step.copy()
        new[:, :n_bits] = equal
        return new, readout_step

    return change


def keep_norm(net: Network, norm: float) -> Callable[[], None]:
    """Return an `after_step` that scales all weights to a total norm after each step."""

    def after_step():
        squares = kernels.squares(net.hidden, net.n_bits + 1) + net.readout**2
        factor = norm / np.sqrt(kernels.total(squares))
        net.hidden[...] *= factor
        net.readout[...] *= factor

    return after_step


def no_biases(net: Network) -> Callable[[], None]:
    """Return an `after_step` that keeps the biases at zero."""

    def after_step():
        net.hidden[:, net.n_bits] = 0

    return after_step


def flipped(
    net: Network, passes: Iterable[int], share: float, rng: np.random.Generator
) -> Iterator[int]:
    """Train each epoch on inputs of which a share of all bits is flipped anew; yield it.

    Labels stay, and what is measured between epochs is measured on the inputs as they were.
    """
    inputs = net.splits["train"].inputs[:, : net.n_bits]
    clean, passes = inputs.copy(), iter(passes)
    while True:
        inputs[...] = np.where(rng.random(clean.shape) < share, -clean, clean)
        try:
            epoch = next(passes, None)
        finally:
            inputs[...] = clean
        if epoch is None:
            return
        yield epoch
