"""Train the network on the task: the settings, the plain PyTorch loop, and runs over seeds."""

from dataclasses import dataclass, field

import numpy as np
import torch
import xarray as xr

from grokutils import runs
from grokutils.engine import measured_epochs, train_from
from grokutils.model import LOSSES, ParityNet, initial_weights
from grokutils.task import ParityTask, generator
from grokutils.validation import check_choice, check_integer, check_number, check_seeds


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """Set one training run; the defaults are the paper's (section 2, appendix B).

    Parameters
    ----------
    task : ParityTask
    width : int
        Number of neurons, p.
    epochs : int
        Passes over the training set.
    batch_size : int
        Examples per step; the last batch of an epoch may be smaller.
    lr : float
        Constant learning rate.
    weight_decay : float
        λ of the gradient λθ of (λ/2)‖θ‖², on all parameters. The paper writes λ‖θ‖; its code
        uses torch's weight decay, which is this.
    loss : {"hinge", "logistic", "squared"}
        Of the margin: max(0, 1 - m), log(1 + exp(-m)), (1 - m)².
    optimizer : {"sgd", "adamw"}
        Without momentum, or AdamW with torch's defaults, whose weight decay is decoupled.
    dtype : {"float64", "float32"}
        float64, since rounding in float32 grows until two machines disagree in every digit.

    Raises
    ------
    ValueError
        Naming the field that is out of range.
    """

    task: ParityTask = field(default_factory=ParityTask)
    width: int = 1000
    epochs: int = 300
    batch_size: int = 32
    lr: float = 0.1
    weight_decay: float = 0.01
    loss: str = "hinge"
    optimizer: str = "sgd"
    dtype: str = "float64"

    def __post_init__(self):
        if not isinstance(self.task, ParityTask):
            raise ValueError(f"task = {self.task!r}: must be a ParityTask")
        check_integer("width", self.width, at_least=1)
        check_integer("epochs", self.epochs, at_least=1)
        check_integer("batch_size", self.batch_size, at_least=1)
        check_number("lr", self.lr, above=0)
        check_number("weight_decay", self.weight_decay, at_least=0)
        check_choice("loss", self.loss, tuple(LOSSES))
        check_choice("optimizer", self.optimizer, ("sgd", "adamw"))
        check_choice("dtype", self.dtype, ("float64", "float32"))


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
    net = ParityNet(initial_weights(config.task.n_bits, config.width, seed), dtype)
    examples = config.task.train_set(seed)
    inputs, labels = (torch.from_numpy(array).to(dtype) for array in examples)
    return net, inputs, labels, torch.from_numpy(batch_order(config, seed))


def train(config, *, seeds, weights_at=(), every=1, n_jobs=-1, cache=True):
    """Train one network per seed, in parallel, and return the histories.

    A seed sets the training set, the initial weights and the batch order, each from a stream
    of its own; the test set is the same for all. Runs are kept on disk and computed once, see
    `grokutils.runs`.

    Parameters
    ----------
    config : TrainConfig
    seeds : sequence of int
    weights_at : sequence of int
        Epochs at which to keep the weights themselves.
    every : int
        Measure every so many epochs, and at the first, the last and those of `weights_at`.
        It changes no weight.
    n_jobs : int
        Processes, each with one torch thread; -1 is one per core.
    cache : bool
        Whether to read and write the cache on disk.

    Returns
    -------
    xarray.Dataset
        `loss`, `accuracy` (seed, epoch, split); `weight_norm`, `readout` (seed, epoch,
        neuron); with `weights_at` also `hidden_weight` (seed, saved_epoch, neuron, bit) and
        `hidden_bias` (seed, saved_epoch, neuron).

    Raises
    ------
    ValueError
        Naming the argument that is out of range.
    FloatingPointError
        If a run diverges; names epoch and learning rate.
    """
    seeds = check_seeds(seeds)
    shared = {"config": config, "weights_at": tuple(weights_at), "every": every}
    measured_epochs(config.epochs, every, weights_at)  # refuse bad epochs before any work
    calls = [{"seed": seed, **shared} for seed in seeds]
    histories = runs.compute(train_seed, calls, n_jobs=n_jobs, cache=cache)
    return xr.concat(histories, dim=xr.Variable("seed", seeds))


def train_seed(config, seed, weights_at=(), every=1):
    """Train the network of one seed in this process; see `train`."""
    task = config.task
    return train_from(
        config,
        initial_weights(task.n_bits, config.width, seed),
        task.train_set(seed),
        batch_order(config, seed),
        test=task.test_set(),
        weights_at=weights_at,
        every=every,
    )


def batch_order(config, seed):
    """Draw the order (epoch, sample) in which a seed's run visits its training set."""
    rng = generator("batch order", seed)
    samples = np.tile(np.arange(config.task.n_train), (config.epochs, 1))
    return rng.permuted(samples, axis=1)
