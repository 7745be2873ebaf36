"""How long until the network generalizes: over weight decay, on a map, one field at a time."""

from dataclasses import asdict

from experiments.sweeps.table import grid
from grokutils.parity.config import TrainConfig, configure
from grokutils.parity.race import network, race, train_epochs

_paper = asdict(TrainConfig())
_task = _paper.pop("task")
# What a row of the delays sets; the horizon is in steps, so that settings compare.
SETTING = {
    **{name: _task[name] for name in ("n_bits", "k_relevant", "n_train")},
    **{name: _paper[name] for name in ("width", "lr", "weight_decay", "batch_size")},
    **{name: _paper[name] for name in ("loss", "optimizer")},
    "steps": 48_000,
}


def measure(seed: int, steps: int, **fields: float | str) -> dict:
    """Race one seed of the paper's configuration with some fields changed; see `races`."""
    config = configure(TrainConfig(), steps=steps, **fields)
    net = network(config, seed)
    return race(net, train_epochs(net, config))


def calls() -> list[dict]:
    """Return the runs of both draws, seed by seed, so that one cut short is cut for all alike."""
    return [run for seed in (*range(20), *range(3000, 3020)) for run in _runs(seed)]


def _runs(seed):
    """Return the runs of one seed: over weight decay and width; of ten also a map and the rest."""
    doses = [0.0, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2]
    if seed >= 3000:  # the second draw has the doses that decide a claim
        doses = [0.0, 1e-3, 3e-3, 1e-2, 3e-2]
    changes = [
        {"steps": 256_000, "weight_decay": doses},
        {"width": [10, 20, 30, 50, 100, 300, 1000, 3000]},
        {"weight_decay": 1e-1},  # where nothing is ever memorized
    ]
    if seed < 10:
        sizes, decays = [250, 500, 750, 1000, 1500, 2000, 4000], [0.0, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1]
        changes += [
            {"n_train": sizes, "weight_decay": decays},
            {"n_bits": [20, 30, 50, 60]},
            {"k_relevant": [2, 4, 5]},
            {"lr": [0.01, 0.03, 0.3, 1.0]},
            {"batch_size": [8, 16, 64, 128]},
            {"loss": "logistic"},
            {"loss": "squared", "lr": 0.01},  # at 0.1 it diverges from the first steps
            {"optimizer": "adamw", "lr": 1e-3, "weight_decay": [0.01, 0.1, 1.0, 3.0]},
        ]
    runs = [run for change in changes for run in grid(**SETTING | change | {"seed": seed})]
    return list({tuple(run.items()): run for run in runs}.values())
