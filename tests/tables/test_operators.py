"""The stored tables of operator runs: consistent, and like the histories they were made from."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from experiments import check
from experiments.methods import operator_curves as curves
from experiments.sweeps.table import read, sweep
from experiments.tables import operator_starts
from grokutils.modular.task import OperatorConfig
from grokutils.modular.train import train_seed
from grokutils.store.cache import single_threaded
from grokutils.store.paths import DATA

pytestmark = pytest.mark.slow

TINY = OperatorConfig(modulus=5, width=8, steps=30)


@pytest.mark.parametrize("name", ["operators", "operator_starts"])
def test_the_columns_of_a_stored_table_agree_with_each_other(name):
    table = read(DATA / f"{name}.csv")
    shares = table.filter(regex="accuracy|share|answered")
    assert ((shares >= 0) & (shares <= 1)).all(axis=None)
    line = table["share_swapped"]
    mixed = line * table["swapped_accuracy"] + (1 - line) * table["others_accuracy"]
    np.testing.assert_allclose(table["test_accuracy"], mixed, atol=1e-4)
    added = table[table["operator"] == "addition"]
    assert (added["swapped_accuracy"] == added["answered_as_swapped"]).all()
    sizes = table.filter(like="effective_sparsity").dropna()
    assert len(sizes) > len(table) / 5
    assert sizes.isin(range(513)).all(axis=None)


@pytest.fixture
def tiny(monkeypatch, tmp_path):
    """Make a table of two tiny runs; return it as read back."""
    monkeypatch.setattr(operator_starts, "CONFIG", TINY)
    monkeypatch.setattr(check, "DATA", tmp_path)
    calls = [{"operator": op, "seed": 1} for op in ("addition", "division")]
    path = tmp_path / "operator_starts.csv"
    return sweep(operator_starts.measure, calls, path, command="make", n_jobs=1)


def test_a_row_says_what_the_history_says(tiny):
    # On one thread, as the sweep does: float32 by a library depends on it.
    history = single_threaded(train_seed, config=replace(TINY, operator="division"), seed=1)
    expected = curves.curves(history)
    found = tiny[tiny["operator"] == "division"].reset_index(drop=True)
    pd.testing.assert_frame_equal(found[list(expected)], expected, check_exact=True)
    assert found["step"].tolist() == [0, 10, 20, 30]
    np.testing.assert_allclose(expected["test_loss"], history["loss"].sel(split="test"), rtol=1e-5)


@pytest.mark.parametrize(
    ("column", "step", "factor", "agrees"),
    [
        ("train_loss", 10, 1.002, False),
        ("train_loss", 10, 1.0005, True),
        ("test_loss", 30, 2, True),  # beyond the first steps machines part
        ("top_ten_share_1", 0, 1.01, False),
        ("train_accuracy", 20, 1.1, False),
    ],
)
def test_the_first_steps_are_compared_closely(tiny, column, step, factor, agrees):
    call = {"operator": "addition", "seed": 1}
    stored = tiny[tiny["operator"] == "addition"].reset_index(drop=True)
    assert operator_starts.differences(stored, **call) == {}
    stored.loc[stored["step"] == step, column] *= factor
    assert list(operator_starts.differences(stored, **call)) == [column] * (not agrees)
    assert operator_starts.differences(stored.drop(index=1), **call)  # a step is missing
