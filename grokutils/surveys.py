"""The surveys whose tables are stored in `data/`: which runs each is made of.

``python -m grokutils.surveys sizes`` makes ``data/sizes.csv``, or goes on where it stopped. With
the address of a Dask scheduler in the environment variable ``SCHEDULER`` its workers do it.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from grokutils.interventions import intervene
from grokutils.sweep import grid, sweep
from grokutils.training import TrainConfig
from grokutils.trials import delays, pictures, sizes, switches

DATA = Path(__file__).parents[1] / "data"

_paper = asdict(TrainConfig())
_task = _paper.pop("task")
# What a row of the delays sets; the horizon is in steps, so that settings compare.
SETTING = {
    **{name: _task[name] for name in ("n_bits", "k_relevant", "n_train")},
    **{name: _paper[name] for name in ("width", "lr", "weight_decay", "batch_size")},
    **{name: _paper[name] for name in ("loss", "optimizer")},
    "steps": 48_000,
}


def _delays():
    """Return the runs of the delays: over weight decay, on a map, and one field at a time."""
    decays = [0.0, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1]
    long = SETTING | {"steps": 256_000}
    runs = grid(**long | {"weight_decay": decays[:-1], "seed": range(10)})
    # The runs that never fit, or wait longest, cost most: three seeds of them.
    runs += grid(**long | {"weight_decay": [1e-4, 3e-4, 1e-1], "seed": range(3)})
    sizes = [250, 500, 750, 1000, 1500, 2000, 4000]
    runs += grid(**SETTING | {"n_train": sizes, "weight_decay": decays, "seed": range(3)})
    widths = [10, 20, 30, 50, 100, 300, 1000, 3000]
    runs += grid(**SETTING | {"width": widths, "seed": range(10)})
    for change in (
        {"n_bits": [20, 30, 50, 60]},
        {"k_relevant": [2, 4, 5]},
        {"lr": [0.01, 0.03, 0.3, 1.0]},
        {"batch_size": [8, 16, 64, 128]},
        {"loss": "logistic"},
        {"loss": "squared", "lr": 0.01},  # at 0.1 it diverges from the first steps
        {"optimizer": "adamw", "lr": 1e-3, "weight_decay": [0.01, 0.1, 1.0, 3.0]},
    ):
        runs += grid(**SETTING | change | {"seed": range(3)})
    return list({tuple(run.items()): run for run in runs}.values())


def _interventions():
    everywhere = {"which": ["sparse", "random", "matched"], "horizon": 600}
    runs = []
    for seed in range(20):
        of_seed = {"horizon": 600, "seed": seed}
        runs += grid(intervention="none", when="start", which="sparse", **of_seed)
        for intervention, when in (
            ("enlarge", "start"),
            ("remove", "start"),
            ("alone", "start"),
            ("clamp", "memorization"),
            ("freeze", "memorization"),
            ("remove", "memorization"),
            ("alone", "memorization"),
        ):
            runs += grid(intervention=intervention, when=when, **everywhere | of_seed)
    return runs


def _switches():
    both = {"horizon": 900, "seed": range(10)}
    at = {"switch_epoch": [50, 75, 100, 125, 150]}
    removed = grid(first_decay=0.01, then_decay=0.0, **at, **both)
    at = {"switch_epoch": [50, 100, 200, 300]}
    return removed + grid(first_decay=0.0, then_decay=0.01, **at, **both)


def _pictures():
    seeds = {"seed": range(20)}
    return grid(weight_decay=0.001, k_relevant=3, last_epoch=2500, **seeds) + grid(
        weight_decay=0.01, k_relevant=4, last_epoch=1500, **seeds
    )


SURVEYS = {
    "sizes": (sizes, grid(seed=range(500))),
    "pictures": (pictures, _pictures()),
    "delays": (delays, _delays()),
    "interventions": (intervene, _interventions()),
    "switches": (switches, _switches()),
}


def main(name):
    """Make or complete one survey's table."""
    measure, calls = SURVEYS[name]
    return sweep(
        measure,
        calls,
        DATA / f"{name}.csv",
        command=f"python -m grokutils.surveys {name}",
        configuration=json.dumps(asdict(TrainConfig())),
    )


if __name__ == "__main__":
    if sys.argv[1:] not in [[name] for name in SURVEYS]:
        sys.exit(f"usage: python -m grokutils.surveys {{{','.join(SURVEYS)}}}")
    print(main(sys.argv[1]))
