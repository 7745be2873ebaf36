"""What speaks for and against an explanation are the parts that its sources lead with."""

import pandas as pd

from experiments.claims import Result
from experiments.explanations import Pair, decided, folds, weighed
from experiments.registry import CLAIMS


def test_parts_are_counted_and_named_with_their_numbers_whatever_the_word_of_their_claim(result):
    results = [
        # One that contradicts, one that does not hold, one that does, one that has no number.
        result("C7", share_different=0.1, share_died_out=0.7, growth_of_final=4.0),
        result("S12"),
    ]
    found = weighed(results)
    assert found["hold"] == "1 of 3"
    (good,) = found["speaks for"]
    assert good == "The last leader grows to several times its norm at memorization (C7: 4)"
    against = [said.rpartition("(")[2] for said in found["speaks against"]]
    assert against == ["C7: 0.1)", "C7: 0.7)"]
    assert len(found["not judged"]) == 4  # one of C7's, and three of what was not measured
    assert found["ours"] == "0 of 0"


def test_a_control_of_ours_speaks_neither_for_nor_against(result):
    found = weighed([result("C6", delay_ratio_clamped=1.75, delay_ratio_enlarged=1.1)])
    assert found["hold"] == "1 of 1"
    assert found["speaks against"] == []
    assert found["ours"] == "0 of 1"


def test_each_part_stands_in_the_fold_of_its_explanation_with_its_sign(result):
    one = weighed([result("C7", share_different=0.1, share_died_out=0.7, growth_of_final=4.0)])
    found = folds(pd.DataFrame({"a < b": one}).T)
    assert found.startswith("<details><summary>a &lt; b: 1 of 3</summary>")
    assert [found.count(f"<li>{sign} ") for sign in "✔✘…"] == [1, 2, 1]


def test_a_quantity_speaks_for_one_for_the_other_or_for_neither_by_its_bounds(result):
    between = [
        Pair("is it the norm?", "ticket", "norm", "S11", "over_same_norm"),
        Pair("is it a start?", "start", "answer", "S11", "over_columns"),
        Pair("is it the pattern?", "start", "pattern", "S11", "over_fresh"),  # no far bound
        Pair("is decay needed?", "kernels", "decay", "S2", "share_generalized_without_decay"),
    ]
    tickets = result("S11", over_same_norm=1.9, over_columns=0.5, over_fresh=0.5)
    found = decided(between, [tickets, result("S2", delay_of_the_rich=0)])  # and no share
    assert found["speaks for"].tolist() == ["neither", "answer", "neither", "neither"]
    tickets = result("S11", over_same_norm=2.0, over_columns=1.25, over_fresh=2.0)
    found = decided(between[:3], [tickets])
    assert found["speaks for"].tolist() == ["ticket", "start", "start"]
    assert found["measured"].tolist() == ["2", "1.25", "2"]
    assert found["what decides"].iloc[1].startswith("S11: The ticket beats random neurons")


def test_what_was_not_measured_decides_nothing():
    nothing = Result(CLAIMS["S11"], {})
    pair = Pair("is it the norm?", "ticket", "norm", "S11", "over_same_norm")
    found = decided([pair], [nothing]).iloc[0]
    assert (found["measured"], found["speaks for"]) == ("", "not measured in this build")
