"""The parts of the claims: each criterion in one, and each claim has what its source leads with."""

import tomllib
from collections import Counter
from pathlib import Path

from experiments import claims

PARTS = tomllib.loads((Path(claims.__file__).parent / "parts.toml").read_text(encoding="utf-8"))[
    "claim"
]
SPLIT = {"S5": ["S5a", "S5b", "S5c"], "S10": ["S10a", "S10b"]}  # of several sources


def test_claims_are_in_the_order_of_the_registry():
    wanted = [part for claim in claims.CLAIMS for part in SPLIT.get(claim, [claim])]
    assert [claim["id"] for claim in PARTS] == wanted


def test_each_criterion_is_in_one_part():
    whole = {part: claim for claim, parts in SPLIT.items() for part in parts}
    found = Counter(
        (whole.get(claim["id"], claim["id"]), quantity)
        for claim in PARTS
        for part in claim["part"]
        for quantity in part["criteria"]
    )
    wanted = Counter((c.id, k.quantity) for c in claims.CLAIMS.values() for k in c.criteria)
    assert found == wanted


def test_each_claim_has_a_core_and_each_part_says_what_decides_it():
    for claim in PARTS:
        names = [part["name"] for part in claim["part"]]
        assert len(set(names)) == len(names)
        assert {part["role"] for part in claim["part"]} <= {"core", "further", "ours"}
        assert any(part["role"] == "core" for part in claim["part"]), claim["id"]
        for part in claim["part"]:
            assert part["criteria"] or part["wanted"]
            assert part["where"]
