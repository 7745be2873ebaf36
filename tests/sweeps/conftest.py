"""A sweep of a package of its own."""

import importlib
import sys
import time

import pytest
from sweeps import MEASURE

import grokutils
from experiments.sweeps import spread
from experiments.sweeps.table import sweep
from grokutils.store import fingerprint


def forget(monkeypatch):
    """Have the sources read anew, as in a process that starts now."""
    for function in (fingerprint.sources, fingerprint.digest, fingerprint.versions):
        function.cache_clear()
    spread._loaded.cache_clear()
    monkeypatch.setattr(grokutils, "LOADED", time.time())


@pytest.fixture
def call(tmp_path, monkeypatch):
    """Sweep a function of a package of its own, so that the tests may change its sources."""
    rooms, table, calls = tmp_path / "rooms", tmp_path / "table.csv", tmp_path / "calls"
    rooms.mkdir()
    for name, source in {"__init__": "", "low": "FACTOR = 2\n", "high": MEASURE}.items():
        (rooms / f"{name}.py").write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("CALLS", str(calls))

    def run(function, calls_of, n_jobs=1):
        """Return the rows and what was computed for them, as a new process would."""
        for name in ("rooms", "rooms.low", "rooms.high"):
            monkeypatch.delitem(sys.modules, name, raising=False)
        forget(monkeypatch)
        calls.write_text("", encoding="utf-8")
        measure = getattr(importlib.import_module("rooms.high"), function)
        options = {"command": "make table", "configuration": "width 1000", "n_jobs": n_jobs}
        rows = sweep(measure, calls_of, table, **options)
        return rows, calls.read_text(encoding="utf-8").split()

    run.table, run.folder = table, tmp_path
    yield run
    forget(monkeypatch)
