"""A scorecard of its own for each test, and a copy of the book that may be changed."""

import shutil
import time
from pathlib import Path

import pytest

import grokutils
from grokutils import claims
from grokutils.store import fingerprint, paths


@pytest.fixture(autouse=True)
def empty_scorecard(monkeypatch, tmp_path):
    monkeypatch.setattr(claims, "LOCATION", tmp_path / "results")


@pytest.fixture
def book(monkeypatch, tmp_path):
    """Copy what a measurement may stand on, so that a test may change it; return the folder."""
    root = Path(claims.__file__).parents[1]
    for name in ("grokutils", "data", "chapters"):
        shutil.copytree(root / name, tmp_path / name)
    monkeypatch.setattr(paths, "PACKAGE", tmp_path / "grokutils")
    monkeypatch.setattr(paths, "DATA", tmp_path / "data")
    monkeypatch.setattr(paths, "CHAPTERS", tmp_path / "chapters")
    monkeypatch.setattr(grokutils, "LOADED", time.time())
    forget()
    yield tmp_path
    forget()


def forget():
    """Have the sources read anew, as in a process that starts now."""
    for function in (fingerprint.sources, fingerprint.fingerprint, fingerprint.versions):
        function.cache_clear()
