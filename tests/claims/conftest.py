"""A scorecard of its own for each test, and a copy of the book that may be changed."""

import dataclasses
import shutil
import time
from pathlib import Path

import pytest

import grokutils
from experiments import claims
from grokutils.store import fingerprint, paths


@pytest.fixture(autouse=True)
def empty_scorecard(monkeypatch, tmp_path):
    monkeypatch.setattr(claims, "LOCATION", tmp_path / "results")


@pytest.fixture
def book(monkeypatch, tmp_path):
    """Copy what a measurement may stand on, so that a test may change it; return the folder."""
    root = Path(claims.__file__).parents[1]
    for name in ("grokutils", "experiments", "lab", "data", "chapters"):
        aside = shutil.ignore_patterns("node_modules", "__pycache__")
        shutil.copytree(root / name, tmp_path / name, ignore=aside)
    monkeypatch.setattr(paths, "ROOT", tmp_path)
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


@pytest.fixture
def result():
    """Return a function that makes a result as `experiments.claims` makes them."""

    def make(claim_id, verdict, seeds=20, **measured):
        claim = claims.CLAIMS[claim_id]
        names = [f.name for f in dataclasses.fields(claims.Result) if hasattr(claim, f.name)]
        shared = {name: getattr(claim, name) for name in names} | {"verdict": verdict}
        return claims.Result(**shared, measured=measured, seeds=seeds, threshold=[], code="")

    return make
