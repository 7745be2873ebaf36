"""Transformers on modular addition and division, in full, up to generalization."""

from operator import itemgetter
from typing import Any

import pandas as pd

from experiments.methods import operator_curves as curves
from grokutils.modular.task import OperatorConfig
from grokutils.store.table import grid

# The paper allows 1e5 steps. A tenth of them, at worst, keeps a run within a quarter of an hour
# on one core; a run that has generalized for good stops earlier.
CONFIG = OperatorConfig(steps=10_000, patience=5)
SMALL, COMPARED = curves.SMALL, curves.COMPARED
JUDGED = {"addition": 0.3, "division": 0.5}  # training fractions


def measure(**call: Any) -> list[dict]:
    """Train one transformer; return a row per measured step."""
    return curves.measure(CONFIG, **call)


def differences(stored: pd.DataFrame, **call: Any) -> dict:
    """Return how the first steps of a run, computed anew, differ from those stored."""
    return curves.differences(stored, CONFIG, **call)


def calls() -> list[dict]:
    """Return the runs that are judged, seed by seed, then addition with more training pairs."""
    fixed = {"embedding_scale": 0.02, "seed": range(3)}
    judged = [
        call
        for operator, fraction in JUDGED.items()
        for call in grid(operator=operator, modulus=97, train_fraction=fraction, **fixed)
    ]
    more = grid(operator="addition", modulus=97, train_fraction=0.5, **fixed)
    return sorted(judged, key=itemgetter("seed")) + more
