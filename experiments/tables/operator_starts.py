"""Short runs of small transformers on both operators, from large embeddings."""

from operator import itemgetter
from typing import Any

import pandas as pd

from experiments.methods import operator_curves as curves
from experiments.sweeps.table import grid
from grokutils.modular.task import OPERATORS

CONFIG, COMPARED = curves.SMALL, curves.COMPARED


def measure(**call: Any) -> list[dict]:
    """Train one transformer; return a row per measured step."""
    return curves.measure(CONFIG, **call)


def differences(stored: pd.DataFrame, **call: Any) -> dict:
    """Return how the first steps of a run, computed anew, differ from those stored."""
    return curves.differences(stored, CONFIG, **call)


def calls() -> list[dict]:
    """Return two seeds of each operator."""
    fixed = {"modulus": 31, "train_fraction": 0.5, "embedding_scale": 1.0, "seed": range(2)}
    return sorted(grid(operator=OPERATORS, **fixed), key=itemgetter("seed"))
