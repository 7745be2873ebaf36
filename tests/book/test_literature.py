"""The reading map: every work has a reference and a home, and the filter finds it."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import literature
import pytest

from experiments import claims

ROOT = Path(__file__).parents[2]
MAP = literature.read()
WORKS = MAP["works"]
LATER = {claim for claim in claims.CLAIMS if claim[0] == "S"}  # on works after the paper
every_work = pytest.mark.parametrize("key", WORKS)


def sources():
    """Text of every page of the book, by its path without the suffix."""
    found = {}
    for path in [*ROOT.glob("chapters/*.md"), *ROOT.glob("course/*.md")]:
        found[path.relative_to(ROOT).with_suffix("")] = path.read_text(encoding="utf-8")
    for path in ROOT.glob("chapters/*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        prose = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
        found[path.relative_to(ROOT).with_suffix("")] = "\n".join(prose)
    return found


PAGES = sources()
LABELS = {label for text in PAGES.values() for label in re.findall(r"^\(([\w-]+)\)=$", text, re.M)}


def test_the_references_are_those_of_the_map_and_those_that_pages_cite():
    cited = {
        key
        for text in PAGES.values()
        for keys in re.findall(r"\{cite:\w+\}`([^`]+)`", text)
        for key in keys.split(",")
    }
    assert set(WORKS) <= set(literature.references())
    assert set(literature.references()) == set(WORKS) | cited


def test_no_work_is_listed_under_two_keys():
    places = [literature.references()[key].fields["url"] for key in WORKS]
    assert len(set(places)) == len(places)


@every_work
def test_a_reference_is_complete_and_its_link_has_its_number(key):
    entry = literature.references()[key]
    assert entry.persons["author"]
    if "howpublished" in entry.fields:  # in the web alone
        assert entry.fields["url"].startswith("https://")
        return
    assert entry.fields["url"] == f"https://arxiv.org/abs/{entry.fields['eprint']}"
    # A number begins with year and month; publication follows.
    assert 2000 + int(entry.fields["eprint"][:2]) <= int(entry.fields["year"])


@every_work
def test_a_work_says_what_it_is_about_and_how_sure_we_are(key):
    work = WORKS[key]
    assert work["question"] in MAP["questions"]
    assert set(work["tasks"]) <= set(MAP["tasks"])
    assert len(work["adds"]) > 40
    assert work["read"] in literature.READ
    assert "checked" in work
    fields = {"question", "tasks", "adds", "claims", "home", "note", "read", "checked"}
    assert set(work) <= fields


@every_work
def test_a_work_has_a_home_or_a_reason(key):
    work = WORKS[key]
    assert set(work.get("claims", [])) <= set(claims.CLAIMS)
    assert set(work.get("home", [])) <= LABELS
    if literature.state(work) in ("partly", "reason"):
        assert len(work["note"]) > 20


@every_work
def test_what_the_book_tests_is_not_called_untested(key):
    labels = {f"claim-{claim.lower()}" for claim in literature.pending(WORKS[key])}
    assert not labels & LABELS


@every_work
def test_links_lead_somewhere(key):
    text = literature.as_markdown(key, WORKS[key])
    assert set(re.findall(r"\{ref\}`(?:[^`<]+<)?([\w-]+)>?`", text)) <= LABELS
    for page in re.findall(r"\{doc\}`([^`]+)`", text):
        assert Path("chapters") / page in PAGES


def test_every_later_claim_has_a_work():
    assert {claim for work in WORKS.values() for claim in work.get("claims", [])} >= LATER


def test_the_page_has_a_section_for_each_question():
    sections = re.findall(
        r"^## (.+)\n\n```\{literature\} (\w+)\n```$", PAGES[Path(literature.PAGE)], re.M
    )
    assert [(text, name) for name, text in MAP["questions"].items()] == sections


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        ({"note": "no"}, "reason"),
        ({"claims": ["S1"]}, "planned"),
        ({"claims": ["S1"], "home": ["claim-c3"]}, "partly"),
        ({"claims": ["S1"], "home": ["claim-s1"]}, "tested"),
        ({"claims": ["S1", "S2"], "home": ["claim-s1"]}, "partly"),
        ({"home": ["claim-c3"]}, "tested"),
    ],
)
def test_a_work_is_tested_once_its_claims_have_a_section(work, expected):
    assert literature.state(work) == expected


def test_a_work_has_the_finding_on_its_claims_once_they_are_measured(monkeypatch):
    key = "lyu2024dichotomy"

    def shown(**of):
        kept = SimpleNamespace(id="S1", finding="It waits.", count="6 of 8", measured={})
        vars(kept).update(of)
        monkeypatch.setattr(literature, "results", lambda: {"S1": kept})
        return literature.as_markdown(key, WORKS[key])

    assert "**Found, S1:** It waits. (6 of 8 parts hold)" in shown(measured={"slope_off": 0.1})
    assert "Found" not in shown()
    assert "Found" not in shown(measured={"slope_off": 0.1}, finding="")
    works = {"claims": ["S1"], "home": ["claim-c3"]}  # tested elsewhere than under its label
    assert literature.found(works) == ""


def test_a_work_of_which_the_abstract_alone_was_read_says_so_beside_its_claims():
    for work in WORKS.values():
        if work.get("claims") and work["read"] == "abstract":
            assert "abstract" in work["note"]


def test_a_reference_that_could_not_be_checked_says_so():
    key, work = next(iter(WORKS.items()))
    assert "not checked" not in literature.as_markdown(key, work)
    assert "not checked" in literature.as_markdown(key, work | {"checked": ""})


def test_the_filter_leaves_the_works_that_meet_every_choice(chromium):
    tab = chromium.new_page()
    tab.set_content(
        f"""{literature.controls()}
        <section><ul class="works">
        <li class="question-delay task-parity state-planned">a</li>
        <li class="question-delay task-vision state-planned">b</li></ul></section>
        <section><ul class="works"><li class="question-data task-none state-reason">c</li></ul>
        </section>"""
    )
    form = tab.locator("form")
    assert form.is_hidden()
    tab.add_script_tag(path=ROOT / "assets" / "literature.js")

    def choose(**choices):
        for label, option in choices.items():
            tab.get_by_label(label.replace("_", " ")).select_option(option)
        seen = tab.locator("li:visible").all_inner_texts()
        assert tab.locator("output").inner_text() == f"{len(seen)} of 3 works"
        return seen

    assert form.is_visible()
    assert choose() == ["a", "b", "c"]
    assert choose(Question=MAP["questions"]["delay"]) == ["a", "b"]
    assert tab.locator("section:visible").count() == 1
    assert choose(Kind_of_task=MAP["tasks"]["parity"]) == ["a"]
    assert choose(In_this_book=literature.STATES["reason"]) == []
    tab.get_by_role("button", name="Show all").click()
    tab.wait_for_function("document.querySelectorAll('li[hidden]').length === 0")
    assert choose(Kind_of_task="none of its own") == ["c"]
    tab.close()
