"""The paper's network with a weight decay that is switched off, or on, on the way."""

from dataclasses import replace

from experiments.sweeps.table import grid
from grokutils.parity.config import TrainConfig
from grokutils.parity.race import network, race, train_epochs


def measure(
    first_decay: float, then_decay: float, switch_epoch: int, horizon: int, seed: int
) -> dict:
    """Race the paper's network with a weight decay that changes after `switch_epoch`."""
    before = TrainConfig(epochs=horizon, weight_decay=first_decay)
    net = network(before, seed)

    def passes():
        yield from train_epochs(net, before, last=switch_epoch)
        yield from train_epochs(net, replace(before, weight_decay=then_decay), first=switch_epoch)

    return race(net, passes())


def calls() -> list[dict]:
    """Return the runs of the table, of both draws, seed by seed."""
    removed, added = [50, 75, 100, 125, 150], [50, 100, 200, 300]
    runs = []
    for seed in (*range(20), *range(3000, 3020)):
        both = {"horizon": 900, "seed": seed}
        runs += grid(first_decay=0.01, then_decay=0.0, switch_epoch=removed, **both)
        runs += grid(first_decay=0.0, then_decay=0.01, switch_epoch=added, **both)
    return runs
