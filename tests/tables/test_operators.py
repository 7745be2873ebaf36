"""The stored tables of operator runs: whole, consistent, and what the code still gives."""

import runpy
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from grokutils.modular.task import OPERATORS, OperatorConfig
from grokutils.modular.train import train_seed
from grokutils.store.table import origin, read
from grokutils.tables import operators as operator_runs
from grokutils.tables.operators import DATA, TABLES, VARIED, curves, make

TINY = OperatorConfig(modulus=5, width=8, steps=10)
of_a_table = pytest.mark.parametrize("name", TABLES)


def key(config, seed):
    return (*(getattr(config, field) for field in VARIED), seed)


@pytest.fixture
def tiny(monkeypatch, tmp_path):
    runs = [(replace(TINY, operator=op), seed) for op in OPERATORS for seed in (0, 1)]
    monkeypatch.setattr(operator_runs, "DATA", tmp_path)
    monkeypatch.setitem(operator_runs.TABLES, "tiny", runs)
    return tmp_path / "tiny.csv"


def test_an_interrupted_table_goes_on_where_it_stopped(monkeypatch, tiny):
    trained = []

    def counted(config, seed, device):
        if len(trained) == 3:
            raise KeyboardInterrupt
        trained.append((config.operator, seed))
        return train_seed(config, seed, device)

    monkeypatch.setattr(operator_runs, "train_seed", counted)
    with pytest.raises(KeyboardInterrupt):
        make("tiny")
    trained.pop(0)  # else the next run would be refused too
    make("tiny")
    assert trained == [("addition", 1), ("division", 0), ("division", 1)]
    table = read(tiny)
    assert len(table) == 4 * 2  # steps 0 and 10
    make("tiny")
    assert len(trained) == 3
    pd.testing.assert_frame_equal(table, read(tiny))


def test_a_table_of_other_code_is_not_gone_on_with(tiny):
    make("tiny")
    tiny.write_text(tiny.read_text().replace("# code: ", "# code: 0"))
    with pytest.raises(ValueError, match=r"tiny\.csv was made by other code"):
        make("tiny")


def test_a_row_says_what_the_history_says(tiny):
    make("tiny")
    table = read(tiny)
    expected = curves(train_seed(*TABLES["tiny"][3]))
    found = table.tail(2).reset_index(drop=True)[list(expected)]
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=1e-4)


@of_a_table
def test_a_stored_table_holds_its_runs_and_says_how_it_was_made(name):
    made = origin(DATA / f"{name}.csv")
    assert made["command"] == f"python -m grokutils.tables.operators {name}"
    assert set(made) == {"command", "date", "versions", "code", "configuration", "device"}
    table = read(DATA / f"{name}.csv")
    found = list(table.groupby([*VARIED, "seed"], sort=False).groups)
    assert sorted(found) == sorted(key(*run) for run in TABLES[name])


@of_a_table
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


@of_a_table
@pytest.mark.parametrize("operator", OPERATORS)
def test_the_code_still_gives_the_first_steps_of_a_stored_table(name, operator):
    # In float32 machines part in the last digits, and later in all; the first steps must agree.
    config, seed = next(run for run in TABLES[name] if run[0].operator == operator)
    expected = curves(train_seed(replace(config, steps=20), seed))
    table = read(DATA / f"{name}.csv").set_index([*VARIED, "seed"]).sort_index()
    found = table.loc[key(config, seed)].set_index("step").loc[[0, 10, 20]]
    for column in ("train_loss", "test_loss", "top_ten_share_0", "top_ten_share_1"):
        np.testing.assert_allclose(found[column], expected[column], rtol=1e-3)
    np.testing.assert_allclose(found["train_accuracy"], expected["train_accuracy"], atol=0.01)


@pytest.mark.parametrize("arguments", [[], ["sines"], ["operators", "cpu", "again"]])
def test_the_command_names_the_tables_there_are(monkeypatch, arguments):
    monkeypatch.setattr(sys, "argv", ["operator_runs", *arguments])
    monkeypatch.delitem(sys.modules, "grokutils.tables.operators")
    with pytest.raises(SystemExit, match=r"usage: .* \{operators,operator_starts\}"):
        runpy.run_module("grokutils.tables.operators", run_name="__main__", alter_sys=True)
