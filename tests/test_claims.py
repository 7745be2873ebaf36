"""The scorecard: every verdict follows from the numbers, and only from those of this code."""

import json
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grokutils import claims
from grokutils.claims import CLAIMS, HERE, KINDS, VERDICTS, Claim, Criterion, record, results

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


@pytest.fixture(autouse=True)
def empty_scorecard(monkeypatch, tmp_path):
    monkeypatch.setattr(claims, "LOCATION", tmp_path / "results")


def test_all_claims_are_present():
    since = [f"S{number}" for number in (*range(1, 11), 15, 16)]
    assert list(CLAIMS) == [f"C{number}" for number in range(1, 18)] + since
    assert len(CRITERIA) > 100  # most of the tests below run over these


def test_a_claim_of_another_task_is_judged_in_words_of_its_own():
    for claim in CLAIMS.values():
        assert claim.kind == ("here" if claim.id[0] == "S" else "paper")
        assert claim.least_seeds >= (20 if claim.kind == "here" else 0)
    assert not set(HERE[:4]) & set(VERDICTS)
    assert HERE[4] == VERDICTS[4]


def test_a_claim_names_a_quantity_once_and_each_bound_has_a_reason():
    for claim in CLAIMS.values():
        assert claim.statement
        assert claim.where
        quantities = [c.quantity for c in claim.criteria]
        assert len(set(quantities)) == len(quantities)
        assert all(len(c.reason) > 10 for c in claim.criteria)


@OF_A_CLAIM
def test_a_claim_whose_bounds_are_just_met_is_reproduced(claim):
    assert claim.verdict(at_the_bounds(claim)) == words(claim)["reproduced"]


@OF_A_CRITERION
def test_one_quantity_beyond_its_bound_changes_the_verdict(claim, criterion):
    tampered = at_the_bounds(claim, **{criterion.quantity: worse(criterion, bound(criterion))})
    assert claim.verdict(tampered) == missed(claim)


@OF_A_CRITERION
def test_one_quantity_at_its_limit_contradicts_the_claim(claim, criterion):
    far = criterion.contradicts
    sign = 1 if criterion.at_most is None else -1
    if far is None:  # then nothing does
        far = -sign * math.inf
        assert claim.verdict(at_the_bounds(claim, **{criterion.quantity: far})) == missed(claim)
        return
    assert sign * far < sign * bound(criterion)  # there is room for "partly" in between
    for value in (far, worse(criterion, far)):
        tampered = at_the_bounds(claim, **{criterion.quantity: value})
        assert claim.verdict(tampered) == words(claim)["contradicted"]
    just_short = at_the_bounds(claim, **{criterion.quantity: math.nextafter(far, bound(criterion))})
    assert claim.verdict(just_short) == missed(claim)


@OF_A_CLAIM
def test_a_claim_of_which_nothing_holds_is_not_reproduced(claim):
    just_missed = {c.quantity: worse(c, bound(c)) for c in claim.criteria}
    assert claim.verdict(just_missed) == words(claim)["not reproduced"]
    far_off = {c.quantity: -1e9 if c.at_most is None else 1e9 for c in claim.criteria}
    contradicts = any(c.contradicts is not None for c in claim.criteria)
    expected = "contradicted" if contradicts else "not reproduced"
    assert claim.verdict(far_off) == words(claim)[expected]


@OF_A_CRITERION
def test_what_is_not_a_number_neither_holds_nor_contradicts(claim, criterion):
    assert not criterion.holds(math.nan)
    assert not criterion.contradicted(math.nan)
    assert claim.verdict(at_the_bounds(claim, **{criterion.quantity: math.nan})) == missed(claim)


def test_a_criterion_has_one_bound():
    for bounds in ({}, {"at_least": 1, "at_most": 2}):
        with pytest.raises(ValueError, match="share: needs one of at_least and at_most"):
            Criterion(quantity="share", reason="none", **bounds)


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


def test_a_result_of_other_code_counts_as_not_yet_measured(monkeypatch):
    recorded = record("C8", seeds=20, share_near_zero=1)
    assert recorded in results()
    monkeypatch.setattr(claims, "_code", lambda: "other")
    (found,) = (result for result in results() if result.id == "C8")
    assert (found.verdict, found.measured, found.seeds) == ("not yet measured", {}, 0)


@pytest.mark.parametrize("name", ["task.py", "surveys.py", "claims.toml"])
def test_any_change_of_the_package_or_of_the_claims_is_other_code(monkeypatch, tmp_path, name):
    package = shutil.copytree(Path(claims.__file__).parent, tmp_path / "grokutils")
    code = claims._code.__wrapped__
    before = code()
    monkeypatch.setattr(claims, "__file__", str(package / "claims.py"))
    assert code() == before
    with (package / name).open("a") as source:
        source.write("\n")
    assert code() != before


def test_a_result_shows_each_quantity_beside_its_bound():
    shown = record("C8", seeds=20, share_near_zero=0.25)._repr_html_()
    assert "C8: not reproduced" in shown
    assert "over 20 seeds" in shown
    row = [cell.partition("</td>")[0] for cell in shown.split("<td>")[1:5]]
    assert row == ["share_near_zero", "0.25", "≥ 0.5", "no"]


def test_a_claim_not_yet_measured_can_be_shown():
    for result in results():
        assert "not yet measured" in result._repr_html_()
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


def test_the_command_prints_a_list_of_claims():
    root = Path(claims.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-m", "grokutils.claims"],
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    card = json.loads(done.stdout)
    assert [entry["id"] for entry in card] == list(CLAIMS)
    for entry in card:
        assert {"id", "statement", "measured", "seeds", "threshold", "verdict"} <= set(entry)
        assert entry["verdict"] in KINDS[entry["kind"]]
        assert len(entry["threshold"]) == len(CLAIMS[entry["id"]].criteria)
