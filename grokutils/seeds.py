"""The same run over many seeds, in parallel and kept: train, dissect, train on an operator."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import xarray as xr

from grokutils.check import check_integer, check_seeds
from grokutils.parity.config import TrainConfig
from grokutils.parity.engine import measured_epochs
from grokutils.parity.train import train_seed
from grokutils.store.cache import compute

if TYPE_CHECKING:
    from grokutils.modular.task import OperatorConfig


def train(
    config: TrainConfig,
    *,
    seeds: Sequence[int],
    weights_at: Sequence[int] = (),
    every: int = 1,
    n_jobs: int = -1,
    cache: bool = True,
) -> xr.Dataset:
    """Train one network per seed, in parallel, and return the histories.

    A seed sets the training set, the initial weights and the batch order, each from a stream
    of its own; the test set is the same for all. Runs are kept on disk and computed once, see
    `grokutils.store.cache`.

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
    measured_epochs(config.epochs, every, weights_at)  # refuse bad epochs before any work
    shared = {"config": config, "weights_at": tuple(weights_at), "every": every}
    return _of_each(train_seed, seeds, shared, n_jobs, cache)


def dissect(
    config: TrainConfig,
    *,
    seeds: Sequence[int],
    every: int = 1,
    sparsity_every: int = 1,
    n_jobs: int = -1,
    cache: bool = True,
) -> xr.Dataset:
    """Train one network per seed and measure its subnetworks all along the run.

    The sparse subnetwork is the active one of the last epoch, the complement is the rest, the
    control is a random set as large as the sparse one. They are known only at the end, so the
    weights of all measured epochs are held until then (0.3 MB each), not kept.

    Parameters
    ----------
    config : TrainConfig
    seeds : sequence of int
    every : int
        Epochs between two measurements; the last epoch is always measured.
    sparsity_every : int
        Epochs between two measurements of effective sparsity, a multiple of `every`.
    n_jobs, cache
        As for `grokutils.seeds.train`.

    Returns
    -------
    xarray.Dataset
        The history of `train` with the weights of the last epoch, and `effective_sparsity`,
        `effective_sparsity_by_accuracy` (seed, sparsity_epoch); `kept` (seed, subnetwork,
        neuron); `memorizing` (seed, neuron), the active subnetwork at memorization, empty
        where the run never memorizes; `faithfulness`, `subnetwork_accuracy`, `sensitivity`
        (seed, epoch, split, subnetwork), sensitivity on the first 100 inputs of the split;
        `mean_norm`, and `relevant_share`, the share of the squared weights that is on relevant
        bits (seed, epoch, subnetwork).
    """
    from grokutils.parity.dissect import dissect_seed  # a student's folder has it not

    check_integer("every", every, at_least=1)
    check_integer("sparsity_every", sparsity_every, at_least=1)
    if sparsity_every % every:
        raise ValueError(
            f"sparsity_every = {sparsity_every}: must be a multiple of every = {every}"
        )
    shared = {"config": config, "every": every, "sparsity_every": sparsity_every}
    return _of_each(dissect_seed, seeds, shared, n_jobs, cache)


def train_operator(
    config: "OperatorConfig",
    *,
    seeds: Sequence[int],
    device: str = "cpu",
    sizes: bool = True,
    n_jobs: int = -1,
    cache: bool = True,
) -> xr.Dataset:
    """Train one transformer per seed, each in a process of its own, and return the histories.

    A loop over seeds is as fast on a CPU as one batched product for all of them. Runs are kept
    on disk, see `grokutils.store.cache`.

    Parameters
    ----------
    config : OperatorConfig
    seeds : sequence of int
    device, sizes
        As for `grokutils.modular.train.train_seed`.
    n_jobs, cache
        As for `grokutils.seeds.train`.

    Returns
    -------
    xarray.Dataset
        That of `grokutils.modular.train.train_seed`, with a leading dimension `seed`.
    """
    from grokutils.modular.train import train_seed as train_operator_seed

    shared = {"config": config, "device": device, "sizes": sizes}
    return _of_each(train_operator_seed, seeds, shared, n_jobs, cache)


def _of_each(function, seeds, shared, n_jobs, cache):
    """Compute a function of each seed; return the results along a leading dimension `seed`."""
    seeds = check_seeds(seeds)
    calls = [{"seed": seed, **shared} for seed in seeds]
    found = compute(function, calls, n_jobs=n_jobs, cache=cache)
    return xr.concat(found, dim=xr.Variable("seed", seeds))
