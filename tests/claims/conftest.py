"""A scorecard of its own for each test, and a copy of the book that may be changed."""

import dataclasses
import math
import shutil
import time
from pathlib import Path

import pytest
from edges import forget

import grokutils
from experiments import claims
from experiments.measured import Measured
from experiments.registry import CLAIMS
from grokutils.store import paths


@pytest.fixture(autouse=True)
def empty_scorecard(monkeypatch, tmp_path):
    monkeypatch.setattr(claims, "LOCATION", tmp_path / "results")


@pytest.fixture(autouse=True)
def any_finding(monkeypatch):
    """Let a claim be found to be anything; what it says of the real numbers the build asserts."""
    for name, claim in CLAIMS.items():
        monkeypatch.setitem(CLAIMS, name, dataclasses.replace(claim, finding="Found.", relies=()))


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


@pytest.fixture
def result():
    """Return a function that makes a result of a claim, as `experiments.claims` makes them."""

    def make(claim_id, seeds=20, first=None, **measured):
        claim = CLAIMS[claim_id]
        unknown = dict.fromkeys((c.quantity for c in claim.criteria), math.nan)
        draws = {"first": first, "second": measured} if first else {"second": measured}
        found = {
            name: claims.Draw({q: Measured.of(v) for q, v in (unknown | of).items()}, seeds)
            for name, of in draws.items()
        }
        return claims.Result(claim, found if measured else {})

    return make
