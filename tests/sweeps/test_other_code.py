"""A table never mixes the work of two codes."""

import sys
import time
from importlib import metadata

import numpy as np
import pytest
from sweeps import xs

from experiments.sweeps import file, spread
from experiments.sweeps.table import read, sweep
from grokutils.store import fingerprint


def test_the_table_of_other_code_is_refused_and_left_as_it_is(call):
    call("double", xs(0))
    kept = call.table.read_bytes()
    (call.folder / "rooms" / "low.py").write_text("FACTOR = 30\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"table\.csv was made by other code \([0-9a-f]{64}\)"):
        call("double", xs(0, 1))
    assert call.table.read_bytes() == kept
    (call.folder / "rooms" / "low.py").write_text("FACTOR = 2\n", encoding="utf-8")
    assert call("double", xs(0, 1))[1] == ["1"]


def test_a_process_that_has_not_the_code_on_disk_sweeps_nothing(call, monkeypatch):
    call("double", xs(0))
    high = sys.modules["rooms.high"]
    spread._loaded.cache_clear()
    time.sleep(0.02)  # the clock of files is coarse
    (call.folder / "rooms" / "low.py").write_text(
        "FACTOR = 2\n", encoding="utf-8"
    )  # which may be other code
    with pytest.raises(RuntimeError, match=r"process \d+ has other code than the sweep"):
        sweep(high.double, xs(0, 1), call.table, command="make", n_jobs=1)
    assert len(read(call.table)) == 1


def other_version(monkeypatch, library, version):
    """Have a library pass for another version of itself."""
    installed = metadata.version
    monkeypatch.setattr(
        metadata, "version", lambda name: version if name == library else installed(name)
    )


def test_the_table_of_another_library_is_refused_by_name_until_it_is_checked(call, monkeypatch):
    call("double", xs(0))
    kept = call.table.read_bytes()
    with monkeypatch.context() as other:
        other_version(other, "numpy", "0.0")
        wrong = (
            rf"made by numpy {np.__version__} instead of 0\.0; run make check-tables TABLE=table"
        )
        with pytest.raises(ValueError, match=wrong):
            call("double", xs(0, 1))
        assert call.table.read_bytes() == kept
        file.note(call.table, "checked", file.stamp("rooms.high"))
        assert call("double", xs(0, 1))[1] == ["1"]
    assert call("double", xs(0, 1, 2))[1] == ["2"]  # which made the first row
    with monkeypatch.context() as other:
        other_version(other, "scipy", "0.0")  # computes nothing there
        assert call("double", xs(0, 1, 2))[1] == []


def test_a_process_with_another_library_is_refused_by_name(call, monkeypatch):
    call("double", xs(0))
    high = sys.modules["rooms.high"]
    made = file.stamp("rooms.high")
    spread._loaded.cache_clear()
    fingerprint.versions.cache_clear()
    other_version(monkeypatch, "numpy", "0.0")
    wrong = rf"process \d+ has numpy 0\.0 instead of {np.__version__}; restart it with the same"
    with pytest.raises(RuntimeError, match=wrong):
        list(spread.spread(high.double, xs(1), made, n_jobs=1))


def test_a_source_edited_during_a_sweep_changes_and_stops_nothing(call):
    rows, _ = call("edits", xs(1, 2))
    assert rows["twice"].tolist() == [2, 4]


def test_a_file_that_is_no_table_of_ours_is_refused(call):
    call.table.write_text("x,twice\n0,0\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"was made by other code \(None\)"):
        call("double", xs(0))
    assert call.table.read_text(encoding="utf-8") == "x,twice\n0,0\n"
