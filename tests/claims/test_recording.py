"""What is recorded of a claim is read back, judged anew, and fits what was asked for."""

import json
import math

import pytest
from edges import OF_A_CLAIM, at_the_bounds, bound, missed, words, worse

from experiments import claims
from experiments.claims import CLAIMS, Claim, record, results


@OF_A_CLAIM
def test_what_is_recorded_is_read_back_with_its_verdict(claim):
    measured = at_the_bounds(claim)
    recorded = record(claim.id, seeds=claim.least_seeds, **measured)
    found = {result.id: result for result in results()}
    assert found[claim.id] == recorded
    assert recorded.measured == measured
    assert recorded.seeds == claim.least_seeds
    assert recorded.verdict == words(claim)["reproduced"]
    others = {result.verdict for result in found.values() if result.id != claim.id}
    assert others == {"not yet measured"}


@OF_A_CLAIM
def test_a_tampered_result_on_disk_changes_the_verdict(claim):
    record(claim.id, seeds=1000, **at_the_bounds(claim))
    (path,) = claims.LOCATION.glob("*.json")
    for criterion in claim.criteria:
        stored = json.loads(path.read_text())
        stored["measured"] = at_the_bounds(
            claim, **{criterion.quantity: worse(criterion, bound(criterion))}
        )
        path.write_text(json.dumps(stored))  # which still says "reproduced"
        (found,) = (result for result in results() if result.id == claim.id)
        assert found.verdict == missed(claim)


def test_the_last_record_of_a_claim_counts():
    record("C8", seeds=20, share_near_zero=0.0)
    record("C8", seeds=30, share_near_zero=0.6)
    (found,) = (result for result in results() if result.id == "C8")
    assert (found.verdict, found.seeds) == ("reproduced", 30)
    assert len(list(claims.LOCATION.iterdir())) == 1


@pytest.mark.parametrize(
    ("claim_id", "seeds", "measured", "message"),
    [
        ("C18", 20, {"share_near_zero": 1}, "claim_id = 'C18'"),
        ("C8", 20, {}, r"measured \[\], asked for \['share_near_zero'\]"),
        ("C8", 20, {"share_near_zero": 1, "mood": 1}, r"measured \['mood', 'share_near_zero'\]"),
        ("C8", 20, {"share_near_nil": 1}, r"measured \['share_near_nil'\]"),
        ("C8", 19, {"share_near_zero": 1}, "C8: 19 seeds, at least 20 are needed"),
    ],
)
def test_a_record_that_does_not_fit_its_claim_is_refused(claim_id, seeds, measured, message):
    with pytest.raises(ValueError, match=message):
        record(claim_id, seeds=seeds, **measured)
    assert not claims.LOCATION.exists()


def test_a_claim_that_nothing_decides_yet_is_not_yet_measured(monkeypatch):
    undecided = Claim(id="C0", where="", statement="", chapter="")
    monkeypatch.setitem(CLAIMS, "C0", undecided)
    assert undecided.verdict({}) == "not yet measured"
    assert results()[-1].verdict == "not yet measured"
    with pytest.raises(ValueError, match=r"C0: measured \['share'\], asked for \[\]"):
        record("C0", seeds=20, share=1)


def test_a_claim_not_yet_measured_can_be_shown():
    for result in results():
        assert "not yet measured" in repr(result)


def test_the_scorecard_as_json_has_every_claim_and_numbers_that_json_knows():
    record("C8", seeds=20, share_near_zero=math.nan)
    record("C9", seeds=500, share_6_to_8=0.75, distance_of_median=math.inf)

    def unknown(constant):
        raise AssertionError(f"{constant} is not JSON")

    card = {entry["id"]: entry for entry in json.loads(claims.as_json(), parse_constant=unknown)}
    assert list(card) == list(CLAIMS)
    assert card["C8"]["measured"] == {"share_near_zero": None}
    assert card["C9"]["measured"] == {"share_6_to_8": 0.75, "distance_of_median": None}
    assert card["C9"]["verdict"] == "partly"
