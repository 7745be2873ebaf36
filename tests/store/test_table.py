"""The sweep: each row is computed once, and a table never mixes the work of two codes."""

import importlib
import io
import math
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest
import torch

import grokutils
from grokutils.store import file, fingerprint, spread
from grokutils.store.table import grid, origin, read, sweep

MEASURE = """
import os, time
from pathlib import Path
from rooms import low
def called(x):
    with open(os.environ["CALLS"], "a") as calls:
        print(x, file=calls, flush=True)
def double(x):
    called(x)
    return {"twice": low.FACTOR * x, "third": x / 3, "name": f"run {x}", "never": float("nan")}
def fails_on_two(x):
    if x == 2:
        raise ArithmeticError("x is two")
    return double(x)
def waits(x):
    while x == 0 and len(Path(os.environ["CALLS"]).read_text().split()) < 2:
        time.sleep(0.01)
    return double(x)
def pair(rate, kind):
    called(kind)
    return {"rates": 2 * rate}
def steps(x):
    called(x)
    return [{"step": step, "root": (x + 1) ** step} for step in (0.0, 0.5, 0.25)]
def echo(x):
    called("echo")
    return {"y": x}
def edits(x):
    Path(low.__file__).write_text("FACTOR = 3\\n")
    return {"twice": low.FACTOR * x}
def held(x):
    called(x)
    while not Path(os.environ["CALLS"] + ".go").exists():
        time.sleep(0.01)
    return {"y": x}
"""


def forget(monkeypatch):
    """Have the sources read anew, as in a process that starts now."""
    fingerprint._sources.cache_clear()
    fingerprint.digest.cache_clear()
    spread._loaded.cache_clear()
    monkeypatch.setattr(grokutils, "LOADED", time.time())


@pytest.fixture
def call(tmp_path, monkeypatch):
    """Sweep a function of a package of its own, so that the tests may change its sources."""
    rooms, table, calls = tmp_path / "rooms", tmp_path / "table.csv", tmp_path / "calls"
    rooms.mkdir()
    for name, source in {"__init__": "", "low": "FACTOR = 2\n", "high": MEASURE}.items():
        (rooms / f"{name}.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("CALLS", str(calls))

    def run(function, calls_of, n_jobs=1):
        """Return the rows and what was computed for them, as a new process would."""
        for name in ("rooms", "rooms.low", "rooms.high"):
            monkeypatch.delitem(sys.modules, name, raising=False)
        forget(monkeypatch)
        calls.write_text("")
        measure = getattr(importlib.import_module("rooms.high"), function)
        options = {"command": "make table", "configuration": "width 1000", "n_jobs": n_jobs}
        rows = sweep(measure, calls_of, table, **options)
        return rows, calls.read_text().split()

    run.table, run.folder = table, tmp_path
    yield run
    forget(monkeypatch)


def xs(*values):
    return [{"x": x} for x in values]


def test_the_table_has_a_row_for_each_call_in_their_order(call):
    rows, computed = call("double", xs(3, 1))
    assert sorted(computed) == ["1", "3"]
    expected = {"x": [3, 1], "twice": [6, 2], "third": [1, 1 / 3], "name": ["run 3", "run 1"]}
    pd.testing.assert_frame_equal(rows, pd.DataFrame(expected | {"never": [math.nan] * 2}))


def test_a_second_sweep_computes_nothing_and_a_larger_one_what_is_new(call):
    assert call("double", xs(0, 1))[1] == ["0", "1"]
    kept = call.table.read_bytes()
    assert call("double", xs(1, 0))[1] == []
    assert call.table.read_bytes() == kept
    rows, computed = call("double", xs(2, 0, 3))
    assert sorted(computed) == ["2", "3"]
    assert rows["x"].tolist() == [2, 0, 3]
    assert call.table.read_bytes().startswith(kept)


def test_a_row_is_found_again_whatever_its_arguments(call):
    pairs = [{"rate": rate, "kind": kind} for rate in (1, 0.1 + 0.2, 1e-7) for kind in "ab"]
    rows, computed = call("pair", pairs)
    assert len(computed) == 6
    again, computed = call("pair", pairs)
    assert computed == []
    pd.testing.assert_frame_equal(again, rows, check_exact=True)
    assert rows[["rate", "kind"]].to_dict("records") == pairs


def test_a_run_of_several_rows_is_done_when_all_are_on_disk(call):
    whole, _ = call("steps", xs(0, 1, 2))
    assert whole["x"].tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert whole["root"][4] == 2**0.5
    content = call.table.read_bytes()
    pd.testing.assert_frame_equal(pd.read_csv(io.BytesIO(content), comment="#"), whole)
    above = content.index(b"\nx,step") + 1
    ends = [n for n in range(len(content)) if content[:n].endswith(b"\n\n")] + [len(content)]
    assert len(ends) == 4  # the names of the columns, and three runs
    for cut in range(above, len(content), 7):
        call.table.write_bytes(content[:cut])
        left = sum(end <= cut for end in ends[1:])
        assert len(read(call.table)) == 3 * left
        again, computed = call("steps", xs(0, 1, 2))
        assert computed == ["0", "1", "2"][left:]
        pd.testing.assert_frame_equal(again, whole, check_exact=True)
        assert call.table.read_bytes() == content


@pytest.mark.parametrize(
    "values",
    [
        [
            "1",
            "1.0",
            "NA",
            "None",
            "",
            "nan",
            "#1",
            "#",
            "True",
            ' a "b", c;\t',
            "Größe λ ≤ 1 – 数",
        ],
        ["Größe", "a"],
        [1, 2.5, 0.1 + 0.2, 1e-7, -3, 2**53],
        [math.nan, math.inf, 1.0],
        [True, False],
    ],
)
def test_an_argument_of_any_kind_is_found_again_as_it_was(call, values):
    rows, computed = call("echo", xs(*values))
    assert len(computed) == len(values)
    again, computed = call("echo", xs(*values))
    assert computed == []
    pd.testing.assert_frame_equal(again, rows, check_exact=True)
    for column in ("x", "y"):
        assert list(map(repr, rows[column].astype(object))) == list(
            map(repr, pd.Series(values).astype(object))
        )
    assert len(pd.read_csv(call.table, comment="#")) == len(values)


def test_numbers_that_are_equal_are_the_same_argument(call):
    call("echo", xs(1, 2))
    assert call("echo", xs(1.0, np.int64(2), np.float64(1)))[1] == []


@pytest.mark.parametrize("value", ["two\nlines", "\r", None, 2**53 + 1, [1], "\ud800", {}])
def test_an_argument_that_a_table_cannot_hold_is_refused(call, value):
    with pytest.raises(ValueError, match=r"x = .* cannot be kept in a table"):
        call("echo", xs(value))
    assert not call.table.exists()


def test_arguments_of_two_types_are_refused(call):
    with pytest.raises(ValueError, match=r"calls: \{'x': '1'\} has not the types of the first"):
        call("echo", xs(1, "1"))
    call("echo", xs(1))
    with pytest.raises(ValueError, match="does not fit the columns of"):
        call("echo", xs("1"))


def test_a_result_that_does_not_fit_the_table_is_left_out(call):
    call("echo", xs(1))
    with pytest.warns(UserWarning, match=r"the columns .* are not the table's"):
        assert len(call("double", xs(2))[0]) == 0
    with pytest.warns(UserWarning, match="a run has one row"):
        assert len(call("steps", xs(2))[0]) == 0
    assert call("echo", xs(1, 2))[1] == ["echo"]


def test_words_of_any_language_say_what_made_the_table(call):
    options = {"command": "λ", "configuration": "Größe\n1"}
    table = sweep(grid_of, xs(1, 2, 3), call.table, n_jobs=1, **options)
    assert len(table) == 3
    assert origin(call.table)["command"] == "λ"
    assert origin(call.table)["configuration"] == "Größe 1"


def grid_of(x):
    return {"y": f"≤ {x}"}


def test_a_row_costs_the_same_however_long_the_table_is(call, monkeypatch):
    reads, parts = [], file._parts
    monkeypatch.setattr(file, "_parts", lambda path: reads.append(path) or parts(path))
    call("echo", xs(*range(3)))
    few = len(reads)
    call.table.unlink()
    call("echo", xs(*range(100)))
    assert len(reads) == 2 * few


HELD = """
from rooms.high import held
from grokutils.store.table import sweep
print(len(sweep(held, [{{"x": x}} for x in range(3)], {table!r}, command="make", n_jobs=1)))
"""


@pytest.mark.slow
def test_of_two_sweeps_at_once_one_is_refused(call):
    folders = os.pathsep.join([str(call.folder), str(Path(grokutils.__file__).parents[1])])
    command = [sys.executable, "-c", HELD.format(table=str(call.table))]
    environment = os.environ | {"PYTHONPATH": folders}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    first = subprocess.Popen(command, env=environment, **pipes)
    calls = Path(os.environ["CALLS"])
    while not (calls.exists() and calls.read_text()):
        assert first.poll() is None, first.communicate()
        time.sleep(0.05)
    second = subprocess.run(command, env=environment, **pipes)
    assert "is in the hands of another process; wait for it" in second.stderr
    Path(f"{calls}.go").touch()
    assert first.communicate()[0] == "3\n"
    assert subprocess.run(command, env=environment, **pipes).stdout == "3\n"
    assert calls.read_text().split() == ["0", "1", "2"]
    assert not list(call.folder.glob("*.lock"))


def test_a_table_cut_off_anywhere_is_completed(call):
    whole, _ = call("double", xs(0, 1, 2))
    content = call.table.read_bytes()
    rows = content[content.index(b"\nx,") + 1 :].splitlines(keepends=True)
    assert len(rows) == 4
    above = len(content) - sum(map(len, rows))
    for cut, left in {
        len(content) - 1: 2,  # only the end of the line is missing
        len(content) - 5: 2,
        above + len(b"".join(rows[:2])): 1,
        above + len(rows[0]) + 2: 0,  # inside the first row
        above + len(rows[0]): 0,  # nothing but the names of the columns
        above + 4: 0,  # inside those
        above: 0,
    }.items():
        call.table.write_bytes(content[:cut])
        assert len(read(call.table)) == left
        again, computed = call("double", xs(0, 1, 2))
        assert computed == ["0", "1", "2"][left:]
        pd.testing.assert_frame_equal(again, whole, check_exact=True)
        assert call.table.read_bytes() == content


def test_a_failing_run_is_reported_left_out_and_stops_no_other(call):
    report = r"a run failed: \{'x': 2, 'error': 'ArithmeticError: x is two'\}"
    with pytest.warns(UserWarning, match=report):
        rows, computed = call("fails_on_two", xs(1, 2, 3))
    assert computed == ["1", "3"]
    assert rows["x"].tolist() == read(call.table)["x"].tolist() == [1, 3]
    with pytest.warns(UserWarning, match=report):  # it is tried again, and it alone
        assert call("fails_on_two", xs(1, 2, 3))[1] == []


def test_a_sweep_in_which_all_runs_fail_has_no_rows(call):
    with pytest.warns(UserWarning, match="x is two"):
        assert call("fails_on_two", xs(2))[0].empty
    assert len(call("double", xs(2))[0]) == 1


def test_the_table_of_other_code_is_refused_and_left_as_it_is(call):
    call("double", xs(0))
    kept = call.table.read_bytes()
    (call.folder / "rooms" / "low.py").write_text("FACTOR = 30\n")
    with pytest.raises(ValueError, match=r"table\.csv was made by other code \([0-9a-f]{64}\)"):
        call("double", xs(0, 1))
    assert call.table.read_bytes() == kept
    (call.folder / "rooms" / "low.py").write_text("FACTOR = 2\n")
    assert call("double", xs(0, 1))[1] == ["1"]


def test_a_process_that_has_not_the_code_on_disk_sweeps_nothing(call, monkeypatch):
    call("double", xs(0))
    high = sys.modules["rooms.high"]
    spread._loaded.cache_clear()
    time.sleep(0.02)  # the clock of files is coarse
    (call.folder / "rooms" / "low.py").write_text("FACTOR = 2\n")  # which may be other code
    with pytest.raises(RuntimeError, match=r"process \d+ has other code than the sweep"):
        sweep(high.double, xs(0, 1), call.table, command="make", n_jobs=1)
    assert len(read(call.table)) == 1


def test_a_source_edited_during_a_sweep_changes_and_stops_nothing(call):
    rows, _ = call("edits", xs(1, 2))
    assert rows["twice"].tolist() == [2, 4]


def test_a_file_that_is_no_table_of_ours_is_refused(call):
    call.table.write_text("x,twice\n0,0\n")
    with pytest.raises(ValueError, match=r"was made by other code \(None\)"):
        call("double", xs(0))
    assert call.table.read_text() == "x,twice\n0,0\n"


def test_the_order_of_completion_changes_nothing(call):
    one, _ = call("double", xs(0, 1, 2))
    call.table.unlink()
    with joblib.parallel_config("threading"):  # two at a time, without the cost of processes
        two, computed = call("waits", xs(0, 1, 2), n_jobs=2)
    assert computed == ["1", "2", "0"]
    assert read(call.table)["x"].tolist() == [1, 2, 0]
    pd.testing.assert_frame_equal(two, one, check_exact=True)


def test_the_first_lines_say_what_made_the_table(call):
    call("double", xs(0))
    lines = call.table.read_text().splitlines()
    assert [line.startswith("#") for line in lines] == [True] * 3 + [False] * 2
    made = origin(call.table)
    assert set(made) == {"command", "configuration", "date", "code", "versions", "checked"}
    assert made["configuration"] == "width 1000"
    assert made["command"] == "make table"
    assert (date.today() - date.fromisoformat(made["date"])).days in (0, 1)
    versions = made["versions"]
    assert set(versions) == {"python", "torch", "numpy", "numba", "pandas", "xarray"}
    assert (versions["torch"], versions["numpy"]) == (torch.__version__[:6], np.__version__)
    assert len(made["code"]) == 64


def test_the_table_is_readable_without_our_code(call):
    call("double", xs(0, 1, 5))
    plain = pd.read_csv(io.StringIO(call.table.read_text()), comment="#")
    pd.testing.assert_frame_equal(plain, read(call.table))
    assert plain["third"].tolist() == [0, 1 / 3, 5 / 3]  # to the last digit


def test_a_grid_is_every_combination_of_its_lists():
    calls = grid(rate=[0.1, 0.2], kind="ab", seed=range(2))
    assert len(calls) == 4
    assert calls[1] == {"rate": 0.1, "kind": "ab", "seed": 1}


def test_calls_that_set_different_columns_are_refused(call):
    with pytest.raises(
        ValueError, match=r"calls: \{'x': 1, 'y': 2\} does not set the same columns"
    ):
        call("double", [{"x": 0}, {"x": 1, "y": 2}])
