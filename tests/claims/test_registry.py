"""The registry of claims is complete, and what decides them is what was first written down."""

import math
import re
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest
from edges import CRITERIA

from experiments import registry
from experiments.measured import Measured, not_run
from experiments.registry import CLAIMS, FORETOLD, HERE, OF_PARTS, ROLES, VERDICTS, Criterion

KIND = {"C": "paper", "S": "here"}  # by the letter; else foretold


def test_all_claims_are_present():
    split = {5: "abc", 10: "ab"}  # by their sources
    since = [f"S{n}{part}" for n in range(1, 21) for part in split.get(n, [""])]
    ours = [*(f"L{number}" for number in range(1, 11)), "M1", "B1"]
    assert list(CLAIMS) == [f"C{number}" for number in range(1, 18)] + since + ours
    assert len(CRITERIA) > 100  # most of the tests below run over these


def test_a_claim_of_another_task_is_judged_in_words_of_its_own():
    for claim in CLAIMS.values():
        assert claim.kind == KIND.get(claim.id[0], "foretold")
        assert claim.least_seeds >= (0 if claim.kind == "paper" else 20)
    assert len({*HERE[:4], *VERDICTS[:4], *FORETOLD[:4]}) == 12
    assert HERE[4] == VERDICTS[4] == FORETOLD[4]


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
    first = tomllib.loads(Path(__file__).with_name("bounds.toml").read_text(encoding="utf-8"))
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


def test_each_criterion_is_in_one_part_and_each_part_says_what_gives_it_its_role():
    for claim in CLAIMS.values():
        in_parts = [c.quantity for part in claim.parts for c in part.criteria]
        assert sorted(in_parts) == sorted(c.quantity for c in claim.criteria), claim.id
        names = [part.name for part in claim.parts]
        assert len(set(names)) == len(names)
        assert {part.role for part in claim.parts} <= set(ROLES)
        for part in claim.parts:
            assert part.criteria, f"{claim.id} {part.name}"
            assert part.where
            assert part.sentence.endswith(".")


def test_a_claim_names_its_papers_with_author_and_year():
    for claim in CLAIMS.values():
        if claim.kind == "foretold":
            assert (claim.source, claim.arxiv) == ("This book", ())
            continue
        papers = claim.source.split("; ")
        assert all(paper.rpartition(", ")[2].isdigit() for paper in papers)
        assert len(claim.arxiv) >= len(papers)


def test_a_finding_is_a_sentence_that_stands_on_parts_of_its_claim():
    for claim in registry._read().values():
        if claim.kind == "foretold":  # of it the parts are told
            assert not claim.finding + claim.before
            continue
        assert claim.finding.endswith("."), claim.id
        assert claim.relies, claim.id
        assert {name for name, _ in claim.relies} <= {part.name for part in claim.parts}
        assert {said for _, said in claim.relies} <= set(OF_PARTS)
        known = {c.quantity: Measured.of(1.0) for c in claim.criteria}
        claim.finding.format_map(known)  # each number in it is measured
        digits = re.sub(r"\{[^}]*\}", "", claim.finding)
        assert not re.search(r"\d", digits.replace("2ᵏ", "")), f"{claim.id}: a number typed"


def told(part, number):
    """Return how a part is told in a finding, with one number, which is named."""
    name = part.criteria[0].quantity.replace("_", " ")
    return f"{part.sentence[0].lower()}{part.sentence[1:-1]} ({name} {number})"


def test_what_was_foretold_is_found_as_its_core_parts_came():
    claim = registry._read()["L1"]
    assert claim.found(not_run(*(c.quantity for c in claim.criteria))) == "Not run yet."
    known = {c.quantity: c.at_most for c in claim.criteria}
    on_line, beyond, variable, *_ = claim.parts
    found = claim.found(known | {"share_off_new": 0.5, "variable_off": math.nan})
    assert found == (
        f"As foretold: {told(on_line, 0.2)}. Not as foretold: {told(beyond, 0.5)}. "
        f"Not judged: {told(variable, 'nothing to compare')}."
    )


def test_what_failed_beside_what_was_led_with_is_told_where_the_word_would_hide_it():
    claim = registry._read()["L5"]
    known = {
        c.quantity: c.at_most if c.at_most is not None else c.at_least
        for p in claim.parts
        for c in p.criteria
    }
    beside = next(part for part in claim.parts if part.role == "further")
    assert "Not as foretold" not in claim.found(known)
    name = beside.criteria[0].quantity
    found = claim.found(known | {name: 9.0})
    assert claim.verdict(known | {name: 9.0}) == "came as foretold"
    assert found.endswith(f"Not as foretold: {told(beside, 9)}.")
