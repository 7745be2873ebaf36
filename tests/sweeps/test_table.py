"""The sweep: each row is computed once, in whatever order the runs end."""

import math
import os
import subprocess
import sys
import time
from pathlib import Path

import joblib
import pandas as pd
import pytest
from sweeps import xs

import grokutils
from experiments.sweeps import file
from experiments.sweeps.table import grid, read


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


def test_the_order_of_completion_changes_nothing(call):
    one, _ = call("double", xs(0, 1, 2))
    call.table.unlink()
    with joblib.parallel_config("threading"):  # two at a time, without the cost of processes
        two, computed = call("waits", xs(0, 1, 2), n_jobs=2)
    assert computed == ["1", "2", "0"]
    assert read(call.table)["x"].tolist() == [1, 2, 0]
    pd.testing.assert_frame_equal(two, one, check_exact=True)


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


def test_a_result_that_does_not_fit_the_table_is_left_out(call):
    call("echo", xs(1))
    with pytest.warns(UserWarning, match=r"the columns .* are not the table's"):
        assert len(call("double", xs(2))[0]) == 0
    with pytest.warns(UserWarning, match="a run has one row"):
        assert len(call("steps", xs(2))[0]) == 0
    assert call("echo", xs(1, 2))[1] == ["echo"]


def test_a_row_whose_types_are_not_the_columns_is_left_out(call):
    with pytest.warns(UserWarning, match="y = 'two': the column is of float"):
        assert call("turns", xs(1, 2, 0))[0]["y"].tolist() == [1, 0]


def test_a_grid_is_every_combination_of_its_lists():
    calls = grid(rate=[0.1, 0.2], kind="ab", seed=range(2))
    assert len(calls) == 4
    assert calls[1] == {"rate": 0.1, "kind": "ab", "seed": 1}


def test_calls_that_set_different_columns_are_refused(call):
    with pytest.raises(
        ValueError, match=r"calls: \{'x': 1, 'y': 2\} does not set the same columns"
    ):
        call("double", [{"x": 0}, {"x": 1, "y": 2}])


HELD = """
from rooms.high import held
from experiments.sweeps.table import sweep
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
    while not (calls.exists() and calls.read_text(encoding="utf-8")):
        assert first.poll() is None, first.communicate()
        time.sleep(0.05)
    second = subprocess.run(command, env=environment, **pipes)
    assert "is in the hands of another process; wait for it" in second.stderr
    Path(f"{calls}.go").touch()
    assert first.communicate()[0] == "3\n"
    assert subprocess.run(command, env=environment, **pipes).stdout == "3\n"
    assert calls.read_text(encoding="utf-8").split() == ["0", "1", "2"]
    with file.locked(call.table):  # its file stays, held by nobody
        pass
