"""The questions of the part on later papers: each later claim is on one page, in order."""

import ast
import dataclasses
import json

from bs4 import BeautifulSoup

from experiments.questions import asked
from experiments.registry import CLAIMS
from grokutils.store.paths import ROOT

PART = range(14, 31)  # the numbers of its pages


def laid_out():
    """Return the questions that the page lays out, by page, without their headings."""
    text = (ROOT / "chapters/since.ipynb").read_text(encoding="utf-8")
    sources = ("".join(cell["source"]) for cell in json.loads(text)["cells"])
    (code,) = (source for source in sources if source.startswith("QUESTIONS "))
    pages = ast.literal_eval(code.partition("=")[2].strip()).values()
    return {page: question for of in pages for page, question in of.items()}


def rows(questions, results):
    table = BeautifulSoup(asked(questions, results), "html.parser")
    return table, [[cell.text for cell in row.find_all(["th", "td"])] for row in table.select("tr")]


def at(result, page):
    return dataclasses.replace(result, claim=dataclasses.replace(result.claim, chapter=page))


def test_a_row_has_a_question_with_its_page_and_the_words_of_its_claims(result):
    held = at(result("C8", share_near_zero=0.9), "20_a")
    failed = at(result("C8", share_near_zero=0.2), "20_a")
    elsewhere = at(result("C8", share_near_zero=0.2), "22_c")
    questions = {"One": {"20_a": "Does <it>?"}, "Two": {"21_b": "Why?"}}
    table, found = rows(questions, [held, failed, held, held, elsewhere])
    words = "C8 ✔ reproduced; C8 ✘ not reproduced; C8, C8 ✔ reproduced"
    assert found[1:] == [["One"], ["Does <it>?", words], ["Two"], ["Why?", "–"]]
    links = [link["href"] for link in table.select("a")]
    assert links == ["20_a.html", *["20_a.html#claim-c8"] * 4, "21_b.html"]


def test_many_neighbours_of_one_verdict_are_said_by_the_first_and_the_last(result):
    results = [at(result(f"L{number}"), "18_law") for number in range(1, 6)]
    table, found = rows({"One": {"18_law": "Foretold?"}}, results)
    assert found[-1] == ["Foretold?", "L1 to L5 … not yet measured"]
    assert len(table.select("a")) == 1  # what is not measured has no place to lead to


def test_the_page_asks_a_question_of_each_page_of_the_part_in_its_order():
    pages = sorted(path.stem for path in (ROOT / "chapters").glob("[0-9][0-9]_*.ipynb"))
    assert list(laid_out()) == [page for page in pages if int(page[:2]) in PART]


def test_each_claim_that_is_not_of_the_paper_is_on_a_page_of_the_part():
    later = {claim.chapter for claim in CLAIMS.values() if claim.kind != "paper"}
    assert later <= set(laid_out())
    assert len(later) > 12  # or the pages were not cut
