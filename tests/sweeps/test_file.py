"""The file of a table: readable without our code, and completed wherever it was cut off."""

import io
from datetime import date
from platform import python_version

import numpy as np
import pandas as pd
import pytest
from sweeps import xs

from experiments.sweeps import file
from experiments.sweeps.table import origin, read, sweep


def test_the_first_lines_say_what_made_the_table(call):
    call("double", xs(0))
    lines = call.table.read_text(encoding="utf-8").splitlines()
    assert [line.startswith("#") for line in lines] == [True] * 4 + [False] * 2
    made = origin(call.table)
    assert set(made) == {
        *("command", "configuration", "types"),
        *("date", "code", "versions", "extended", "checked"),
    }
    assert made["types"] == {
        **{"x": "float", "twice": "float", "third": "float"},
        **{"name": "str", "never": "float"},
    }
    assert made["configuration"] == "width 1000"
    assert made["command"] == "make table"
    assert (date.today() - date.fromisoformat(made["date"])).days in (0, 1)
    versions = made["versions"]
    assert versions == {"python": python_version(), "numpy": np.__version__}
    assert len(made["code"]) == 64


def test_words_of_any_language_say_what_made_the_table(call):
    options = {"command": "λ", "configuration": "Größe\n1"}
    table = sweep(grid_of, xs(1, 2, 3), call.table, n_jobs=1, **options)
    assert len(table) == 3
    assert origin(call.table)["command"] == "λ"
    assert origin(call.table)["configuration"] == "Größe 1"


def grid_of(x):
    return {"y": f"≤ {x}"}


def test_the_table_is_readable_without_our_code(call):
    call("double", xs(0, 1, 5))
    plain = pd.read_csv(io.StringIO(call.table.read_text(encoding="utf-8")), comment="#")
    pd.testing.assert_frame_equal(plain, read(call.table))
    assert plain["third"].tolist() == [0, 1 / 3, 5 / 3]  # to the last digit


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


def test_the_ends_of_lines_do_not_matter(call):
    for function in ("double", "steps"):
        call.table.unlink(missing_ok=True)
        whole, _ = call(function, xs(0, 1, 2))
        content = call.table.read_bytes()
        call.table.write_bytes(content.replace(b"\n", b"\r\n"))
        pd.testing.assert_frame_equal(read(call.table), whole, check_exact=True)
        call.table.write_bytes(content.replace(b"\n", b"\r\n")[:-5])  # and the last run cut off
        again, computed = call(function, xs(0, 1, 2))
        assert computed == ["2"]
        pd.testing.assert_frame_equal(again, whole, check_exact=True)
        assert call.table.read_bytes() == content


def test_the_first_row_does_not_decide_what_a_column_holds(call):
    # Words that look like numbers, saved by a spreadsheet without their quotes.
    whole, _ = call("echo", xs("1", "02", "3e0"))
    plain = call.table.read_text(encoding="utf-8").splitlines(True)
    plain[4:] = [line.replace('"', "") for line in plain[4:]]
    call.table.write_text("".join(plain), encoding="utf-8")
    pd.testing.assert_frame_equal(read(call.table), whole, check_exact=True)


def test_a_table_of_no_named_types_is_not_gone_on_with(call):
    call("double", xs(0))
    lines = call.table.read_text(encoding="utf-8").splitlines(True)
    call.table.write_text(
        "".join(line for line in lines if "# types" not in line), encoding="utf-8"
    )
    with pytest.raises(ValueError, match="does not name the types of its columns"):
        call("double", xs(0, 1))


def test_a_row_costs_the_same_however_long_the_table_is(call, monkeypatch):
    reads, parts = [], file._parts
    monkeypatch.setattr(file, "_parts", lambda path: reads.append(path) or parts(path))
    call("echo", xs(*range(3)))
    few = len(reads)
    call.table.unlink()
    call("echo", xs(*range(100)))
    assert len(reads) == 2 * few
