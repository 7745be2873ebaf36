"""Train the network of one seed: by the engine.

Usage: python -m grokutils.parity.train --seed 7919 --epochs 120

prints the digest of the final weights, the same on every machine.
"""

import argparse
from collections.abc import Iterable
from dataclasses import fields

import xarray as xr

from grokutils.check import check_integer
from grokutils.parity.config import TrainConfig, configure
from grokutils.parity.engine import train_from, weights_at
from grokutils.parity.network import batch_order, start_of
from grokutils.parity.weights import weights_digest


def train_seed(
    config: TrainConfig, seed: int, weights_at: Iterable[int] = (), every: int = 1
) -> xr.Dataset:
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


def _digest(arguments: list[str] | None = None) -> str:
    """Return the digest of the run that a command line describes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, required=True)
    paper = TrainConfig()
    for of, options in ((paper.task, fields(paper.task)), (paper, fields(paper)[1:])):
        for option in options:
            default = getattr(of, option.name)
            flag = "--" + option.name.replace("_", "-")
            parser.add_argument(flag, type=type(default), default=default, help=f"{default}")
    given = vars(parser.parse_args(arguments))
    seed = given.pop("seed")
    try:
        check_integer("seed", seed, at_least=0)
        config = configure(paper, **given)
        last = config.epochs
        return weights_digest(weights_at(train_seed(config, seed, [last], every=last), last))
    except (ValueError, FloatingPointError) as wrong:
        parser.error(str(wrong))


if __name__ == "__main__":
    print(_digest())
