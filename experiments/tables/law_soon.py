"""How long 3 bits wait on settings that nobody had run, to judge what was left of the law.

Sixteen settings, 48 ticks, seeds 5000 to 5019, some ten minutes; see `experiments/soon.toml`.
"""

import tomllib
from pathlib import Path

from experiments.tables import law_waits
from experiments.tables.grid import seed_by_seed, ticks

SEEDS = range(5000, 5020)


def measure(n_bits: int, n_train: int, k_relevant: int, steps: int, seed: int) -> dict:
    """Follow one seed as in `law_waits`."""
    return law_waits.measure(n_bits, n_train, k_relevant, steps, seed)


def calls() -> list[dict]:
    """Return the runs of the table."""
    path = Path(__file__).parents[1] / "soon.toml"
    settings = tomllib.loads(path.read_text(encoding="utf-8"))["settings"]
    followed = {"k_relevant": 3, "steps": ticks(law_waits.HORIZONS[3])}
    changes = [
        {"n_bits": n_bits, "n_train": n_train} | followed
        for kind in ("soon", "late")
        for n_bits, n_train, *_ in settings[kind]
    ]
    return seed_by_seed(changes, SEEDS, draws=(0,))
