"""Train the network of one seed: by the engine, or by the plain PyTorch loop.

Usage: python -m grokutils.parity.train --seed 7919 --epochs 120

prints the digest of the final weights, the same on every machine.
"""

import argparse
from dataclasses import fields

import numpy as np
import torch
import xarray as xr
from torch import nn
from torch.nn.functional import logsigmoid

from grokutils.check import check_integer
from grokutils.parity.config import TrainConfig, configure
from grokutils.parity.engine import Network, train_from, weights_at
from grokutils.parity.network import Weights, hinge_loss, initial_weights, weights_digest
from grokutils.streams import generator

LOSSES = {
    "hinge": hinge_loss,
    "logistic": lambda margin: -logsigmoid(margin),
    "squared": lambda margin: (1 - margin) ** 2,
}


class ParityNet(nn.Module):
    """The network in plain PyTorch, started from given `Weights`."""

    def __init__(self, weights, dtype=torch.float64) -> None:
        super().__init__()
        width, n_bits = weights.hidden_weight.shape
        self.hidden = nn.Linear(n_bits, width, dtype=dtype)
        self.readout = nn.Linear(width, 1, bias=False, dtype=dtype)
        with torch.no_grad():
            self.hidden.weight.copy_(torch.from_numpy(weights.hidden_weight))
            self.hidden.bias.copy_(torch.from_numpy(weights.hidden_bias))
            self.readout.weight[0].copy_(torch.from_numpy(weights.readout))

    def forward(self, inputs) -> torch.Tensor:
        """Map inputs (sample, bit) to outputs (sample,)."""
        return self.readout(torch.relu(self.hidden(inputs))).squeeze(1)

    def weights(self) -> Weights:
        """Return a copy of the present parameters as `Weights`."""
        parameters = self.hidden.weight, self.hidden.bias, self.readout.weight[0]
        return Weights(*(p.detach().numpy().copy() for p in parameters))


def plain_sgd(net, inputs, labels, batch_order, config) -> None:
    """Train `net` in place, the way any PyTorch tutorial would."""
    kind = {"sgd": torch.optim.SGD, "adamw": torch.optim.AdamW}[config.optimizer]
    optimizer = kind(net.parameters(), lr=config.lr, weight_decay=config.weight_decay)
    for order in batch_order:  # one epoch
        for batch in order.split(config.batch_size):
            margin = labels[batch] * net(inputs[batch])
            loss = LOSSES[config.loss](margin).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def net_of(config, seed) -> tuple:
    """Return the `ParityNet` and the tensors that `plain_sgd` takes to repeat a seed's run."""
    dtype = getattr(torch, config.dtype)
    net = ParityNet(start_of(config, seed), dtype)
    examples = config.task.train_set(seed)
    inputs, labels = (torch.from_numpy(array).to(dtype) for array in examples)
    return net, inputs, labels, torch.from_numpy(batch_order(config, seed))


def train_seed(config, seed, weights_at=(), every=1) -> xr.Dataset:
    """Train the network of one seed in this process; see `grokutils.seeds.train`."""
    task = config.task
    return train_from(
        config,
        start_of(config, seed),
        task.train_set(seed),
        batch_order(config, seed),
        test=task.test_set(),
        weights_at=weights_at,
        every=every,
    )


def start_of(config, seed) -> Weights:
    """Return the `Weights` of a seed's run before its first step."""
    drawn = initial_weights(config.task.n_bits, config.width, seed)
    return Weights(*(config.initial_scale * part for part in drawn))


def batch_order(config, seed) -> np.ndarray:
    """Draw the order (epoch, sample) in which a seed's run visits its training set."""
    rng = generator("batch order", seed)
    samples = np.tile(np.arange(config.task.n_train), (config.epochs, 1))
    return rng.permuted(samples, axis=1)


def network(config, seed, weights=None) -> Network:
    """Return the network of one seed, before its first epoch or with other weights."""
    if weights is None:
        weights = start_of(config, seed)
    task = config.task
    order = batch_order(config, seed)
    return Network.of(config, weights, task.train_set(seed), order, task.test_set())


def _digest(arguments=None) -> str:
    """Return the digest of the run that a command line describes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, required=True)
    paper = TrainConfig()
    for of, options in ((paper.task, fields(paper.task)), (paper, fields(paper)[1:])):
        for option in options:
            default = getattr(of, option.name)
            flag = "--" + option.name.replace("_", "-")
            parser.add_argument(flag, type=type(default), default=default, help=f"{default}")
    options = vars(parser.parse_args(arguments))
    seed = options.pop("seed")
    try:
        check_integer("seed", seed, at_least=0)
        config = configure(paper, **options)
        last = config.epochs
        return weights_digest(weights_at(train_seed(config, seed, [last], every=last), last))
    except (ValueError, FloatingPointError) as wrong:
        parser.error(str(wrong))


if __name__ == "__main__":
    print(_digest())
