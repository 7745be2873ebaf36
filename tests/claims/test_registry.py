"""The registry of claims is complete, and what decides them is what was first written down."""

import tomllib
from hashlib import sha256
from pathlib import Path

import pytest
from edges import CRITERIA

from experiments.claims import CLAIMS, HERE, VERDICTS, Criterion


def test_all_claims_are_present():
    since = [f"S{number}" for number in range(1, 17)]
    assert list(CLAIMS) == [f"C{number}" for number in range(1, 18)] + since
    assert len(CRITERIA) > 100  # most of the tests below run over these


def test_a_claim_of_another_task_is_judged_in_words_of_its_own():
    for claim in CLAIMS.values():
        assert claim.kind == ("here" if claim.id[0] == "S" else "paper")
        assert claim.least_seeds >= (20 if claim.kind == "here" else 0)
    assert not set(HERE[:4]) & set(VERDICTS)
    assert HERE[4] == VERDICTS[4]


def in_lines(claim):
    """Say all that decides a claim, a bound a line."""
    yield f"{claim.id} over {claim.least_seeds} seeds"
    for c in claim.criteria:
        side = f">= {c.at_least}" if c.at_most is None else f"<= {c.at_most}"
        end = "" if c.contradicts is None else f", contradicted at {c.contradicts}"
        yield f"  {c.quantity} {side}{end}"


def test_no_bound_has_moved_since_it_was_written_down():
    bounds = {claim.id: "\n".join(in_lines(claim)) for claim in CLAIMS.values()}
    digests = {id_: sha256(text.encode()).hexdigest()[:16] for id_, text in bounds.items()}
    first = tomllib.loads(Path(__file__).with_name("bounds.toml").read_text())
    assert digests == first, "\n".join(bounds[i] for i in bounds if digests[i] != first.get(i))


def test_a_claim_names_a_quantity_once_and_each_bound_has_a_reason():
    for claim in CLAIMS.values():
        assert claim.statement
        assert claim.where
        quantities = [c.quantity for c in claim.criteria]
        assert len(set(quantities)) == len(quantities)
        assert all(len(c.reason) > 10 for c in claim.criteria)


def test_a_title_fits_a_tile():
    for claim in CLAIMS.values():
        assert 5 < len(claim.title) <= 48, claim.id


def test_a_criterion_has_one_bound():
    for bounds in ({}, {"at_least": 1, "at_most": 2}):
        with pytest.raises(ValueError, match="share: needs one of at_least and at_most"):
            Criterion(quantity="share", reason="none", **bounds)
