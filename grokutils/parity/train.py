"""Train the network of one seed: by the engine, or by the plain PyTorch loop."""

import numpy as np
import torch

from grokutils.parity.engine import train_from
from grokutils.parity.network import LOSSES, ParityNet, Weights, initial_weights
from grokutils.streams import generator


def plain_sgd(net, inputs, labels, batch_order, config):
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


def net_of(config, seed):
    """Return the `ParityNet` and the tensors that `plain_sgd` takes to repeat a seed's run."""
    dtype = getattr(torch, config.dtype)
    net = ParityNet(start_of(config, seed), dtype)
    examples = config.task.train_set(seed)
    inputs, labels = (torch.from_numpy(array).to(dtype) for array in examples)
    return net, inputs, labels, torch.from_numpy(batch_order(config, seed))


def train_seed(config, seed, weights_at=(), every=1):
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


def start_of(config, seed):
    """Return the `Weights` of a seed's run before its first step."""
    drawn = initial_weights(config.task.n_bits, config.width, seed)
    return Weights(*(config.initial_scale * part for part in drawn))


def batch_order(config, seed):
    """Draw the order (epoch, sample) in which a seed's run visits its training set."""
    rng = generator("batch order", seed)
    samples = np.tile(np.arange(config.task.n_train), (config.epochs, 1))
    return rng.permuted(samples, axis=1)
