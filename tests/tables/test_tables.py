"""The stored tables: what is on disk is what this code computes, and says so."""

import os
import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from experiments import check, make
from experiments.make import TABLES, module
from experiments.sweeps.file import note, origin, other, read, stamp
from grokutils.store.fingerprint import digest

PARITY = [name for name in TABLES if not name.startswith("operator")]
of_a_table = pytest.mark.parametrize("name", TABLES)


def path_of(name):
    return make.DATA / f"{name}.csv"


def test_each_table_is_there():
    assert [name for name in TABLES if not path_of(name).exists()] == []


@of_a_table
@pytest.mark.slow
def test_a_drawn_run_computed_anew_is_the_one_on_disk(name):
    # A draw of this code's own, or the weekly run's: what fails here fails again.
    code = digest(module(name).__name__)
    draw = int(os.environ.get("DRAW") or int(code[:5], 16))
    (call,) = check.drawn_runs(name, draw, 1)
    assert check.differences(name, call) == {}, f"to repeat: DRAW={draw}"


@of_a_table
def test_this_code_made_the_table_or_last_checked_it(name):
    assert not other(path_of(name), stamp(module(name).__name__))


@of_a_table
def test_a_table_says_what_made_it_and_is_readable_without_our_code(name):
    made = origin(path_of(name))
    assert made["command"] == f"python -m experiments make {name}"
    assert {"python"} < set(made["versions"])
    plain = pd.read_csv(path_of(name), comment="#")
    pd.testing.assert_frame_equal(plain, read(path_of(name)), check_exact=True)


@of_a_table
def test_a_table_holds_its_runs_each_once(name):
    table, wanted = read(path_of(name)), pd.DataFrame(module(name).calls())
    keys = list(wanted)
    runs = table[keys].drop_duplicates()
    assert len(runs) == len(runs.merge(wanted)) > 0
    print(f"{name}: {len(wanted) - len(runs)} of {len(wanted)} runs are still to be made")
    if name in PARITY:
        places = [column for column in ("epoch", "inputs", "model") if column in table]
        assert not table.duplicated([*keys, *places]).any()
        assert len(table) == len(runs) or places


@of_a_table
def test_calls_fit_what_measures_them_and_their_first_words_say_what_a_row_is(name):
    calls = module(name).calls()
    assert len({tuple(call.items()) for call in calls}) == len(calls) > 0
    code = module(name).measure.__code__
    if not code.co_flags & 0x08:  # which takes any field of a configuration
        assert set(calls[0]) == set(code.co_varnames[: code.co_argcount])
    assert module(name).__doc__.splitlines()[0].endswith(".")


@of_a_table
def test_every_run_can_be_drawn_and_a_draw_is_cheap(name):
    cost = check.cost(read(path_of(name)).drop_duplicates(check.arguments(name)))
    odds = 1 / np.sqrt(cost) / (1 / np.sqrt(cost)).sum()
    assert (odds * len(cost) > 0.1).all()  # of a draw in which all are alike
    assert (odds * cost).sum() < 80_000  # steps of the paper's width: ten seconds


def test_a_draw_can_be_repeated_and_others_differ(capsys):
    first = check.drawn_runs("switches", 1, 4)
    assert "switches: draw 1 gives {'first_decay': " in capsys.readouterr().out
    assert check.drawn_runs("switches", 1, 4) == first
    assert len(first) == 4
    assert check.drawn_runs("switches", 2, 4) != first


# ---- making and checking, on a table of a test's own


@pytest.fixture
def small(tmp_path, monkeypatch):
    """Make a table of four quick runs; return its path."""
    monkeypatch.setattr(make, "DATA", tmp_path)
    monkeypatch.setattr(check, "DATA", tmp_path)
    few = {"n_bits": 10, "k_relevant": 2, "n_train": 60, "width": 20, "steps": 60}
    calls = [
        call | few | {"seed": seed} for call in module("delays").calls()[:1] for seed in range(4)
    ]
    monkeypatch.setattr(module("delays"), "calls", lambda: calls)
    make.make("delays")
    return tmp_path / "delays.csv"


def test_what_was_checked_is_said_in_the_first_lines_and_nothing_else_changes(small):
    before = small.read_text(encoding="utf-8")
    check.check("delays", draw=5, runs=2)
    check.check("delays", draw=6, runs=99)  # there are four
    made = origin(small)
    assert [len(entry["runs"]) for entry in made["checked"]] == [2, 4]
    for entry in made["checked"]:
        assert entry["code"] == digest("experiments.tables.delays") == made["code"]
        assert entry["versions"] == made["versions"]
        assert entry["compared"] == "to the last digit"
    lines = [
        line
        for line in small.read_text(encoding="utf-8").splitlines(True)
        if "# checked" not in line
    ]
    assert "".join(lines) == before


def test_a_row_that_differs_in_its_last_digit_is_not_checked(small):
    table = read(small)
    value = repr(float(table["train_accuracy"][2]))
    other = repr(float(np.nextafter(table["train_accuracy"][2], 2)))
    lines = small.read_text(encoding="utf-8").splitlines(True)
    lines[-2] = lines[-2].replace(value, other)
    small.write_text("".join(lines), encoding="utf-8")
    with pytest.raises(ValueError, match=r"is not what this code computes: .*train_accuracy"):
        check.check("delays", draw=5, runs=4)
    assert small.read_text(encoding="utf-8") == "".join(lines)


def test_the_table_of_other_code_is_gone_on_with_once_it_is_checked(small):
    code, lines = (
        digest("experiments.tables.delays"),
        small.read_text(encoding="utf-8").splitlines(True),
    )
    small.write_text("".join(lines[:-1]).replace(code, "0" * 64), encoding="utf-8")
    with pytest.raises(ValueError, match="run make check-tables TABLE=delays first"):
        make.make("delays")
    check.check("delays", draw=5, runs=1)
    assert len(make.make("delays")) == 4
    assert origin(small)["code"] == "0" * 64  # what made the first rows stays
    note(small, "checked", origin(small)["checked"][0] | {"code": "1" * 64})
    assert other(small, stamp("experiments.tables.delays")) == f"other code ({'1' * 64})"


def test_what_came_later_is_said_to_have_come_later(small):
    assert origin(small)["extended"] == []
    lines = small.read_text(encoding="utf-8").splitlines(True)
    small.write_text("".join(lines[:-1]), encoding="utf-8")
    for _ in range(2):  # what is complete gains nothing
        make.make("delays")
        today = stamp("experiments.tables.delays")
        assert origin(small)["extended"] == [today | {"runs": 1}]
    assert small.read_text(encoding="utf-8").endswith("".join(lines[-2:]))


def test_the_list_says_how_far_each_table_is(small):
    shutil.copy(path_of("delays"), small.with_name("switches.csv"))
    small.with_name("switches.csv").unlink()
    found = make.progress().loc["delays"]
    assert (found["done"], found["of"], found["code"], found["checked"]) == (4, 4, "this", "")
    assert make.progress().loc["switches", "done"] == 0


@pytest.mark.parametrize("arguments", [[], ["make"], ["make", "sines"], ["sizes"]])
def test_the_command_names_what_there_is(arguments):
    command = [sys.executable, "-m", "experiments", *arguments]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == 2
    assert "usage: python -m experiments" in ended.stderr


# ---- what the columns must agree in


def test_the_columns_of_the_sizes_agree_with_each_other():
    table = read(path_of("sizes"))
    assert (table["effective_sparsity"] == table["effective_sparsity_300"]).all()
    for suffix, epoch in (("", 300), ("_450", 450)):
        fires = table[f"firing{suffix}"].str.split()
        assert (fires.str.len() == table[f"effective_sparsity_{epoch}"]).all()
        masks = fires.apply(lambda row: [int(neuron[:-1], 16) for neuron in row])
        single = masks.apply(lambda row: all(mask.bit_count() == 1 for mask in row))
        covered = masks.apply(lambda row: np.bitwise_or.reduce(row) == 0xFF)
        assert ((single & covered) == table[f"dnf{suffix}"]).all()
        assert table[f"patterns_right{suffix}"].between(0, 8).all()


@pytest.mark.parametrize("name", ["delays", "interventions", "switches"])
def test_the_rows_of_the_races_agree_with_themselves(name):
    table = read(path_of(name))
    happened = table["generalization_epoch"].notna()
    assert (table["generalization_epoch"] <= table["last_epoch"])[happened].all()
    if "horizon" in table:  # a race ends early only for a network that has generalized
        assert happened[table["last_epoch"] < table["horizon"]].all()
