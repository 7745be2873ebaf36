"""What a run of the transformer shows, step by step, as rows of a table; and if two such agree."""

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from grokutils.modular.task import OperatorConfig
from grokutils.modular.train import accuracy, answered_as_swapped, share_swapped, train_seed

SMALL = OperatorConfig(modulus=31, steps=300, batch_size=240)  # a run of seconds

# In float32 machines part in the last digits, and later in all; the first steps must agree.
FIRST = 20
COMPARED = f"the first {FIRST} steps: losses to a part in 1000, accuracy to 0.01"


def measure(config: OperatorConfig, seed: int, **changes: Any) -> list[dict]:
    """Train one seed of a changed configuration; return a row per measured step.

    `cpu_seconds` is the processor time of the whole run.
    """
    start = time.process_time()
    table = curves(train_seed(replace(config, **changes), seed))
    return table.assign(cpu_seconds=round(time.process_time() - start)).to_dict("records")


def curves(history: xr.Dataset) -> pd.DataFrame:
    """Return what a history shows, to six digits, a row per measured step."""
    found = {f"{s}_loss": history["loss"].sel(split=s).values for s in ("train", "test")}
    parts = accuracy(history)
    found |= {f"{p}_accuracy": parts.sel(pairs=p).values for p in parts["pairs"].values}
    found["answered_as_swapped"] = answered_as_swapped(history).values
    found["share_swapped"] = np.full(history.sizes["step"], share_swapped(history).item())
    for name in ("top_ten_share", "effective_sparsity"):
        found |= {f"{name}_{b}": history[name].values[:, b] for b in range(history.sizes["block"])}
    table = pd.DataFrame(found).map(lambda value: float(f"{value:.6g}"))
    table.insert(0, "step", history["step"].values)
    return table


def differences(stored: pd.DataFrame, config: OperatorConfig, seed: int, **changes: Any) -> dict:
    """Train the first steps again; return {column: (stored, computed)} of what does not agree."""
    short = replace(config, **changes | {"steps": FIRST, "patience": None})
    computed, stored = curves(train_seed(short, seed)), stored[stored["step"] <= FIRST]
    close = dict.fromkeys((c for c in computed if "loss" in c or "top_ten" in c), (1e-3, 0.0))
    close |= {"step": (0.0, 0.0), "train_accuracy": (0.0, 0.01)}
    return {
        column: (stored[column].tolist(), computed[column].tolist())
        for column, (rtol, atol) in close.items()
        if len(stored) != len(computed)
        or not np.isclose(stored[column], computed[column], rtol, atol).all()
    }
