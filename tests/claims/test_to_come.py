"""The claims to come are whole, no bound has moved, and their tables are named and not yet made."""

from hashlib import sha256

from test_registry import in_lines

from experiments import make, registry
from experiments.registry import ROLES
from experiments.to_come import CLAIMS, TABLES

BOUNDS = {  # for `bounds.toml`, when they are in the registry
    "S17": "f9e5e199ab266ef1",
    "S18": "e7384e11f701eb70",
    "S19": "0c440da626afa6b5",
    "S20": "b7f8f8eabe5ccbc3",
}


def test_they_go_on_where_the_registry_ends_and_are_not_in_it():
    assert list(CLAIMS) == [f"S{number}" for number in range(17, 21)]
    assert not set(CLAIMS) & set(registry.CLAIMS)


def test_no_bound_has_moved_since_it_was_written_down():
    bounds = {claim.id: "\n".join(in_lines(claim)) for claim in CLAIMS.values()}
    digests = {id_: sha256(text.encode()).hexdigest()[:16] for id_, text in bounds.items()}
    assert digests == BOUNDS, "\n".join(bounds[i] for i in bounds if digests[i] != BOUNDS.get(i))


def test_each_is_of_the_shape_of_those_in_the_registry():
    for claim in CLAIMS.values():
        assert (claim.kind, claim.least_seeds) == ("here", 20)
        assert 5 < len(claim.title) <= 48
        assert claim.statement
        assert claim.where
        assert all(paper.rpartition(", ")[2].isdigit() for paper in claim.source.split("; "))
        assert len(claim.arxiv) == 1
        in_parts = [c.quantity for part in claim.parts for c in part.criteria]
        assert sorted(in_parts) == sorted(c.quantity for c in claim.criteria)
        assert len(set(in_parts)) == len(in_parts)
        assert len({part.name for part in claim.parts}) == len(claim.parts)
        assert {part.role for part in claim.parts} == set(ROLES)
        for part in claim.parts:
            assert part.criteria
            assert part.where
            assert part.sentence.endswith(".")
        for criterion in claim.criteria:
            assert len(criterion.reason) > 10
            assert not criterion.holds(criterion.contradicts)  # it is on the other side


def test_the_first_table_of_each_has_no_run_yet():
    for names in TABLES.values():
        assert names[0] in make.TO_COME
        assert set(names) <= set(make.TABLES)
