"""What is recorded of a claim is read back, judged anew, and fits what was asked for."""

import dataclasses
import json
import math
from pathlib import Path

import jsonschema
import pandas as pd
import pytest
from edges import OF_A_CLAIM, at_the_bounds, bound, words, worse

from experiments import claims, stored
from experiments.claims import Draw, judge, record, results
from experiments.measured import Measured, Reading, not_run
from experiments.registry import CLAIMS

SCHEMA = json.loads(Path(claims.__file__).with_name("scorecard.schema.json").read_text("utf-8"))


@OF_A_CLAIM
def test_what_is_recorded_is_read_back_with_its_verdict(claim):
    measured = at_the_bounds(claim)
    first = {name: Measured(math.nan, 0, Reading.NOT_RUN) for name in measured}
    few = claim.least_seeds
    kept = record(claim.id, first=Draw(first, few + 1), second=Draw(measured, few))
    every = {result.id: result for result in results()}
    found = every.pop(claim.id)
    assert found.draws["second"] == kept.draws["second"]  # of NaN none is another
    assert found.measured == measured
    assert found.seeds == few
    assert found.verdict == words(claim)["reproduced"]
    assert {value.reading for value in found.draws["first"].measured.values()} == {Reading.NOT_RUN}
    assert {result.verdict for result in every.values()} == {"not yet measured"}


@OF_A_CLAIM
def test_a_tampered_result_on_disk_changes_the_verdict(claim):
    record(claim.id, second=Draw(at_the_bounds(claim), 1000))
    (path,) = claims.LOCATION.glob("*.json")
    for part in claim.parts:
        stored = json.loads(path.read_text(encoding="utf-8"))
        for criterion in part.criteria:
            value = worse(criterion, bound(criterion))
            stored["draws"]["second"]["measured"][criterion.quantity] = [value, None, "NUMBER"]
        path.write_text(json.dumps(stored), encoding="utf-8")
        (found,) = (result for result in results() if result.id == claim.id)
        assert found.verdicts["second"][part.name] == "does not hold"


def test_the_last_record_of_a_claim_counts_and_the_last_draw_decides():
    record("C8", second=Draw({"share_near_zero": 0.0}, 20))
    first, second = Draw({"share_near_zero": 0.1}, 25), Draw({"share_near_zero": 0.6}, 30)
    record("C8", first=first, second=second)
    (found,) = (result for result in results() if result.id == "C8")
    assert (found.verdict, found.seeds, found.count) == ("reproduced", 30, "1 of 1")
    assert found.turned == ["most_near_zero"]
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
        record(claim_id, second=Draw(measured, seeds))
    assert not claims.LOCATION.exists()


def test_a_finding_that_is_no_more_so_is_refused(monkeypatch):
    said = {"finding": "{share_near_zero:.2f} of them.", "relies": (("most_near_zero", "holds"),)}
    monkeypatch.setitem(CLAIMS, "C8", dataclasses.replace(CLAIMS["C8"], **said))
    assert record("C8", second=Draw({"share_near_zero": 0.75}, 20)).finding == "0.75 of them."
    with pytest.raises(ValueError, match=r"C8: .* relies on most_near_zero does not hold, not hol"):
        record("C8", second=Draw({"share_near_zero": 0.25}, 20))


def test_a_claim_is_judged_on_both_draws_and_the_choice_is_made_on_the_first(monkeypatch):
    seeds = [*range(1000, 1020), *range(2000, 2020)]
    rows = pd.DataFrame({"seed": seeds, "value": [0.25] * 20 + [0.75] * 20})
    monkeypatch.setattr(stored, "read", lambda path: rows)
    monkeypatch.setattr(stored, "arguments", lambda name: ["seed"])
    monkeypatch.setattr(stored, "complete", lambda name, draw: whole or draw == "first")
    seen, whole = [], True

    def decide(table, chosen_on, scale):
        seen.append((table["value"].mean(), chosen_on[0]["value"].mean()))
        return {"share_near_zero": scale * table["value"].mean()}

    found = judge("C8", decide, "anything", scale=1)
    assert seen == [(0.25, 0.25), (0.75, 0.25)]
    assert {name: draw.seeds for name, draw in found.draws.items()} == {"first": 20, "second": 20}
    assert found.measured == {"share_near_zero": 0.75}
    whole = False
    found = judge("C8", decide, "anything", scale=1)  # the second draw is still being made
    assert (list(found.draws), found.measured) == (["first"], {"share_near_zero": 0.25})


def test_what_was_foretold_is_not_run_until_all_of_its_fresh_runs_are_made(monkeypatch):
    rows = pd.DataFrame({"seed": range(4000, 4020)})
    monkeypatch.setattr(stored, "read", lambda path: rows)
    monkeypatch.setattr(stored, "arguments", lambda name: ["seed"])
    whole = set()
    monkeypatch.setattr(stored, "complete", lambda name, draw: name in whole)
    good = at_the_bounds(CLAIMS["L8"])

    def decide(*tables):
        assert all(len(table) == 20 for table in tables)
        return good

    whole.add("there")
    found = judge("L8", decide, "there", "half")
    assert (found.verdict, found.seeds, found.count) == ("not yet measured", 0, "0 of 0")
    assert {value.reading for value in found.measured.values()} == {Reading.NOT_RUN}
    assert repr(found) in map(repr, results())  # of NaN none equals another
    found = judge("L8", decide, "there", "there")
    assert (found.verdict, found.seeds) == ("came as foretold", 20)
    assert list(found.draws) == ["fresh"]
    assert found in results()


def test_the_seeds_of_a_table_are_those_that_each_setting_has(monkeypatch):
    rows = pd.DataFrame({"seed": [0, 1, 2, 0, 1], "width": [1, 1, 1, 2, 2]})
    monkeypatch.setattr(stored, "arguments", lambda name: ["width", "seed"])
    assert stored.seeds_of("any", rows) == 2


def test_a_claim_not_yet_measured_can_be_shown():
    for result in results():
        assert "not yet measured" in repr(result)


def test_the_scorecard_as_json_has_the_shape_that_is_written_down():
    record("C8", second=Draw({"share_near_zero": math.nan}, 20))
    at_least = Measured(2.0, 12, Reading.AT_LEAST)
    both = {"share_6_to_8": at_least, "distance_of_median": math.inf}
    record("C9", first=Draw(both, 500), second=Draw(both, 600))
    record("L8", fresh=Draw(not_run(*at_the_bounds(CLAIMS["L8"])), 0))

    def unknown(constant):
        raise AssertionError(f"{constant} is not JSON")

    found = json.loads(claims.as_json(), parse_constant=unknown)
    jsonschema.validate(found, SCHEMA)
    card = {entry["id"]: entry for entry in found}
    assert list(card) == list(CLAIMS)
    assert card["C8"]["measured"] == {"share_near_zero": None}
    assert card["C8"]["verdict"] == "not yet measured"
    assert card["C9"]["measured"] == {"share_6_to_8": 2.0, "distance_of_median": None}
    assert card["C9"]["verdict"] == card["C9"]["draws"]["first"]["verdict"] == "partly"
    assert card["L8"]["draws"]["fresh"]["seeds"] == card["L8"]["seeds"] == 0
    assert {c["reading"] for part in card["L8"]["parts"] for c in part["criteria"]} == {"not run"}
    one, other = card["C9"]["parts"]
    assert (one["verdict"], one["seeds"], one["criteria"][0]["reading"]) == (
        "holds",
        12,
        "at least",
    )
    assert (other["verdict"], other["criteria"][0]["reading"]) == ("does not hold", "never")
    del found[0]["parts"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(found, SCHEMA)
