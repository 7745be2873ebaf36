"""The engine: a network in training, many times faster than a plain PyTorch loop.

The paper trains by SGD on the hinge loss; AdamW and other losses are there to compare. All
arithmetic is that of `grokutils.parity.kernels`, the same bits on every machine.
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import xarray as xr

from grokutils.check import check_integer
from grokutils.parity import kernels
from grokutils.parity.config import TrainConfig
from grokutils.parity.network import Network
from grokutils.parity.task import Examples
from grokutils.parity.weights import Weights


def train_epochs(
    net: Network,
    config: TrainConfig,
    first: int = 0,
    last: int | None = None,
    after_step: Callable[[], None] | None = None,
) -> Iterator[int]:
    """Train from the end of epoch `first` to the end of `last`; yield each epoch.

    Between two epochs the caller may change weights and examples in place. `after_step` is called
    after every step and may put weights back where an intervention wants them.

    Raises
    ------
    FloatingPointError
        If the weights stop being finite; names epoch and learning rate.
    """
    x, y = net.splits["train"]
    arrays, rates = (net.hidden, net.readout, net.moments), (config.lr, config.weight_decay)
    step = config.batch_size, *map(float, rates), net.loss
    last = config.epochs if last is None else last
    # An epoch in which no sample pulls and nothing decays leaves the weights as they are, and so
    # does each later one, while it begins with the same. An `after_step` may do what it likes.
    rests = config.weight_decay == 0 and net.moments is None and after_step is None
    begun_with, rest = (net.hidden, net.readout, x, y), None
    for epoch, order in enumerate(net.order[first:last], start=first + 1):
        if rest is not None and all(map(np.array_equal, begun_with, rest)):
            yield epoch
            continue
        pulls, together = 0, len(order) if after_step is None else config.batch_size
        for start in range(0, len(order), together):
            places = order[start : start + together]
            pulls += kernels.train(*arrays, x[places], y[places], net.n_bits + 1, *step)
            if after_step is not None:
                after_step()
        if rests and not pulls:
            rest = [array.copy() for array in begun_with]
        if not (np.isfinite(net.hidden).all() and np.isfinite(net.readout).all()):
            raise FloatingPointError(
                f"training diverged: weights are not finite after epoch {epoch} "
                f"with lr = {config.lr}"
            )
        yield epoch


class History:
    """What is measured of a network at some epochs, and its weights at some of them."""

    def __init__(self, net: Network, measured: list[int], weights_at: Iterable[int] = ()) -> None:
        self.splits, number = list(net.splits), len(measured)
        self.places = {epoch: place for place, epoch in enumerate(measured)}
        self.by_split = np.empty((2, number, len(self.splits)))  # loss, accuracy
        # weight_norm, readout
        self.by_neuron = np.empty((2, number, net.width), net.hidden.dtype)
        self.weights = dict.fromkeys(sorted(set(weights_at)))

    def record(self, net: Network, epoch: int, outputs: dict | None = None) -> None:
        """Measure the network at an epoch, from its outputs on each split if they are given."""
        if epoch in self.weights:
            self.weights[epoch] = net.weights()
        if epoch not in self.places:
            return
        place = self.places[epoch]
        for i, split in enumerate(self.splits):
            f = None if outputs is None else outputs[split]
            self.by_split[:, place, i] = net.evaluate(split, f)
        self.by_neuron[:, place] = net.norms(), net.readout.reshape(-1)[: net.width]

    def dataset(self) -> xr.Dataset:
        """Return the history, with the kept weights; what is recorded later appears in it."""
        loss, accuracy = ((("epoch", "split"), values) for values in self.by_split)
        norm, readout = ((("epoch", "neuron"), values) for values in self.by_neuron)
        run = xr.Dataset(
            {"loss": loss, "accuracy": accuracy, "weight_norm": norm, "readout": readout},
            {"epoch": list(self.places), "split": self.splits},
        )
        if not self.weights:
            return run
        hidden, bias, _ = (np.stack(part) for part in zip(*self.weights.values(), strict=True))
        return run.assign(
            hidden_weight=(("saved_epoch", "neuron", "bit"), hidden),
            hidden_bias=(("saved_epoch", "neuron"), bias),
        ).assign_coords(saved_epoch=list(self.weights))


def train_from(
    config: TrainConfig,
    weights: Weights,
    train: Examples,
    batch_order: np.ndarray,
    *,
    test: Examples | None = None,
    weights_at: Iterable[int] = (),
    every: int = 1,
) -> xr.Dataset:
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
    net = Network.of(config, weights, train, batch_order, test)
    history = History(net, measured_epochs(config.epochs, every, weights_at), weights_at)
    history.record(net, 0)
    for epoch in train_epochs(net, config):
        history.record(net, epoch)
    return history.dataset()


def weights_at(run: xr.Dataset, epoch: int) -> Weights:
    """Take the `Weights` of one kept epoch out of the history of one seed."""
    kept = run.sel(saved_epoch=epoch)
    readout = run["readout"].sel(epoch=epoch)
    return Weights(kept["hidden_weight"].values, kept["hidden_bias"].values, readout.values)


def measured_epochs(epochs: int, every: int, weights_at: Iterable[int]) -> list[int]:
    """Return the sorted epochs at which a run is measured; raise `ValueError` on bad ones."""
    check_integer("every", every, at_least=1)
    for epoch in weights_at:
        check_integer("weights_at", epoch, at_least=0, at_most=epochs)
    return sorted({*range(0, epochs + 1, every), epochs, *weights_at})
