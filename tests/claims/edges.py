"""Every claim and criterion, and what is measured just at a bound or just beyond it."""

import math

import pytest

from experiments.claims import CLAIMS, KINDS, VERDICTS

CRITERIA = [(claim, c) for claim in CLAIMS.values() for c in claim.criteria]

OF_A_CLAIM = pytest.mark.parametrize(
    "claim", [c for c in CLAIMS.values() if c.criteria], ids=lambda claim: claim.id
)

OF_A_CRITERION = pytest.mark.parametrize(
    ("claim", "criterion"), CRITERIA, ids=[f"{claim.id} {c.quantity}" for claim, c in CRITERIA]
)


def bound(criterion):
    return criterion.at_least if criterion.at_most is None else criterion.at_most


def worse(criterion, value):
    """The nearest number to a value on the side that speaks against the claim."""
    return math.nextafter(value, -math.inf if criterion.at_most is None else math.inf)


def at_the_bounds(claim, **tampered):
    return {c.quantity: float(bound(c)) for c in claim.criteria} | tampered


def words(claim):
    return dict(zip(VERDICTS, KINDS[claim.kind], strict=True))


def missed(claim):
    """The verdict if one criterion fails and nothing contradicts."""
    return words(claim)["partly" if len(claim.criteria) > 1 else "not reproduced"]
