"""Every claim, part and criterion, and what is measured just at a bound or just beyond it."""

import math

import pytest

from experiments.claims import Draw, record
from experiments.registry import CLAIMS, KINDS, VERDICTS
from grokutils.store import fingerprint

CRITERIA = [(part, c) for claim in CLAIMS.values() for part in claim.parts for c in part.criteria]
PARTS = [(claim, part) for claim in CLAIMS.values() for part in claim.parts]

OF_A_CLAIM = pytest.mark.parametrize(
    "claim", [c for c in CLAIMS.values() if c.criteria], ids=lambda claim: claim.id
)

OF_A_PART = pytest.mark.parametrize(
    ("claim", "part"), PARTS, ids=[f"{claim.id} {part.name}" for claim, part in PARTS]
)

OF_A_CRITERION = pytest.mark.parametrize(
    ("part", "criterion"), CRITERIA, ids=[f"{part.name} {c.quantity}" for part, c in CRITERIA]
)


def bound(criterion):
    return criterion.at_least if criterion.at_most is None else criterion.at_most


def worse(criterion, value):
    """The nearest number to a value on the side that speaks against the claim."""
    return math.nextafter(value, -math.inf if criterion.at_most is None else math.inf)


def at_the_bounds(claim, **tampered):
    """What is measured of a claim, or of a part, when all its bounds are just met."""
    return {c.quantity: float(bound(c)) for c in claim.criteria} | tampered


def words(claim):
    return dict(zip(VERDICTS, KINDS[claim.kind], strict=True))


def core(claim):
    return [part for part in claim.parts if part.role == "core"]


def recorded(claim_id, seeds=None, **measured):
    """Record one draw of a claim, what is not said of it just at the bounds."""
    claim = CLAIMS[claim_id]
    draw = Draw(at_the_bounds(claim, **measured), claim.least_seeds if seeds is None else seeds)
    return record(claim_id, second=draw)


def forget():
    """Have the sources read anew, as in a process that starts now."""
    for function in (fingerprint.sources, fingerprint.fingerprint, fingerprint.versions):
        function.cache_clear()
