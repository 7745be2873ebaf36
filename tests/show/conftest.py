"""A result as it is recorded, of any claim."""

import dataclasses

import pytest

from grokutils.claims import CLAIMS, Result


@pytest.fixture
def result():
    """Return a function that makes a result as `grokutils.claims` makes them."""

    def make(claim_id, verdict, seeds=20, **measured):
        claim = CLAIMS[claim_id]
        names = [f.name for f in dataclasses.fields(Result) if hasattr(claim, f.name)]
        shared = {name: getattr(claim, name) for name in names} | {"verdict": verdict}
        return Result(**shared, measured=measured, seeds=seeds, threshold=[], code="")

    return make
