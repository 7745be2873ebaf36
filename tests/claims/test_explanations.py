"""What is left of an explanation is what the verdicts on its claims and their bounds say."""

import pytest

from experiments.claims import KINDS
from experiments.explanations import stands, weighed


@pytest.mark.parametrize("kind", KINDS)
def test_an_explanation_stands_or_falls_with_its_claims(kind):
    holds, partly, fails, against, unknown = KINDS[kind]
    assert stands([holds, holds]) == "stands"
    assert stands([holds, partly]) == stands([fails]) == "in part"
    assert stands([holds, unknown]) == "open"
    assert stands([unknown, against]) == stands([holds, against]) == "contradicted"


def test_claims_of_several_kinds_are_weighed_together():
    assert stands([words[0] for words in KINDS.values()]) == "stands"
    assert stands([words[place] for place, words in enumerate(KINDS.values())]) == "in part"


def test_bounds_are_counted_over_all_claims_and_those_against_are_named(result):
    results = [
        # Of the first: one that contradicts, one that does not hold, one that does.
        result("C7", "contradicted", share_different=0.1, share_died_out=0.7, growth_of_final=4.0),
        result("C8", "reproduced", share_near_zero=0.9),
        result("S2", "not yet measured", seeds=0),
    ]
    found = weighed(results)
    assert found["hold"] == "2 of 4"
    assert found["against"] == ["C7: share different"]
    assert found["says"] == "contradicted"
    assert weighed(results[1:2]) == {"hold": "1 of 1", "against": [], "says": "stands"}
