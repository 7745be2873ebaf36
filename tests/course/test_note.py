"""The note says what was found and no more, and holds together with page, registry, references."""

import json
import re
from types import SimpleNamespace

import pytest

from course.build import book, note
from experiments import claims
from experiments.measured import Measured, not_run
from experiments.registry import CLAIMS

TEXT = note.SOURCE.read_text(encoding="utf-8")
OURS = [claim for claim in CLAIMS.values() if claim.id[0] == "L"]


def results(*run):
    """Results of the law's claims, of which some are run and just meet their bounds."""
    found = []
    for claim in OURS:
        quantities = [c.quantity for c in claim.criteria]
        ends = [c.at_least if c.at_most is None else c.at_most for c in claim.criteria]
        done = claim.id in run
        measured = dict(zip(quantities, ends, strict=True)) if done else not_run(*quantities)
        draw = claims.Draw({q: Measured.of(v) for q, v in measured.items()}, 20 if done else 0)
        found.append(claims.Result(claim, {"fresh": draw}))
    return found


@pytest.fixture
def printed(monkeypatch):
    """Return a function that makes the note of a rendered page with some claims run."""
    numbers = {of: set(re.findall(rf"\{{{of}\.(\w+)", TEXT)) for of in ("law", "why")}
    monkeypatch.setattr(book, "embedded", lambda label: f"<img><figcaption>{label}</figcaption>")

    def document(*run):
        glued = {of: SimpleNamespace(**dict.fromkeys(keys, 1.0)) for of, keys in numbers.items()}
        known = book.Numbers(glued)
        monkeypatch.setattr(book, "numbers", lambda: known)
        monkeypatch.setattr(claims, "results", lambda: results(*run))
        return note.document()

    return document


def test_before_the_runs_it_says_so_and_shows_each_part_with_its_bound(printed):
    page = printed()
    assert "None of the runs that judge it has been made" in page
    assert "Its runs are still to be made." in page
    assert page.count("… not run</td>") == sum(len(claim.criteria) for claim in OURS)
    assert not re.search(r"\{\w", page.partition("</style>")[2])


def test_what_came_is_counted_by_its_words(printed):
    page = printed("L1", "L8")
    assert "2 are run" in page
    assert "Of 2 claims that were run: 2 came as foretold." in page
    assert page.count("<td>✔ came as foretold</td>") == 2
    page = printed(*(claim.id for claim in OURS))
    assert "registered prediction" not in page
    assert f"Of {len(OURS)} claims that were run: {len(OURS)} came as foretold." in page


def test_what_is_cited_is_listed_once_in_the_form_that_is_asked_for(printed):
    page = printed()
    keys = {key.strip("()") for key in re.findall(r"\{cite\[(.+?)\]\}", TEXT)}
    assert page.partition("References</h2>")[2].count("<li>") == len(keys) > 5
    assert "proved to need (Kou et al., 2024)." in page
    assert "As in Merrill et al. (2023), a network" in page
    with pytest.raises(KeyError):
        note.Cited()["nobody2020"]


def test_its_figures_and_numbers_are_the_pages():
    pages = {
        of: (book.ROOT / "chapters" / name).read_text(encoding="utf-8")
        for of, name in (("law", "18_law.ipynb"), ("why", "19_why.ipynb"))
    }
    cells = json.loads(pages["law"])["cells"]
    named = {c["metadata"].get("mystnb", {}).get("figure", {}).get("name") for c in cells}
    labels = [label for _, label in note.FIGURE.findall(TEXT)]
    assert len(labels) == 2
    assert {*labels} <= named
    for of, number in re.findall(r"\{(law|why)\.(\w+)", TEXT):
        stem, _, _ = number.rpartition("_")
        assert re.search(rf'\b{number}=|f\\"{stem}_\{{', pages[of]), number


def test_a_figure_has_the_notes_caption_and_its_place_in_the_book(printed):
    assert "<figcaption><strong>Figure 1.</strong> Median delay" in printed()
    assert "(fig-line.)</figcaption>" in printed()
