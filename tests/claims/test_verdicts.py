"""The scorecard and a judged claim: what is seen is what was measured."""

import pytest
from bs4 import BeautifulSoup

from experiments import verdicts
from experiments.claims import HERE, VERDICTS


def test_a_claim_shows_each_quantity_beside_its_bound(result):
    shown = verdicts.judged(result("C8", "not reproduced", share_near_zero=0.25))
    soup = BeautifulSoup(shown, "html.parser")
    assert "C8: ✘ not reproduced over 20 seeds." in soup.p.text
    cells = [cell.text for cell in soup.select("tbody tr *")]
    assert cells[:4] == ["share near zero", "0.25", "≥ 0.5", "no"]


def test_a_quantity_without_end_is_no_event_that_never_comes(result):
    shown = verdicts.judged(result("C8", "reproduced", share_near_zero=float("inf")))
    assert "∞" in shown
    assert "never" not in BeautifulSoup(shown, "html.parser").tbody.text


def test_a_claim_not_yet_measured_can_be_shown(result):
    shown = verdicts.judged(result("C8", "not yet measured", seeds=0))
    assert "not yet measured" in shown
    assert "<table" not in shown


@pytest.mark.parametrize("verdict", [*VERDICTS, *HERE])
def test_every_verdict_has_a_sign_and_a_colour(verdict):
    assert verdicts.SIGN[verdict] in verdicts.SIGNS
    assert verdicts.GRADE[verdict] in verdicts.GRADES


def test_the_matrix_has_a_tile_a_claim_which_links_to_what_was_measured(result):
    results = [result("C8", "not reproduced", share_near_zero=0.25)]
    results.append(result("S8", "not yet measured", seeds=0))
    soup = BeautifulSoup(verdicts.matrix(results), "html.parser")
    paper, later = soup.select("li")
    assert paper.a["href"] == "03_norm_dynamics.html#claim-c8"
    assert "✘ not reproduced · 20\N{NO-BREAK SPACE}seeds" in paper.text
    assert later.a is None
    assert "not yet measured" in later.text
    assert "<a" not in verdicts.matrix(results, links=False)


def test_the_details_have_the_same_claims_as_the_matrix(result):
    results = [
        result("C8", "not reproduced", share_near_zero=0.25),
        result("C9", "partly", seeds=0),
    ]
    folds = BeautifulSoup(verdicts.details(results), "html.parser").select("summary")
    assert [fold.text.partition(":")[0] for fold in folds] == ["C8", "C9"]
