"""The scorecard and a judged claim: what is seen is what was measured."""

import math

import pytest
from bs4 import BeautifulSoup

from experiments import claims, registry, verdicts
from experiments.measured import Measured, Reading, not_run
from experiments.registry import FORETOLD, HERE, OF_PARTS, VERDICTS


def seen(html):
    return BeautifulSoup(html, "html.parser")


def test_a_claim_shows_finding_and_each_quantity_beside_its_bound_in_both_draws(result):
    soup = seen(verdicts.judged(result("C8", first={"share_near_zero": 0.5}, share_near_zero=0.25)))
    said = "C8: ✘ not reproduced · 0 of 1 parts · 20\N{NO-BREAK SPACE}seeds. Found."
    assert soup.p.text == said
    role, row = soup.select("tbody tr")
    assert role.text == "what its source leads with"
    head, quantity, *numbers = row.find_all(["th", "td"])
    assert head.text.startswith("✘ At least half of the neurons end")
    assert quantity.text.startswith("share near zero")
    assert [cell.text for cell in numbers] == ["0.25", "≥ 0.5", "✔ 0.5"]  # for it turned


def test_a_censored_number_is_shown_with_its_word_and_the_runs_that_decide_it(result):
    shown = result("C8", share_near_zero=Measured(0.75, 6, Reading.AT_LEAST))
    cell = seen(verdicts.parts(shown)).select_one("tbody td:nth-of-type(2)")
    assert cell.text == "at least 0.75 over 6 runs"
    assert "follow them longer" in cell.span["title"]
    shown = seen(verdicts.parts(result("C8", share_near_zero=math.nan)))
    assert "not judged" in shown.th.find_next("th", scope="row").text


def test_what_was_foretold_shows_its_bounds_before_it_is_run(result):
    claim = registry.CLAIMS["L8"]
    draws = {"fresh": claims.Draw(not_run(*(c.quantity for c in claim.criteria)), 0)}
    soup = seen(verdicts.judged(claims.Result(claim, draws)))
    assert soup.p.text == "L8: … not yet measured. Found."
    cells = [[cell.text for cell in row.find_all("td")][1:] for row in soup.select("tbody tr")]
    assert [row for row in cells if row] == [
        ["not run over 0 runs", "≤ 1.5"],
        ["not run over 0 runs", "≤ 0"],
    ]
    tile = seen(verdicts.matrix([claims.Result(claim, draws)]))
    assert tile.p.text == "What this book foretold"
    assert tile.small.text == "This book"
    assert verdicts.changed_words([claims.Result(claim, draws)]).empty


def test_a_claim_not_yet_measured_can_be_shown(result):
    shown = verdicts.judged(result("C8"))
    assert "not yet measured" in shown
    assert "<table" not in shown


@pytest.mark.parametrize("verdict", [*VERDICTS, *HERE, *FORETOLD, *OF_PARTS])
def test_every_verdict_has_a_sign(verdict):
    assert verdicts.SIGN[verdict] in verdicts.SIGNS
    assert verdict in OF_PARTS or verdicts.GRADE[verdict] in verdicts.GRADES


def test_the_matrix_has_a_tile_a_claim_which_links_to_what_was_measured_and_to_its_paper(result):
    results = [result("C8", share_near_zero=0.25), result("S12")]
    paper, later = seen(verdicts.matrix(results)).select("li")
    assert paper.a["href"] == "03_norms.html#claim-c8"
    assert "✘ not reproduced · 0 of 1 parts · 20\N{NO-BREAK SPACE}seeds" in paper.text
    assert paper.em.text == "Found."
    assert paper.small.a["href"] == "https://arxiv.org/abs/2303.11873"
    assert paper.small.text == "Merrill, Tsilivis & Shukla, 2023"
    assert later.strong.a is None
    assert later.small.text == "Yunis et al., 2024"
    assert "not yet measured" in later.text
    assert "<a" not in verdicts.matrix(results, links=False)


def test_the_details_have_the_same_claims_as_the_matrix(result):
    results = [result("C8", share_near_zero=0.25), result("C9")]
    folds = seen(verdicts.details(results)).select("summary")
    assert [fold.text.partition(":")[0] for fold in folds] == ["C8", "C9"]


def test_the_words_that_changed_are_those_of_measured_claims_that_had_another(result):
    results = [result("C8", share_near_zero=0.9), result("C9"), result("C8", share_near_zero=0.2)]
    found = verdicts.changed_words(results)
    assert found.values.tolist() == [["C8", "not reproduced", "reproduced", "1 of 1"]]


def test_both_draws_of_a_part_stand_beside_each_other_if_both_judge_it(result):
    results = [
        result("C8", first={"share_near_zero": 0.5}, share_near_zero=0.25),
        result("C9", first={"share_6_to_8": 0.5}, share_6_to_8=0.75, distance_of_median=0),
        result("C10", share_dnf=0.5),
    ]
    found = verdicts.both_draws(results)
    assert found[["claim", "first", "second"]].values.tolist() == [
        ["C8", "holds", "does not hold"],
        ["C9", "holds", "holds"],
    ]
