"""A table never mixes the work of two codes."""

import sys
import time

import pytest
from sweeps import xs

from grokutils.store import spread
from grokutils.store.table import read, sweep


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
