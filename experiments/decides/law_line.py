"""The line of the delay that was frozen before its test: from which rows, and what it foretells."""

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.decides.delay_formula import DIALS, OTHERS
from experiments.decides.event_times import alike, median, timed

# What was foretold, written down before the runs that it is of.
FROZEN = tomllib.loads((Path(__file__).parents[1] / "law.toml").read_text(encoding="utf-8"))
SOURCES = ("concealment", "widths", "dials", "delays")
FIRST_DRAW = (*range(20), *range(1000, 1020))  # all of these tables that had been looked at
PAPER: dict = DIALS | {"loss": "hinge"}
DIAL_CHANGES: dict[str, dict] = {
    "width 300": {"width": 300},
    "width 3000": {"width": 3000},
    "weight decay 0.003": {"weight_decay": 0.003},
    "lr 0.03": {"lr": 0.03},
    "batch 8": {"batch_size": 8},
    "batch 128": {"batch_size": 128},
    "logistic": {"loss": "logistic"},
}


def first_draw(*tables: pd.DataFrame) -> pd.DataFrame:
    """Return the races of 3 bits over the first draw's seeds, with times, whatever their dials.

    Of a setting and a seed that two tables hold, the first one's race counts.
    """
    usual = {name: value for name, value in OTHERS.items() if name != "loss"}
    races = alike(tables, usual, PAPER).drop_duplicates([*PAPER, "seed"])
    return timed(races[races["seed"].isin(FIRST_DRAW)])


def medians(races: pd.DataFrame) -> pd.Series:
    """Return the median delay in ticks by `n_bits` and `n_train`, where positive and finite.

    Of the races in which the other dials are the paper's.
    """
    others = {name: value for name, value in PAPER.items() if name not in ("n_bits", "n_train")}
    found = _of(races, others).groupby(["n_bits", "n_train"])["delay_ticks"].apply(median)
    return found[np.isfinite(found) & (found > 0)]


def fitted(medians: pd.Series) -> dict:
    """Return the least-squares line ln delay = constant + n_train ln N + n_bits ln n.

    With `power`, the p of its variable N / n^p, and how far the medians are from it.
    """
    bits, examples = (np.log(medians.index.get_level_values(c)) for c in ("n_bits", "n_train"))
    design = np.column_stack([np.ones(len(medians)), examples, bits])
    constant, of_examples, of_bits = np.linalg.lstsq(design, np.log(medians), rcond=None)[0]
    off = design @ [constant, of_examples, of_bits] - np.log(medians)
    return {
        "constant": constant,
        "n_train": of_examples,
        "n_bits": of_bits,
        "power": -of_bits / of_examples,
        "settings": len(medians),
        "rms": np.sqrt(np.mean(off**2)),
        "worst_factor": np.exp(np.abs(off).max()),
    }


def predicted(line: dict, n_bits: float, n_train: float) -> float:
    """Return the median delay in ticks that a line foretells."""
    of_examples, of_bits = line["n_train"] * np.log(n_train), line["n_bits"] * np.log(n_bits)
    return float(np.exp(line["constant"] + of_examples + of_bits))


def dial_factors(line: dict, races: pd.DataFrame) -> dict[str, float]:
    """Return, for each changed dial, the median delay at the paper's (n, N) over the line's."""
    at_paper = predicted(line, PAPER["n_bits"], PAPER["n_train"])
    found = {name: _of(races, PAPER | change) for name, change in DIAL_CHANGES.items()}
    return {name: median(rows["delay_ticks"]) / at_paper for name, rows in found.items()}


def _of(races, setting):
    return races[np.logical_and.reduce([races[name] == value for name, value in setting.items()])]
