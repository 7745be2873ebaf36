"""The network in training, as packed arrays, and how a seed's begins."""

import math
from dataclasses import dataclass

import numpy as np

from grokutils.check import check_array, check_signs
from grokutils.parity import kernels
from grokutils.parity.config import LOSSES, TrainConfig
from grokutils.parity.task import Examples
from grokutils.parity.weights import (
    Weights,
    check_weights,
    initial_weights,
    pack,
    pack_inputs,
    unpack,
)
from grokutils.streams import generator


@dataclass(frozen=True)
class Network:
    """A network in training: packed weights, which change in place, examples and their order."""

    hidden: np.ndarray  # (block, row, 128), see `grokutils.parity.kernels`
    readout: np.ndarray  # (block, 128)
    moments: kernels.Moments | None  # of AdamW
    splits: dict  # of packed `Examples`
    order: np.ndarray  # (epoch, sample)
    n_bits: int
    width: int
    loss: int

    @classmethod
    def of(
        cls,
        config: TrainConfig,
        weights: Weights,
        train: Examples,
        batch_order: np.ndarray,
        test: Examples | None = None,
    ) -> "Network":
        """Pack the arrays of a run; raise `ValueError` naming the one that does not fit."""
        task = config.task
        weights = check_weights(weights, width=config.width, n_bits=task.n_bits)
        splits = {"train": _packed_examples("train", train, (task.n_train, task.n_bits))}
        if test is not None:
            splits["test"] = _packed_examples("test", test, (None, task.n_bits))
        order = _check_order(batch_order, (config.epochs, task.n_train))
        hidden, readout = pack(weights, config.dtype)
        moments, loss = _moments(config.optimizer, hidden, readout), LOSSES[config.loss]
        return cls(hidden, readout, moments, splits, order, task.n_bits, config.width, loss)

    def weights(self) -> Weights:
        """Return a copy of the present `Weights`."""
        return unpack(self.hidden, self.readout, self.n_bits, self.width)

    def norms(self) -> np.ndarray:
        """Return the weight norm of each neuron."""
        return np.sqrt(kernels.squares(self.hidden, self.n_bits)).reshape(-1)[: self.width]

    def squared_norm(self) -> float:
        """Return ‖θ‖² over all weights, rounded once."""
        return math.fsum((np.concatenate([self.hidden, self.readout[:, None]], 1) ** 2).flat)

    def outputs(self, split: str, readouts: np.ndarray | None = None) -> np.ndarray:
        """Return f on a split, (sample,), or (readout, sample) for some packed readouts."""
        inputs, rows = self.splits[split].inputs, self.n_bits + 1
        if readouts is None:
            return kernels.outputs(self.hidden, self.readout[None], inputs, rows)[0]
        return kernels.outputs(self.hidden, readouts, inputs, rows)

    def evaluate(self, split: str, f: np.ndarray | None = None) -> tuple[float, float]:
        """Return the mean loss on a split and the share that is right, of outputs f if given."""
        f = self.outputs(split) if f is None else f
        return kernels.evaluate(f, self.splits[split].labels, self.loss)

    def accuracy(self, split: str) -> float:
        """Return the share of a split's examples that the network gets right."""
        return self.evaluate(split)[1]


def network(config: TrainConfig, seed: int, weights: Weights | None = None) -> Network:
    """Return the network of one seed, before its first epoch or with other weights."""
    if weights is None:
        weights = start_of(config, seed)
    task = config.task
    order = batch_order(config, seed)
    return Network.of(config, weights, task.train_set(seed), order, task.test_set())


def start_of(config: TrainConfig, seed: int) -> Weights:
    """Return the `Weights` of a seed's run before its first step."""
    drawn = initial_weights(config.task.n_bits, config.width, seed)
    return Weights(*(config.initial_scale * part for part in drawn))


def batch_order(config: TrainConfig, seed: int) -> np.ndarray:
    """Draw the order (epoch, sample) in which a seed's run visits its training set."""
    rng = generator("batch order", seed)
    samples = np.tile(np.arange(config.task.n_train), (config.epochs, 1))
    return rng.permuted(samples, axis=1)


def _moments(optimizer: str, hidden: np.ndarray, readout: np.ndarray) -> kernels.Moments | None:
    """Return what an optimizer remembers before its first step."""
    match optimizer:
        case "sgd":
            return None
        case "adamw":
            hidden, readout = (np.zeros((2, *a.shape), a.dtype) for a in (hidden, readout))
            return kernels.Moments(hidden, readout, np.ones(2))
    raise ValueError(f"optimizer = {optimizer!r}: the engine does not know it")


def _packed_examples(name: str, examples: Examples, shape: tuple) -> Examples:
    inputs = check_signs(f"{name} inputs", examples[0], shape=shape)
    labels = check_signs(f"{name} labels", examples[1], shape=inputs.shape[:1])
    return Examples(pack_inputs(inputs), np.asarray(labels, np.int8))


def _check_order(order: np.ndarray, shape: tuple) -> np.ndarray:
    order = check_array("batch_order", order, shape=shape)
    if order.dtype.kind not in "iu" or (np.sort(order, axis=1) != np.arange(shape[1])).any():
        raise ValueError("batch_order: every row must be a permutation of the samples' indices")
    return order
