"""What the texts say of how many claims there are is what the registry holds."""

import json
import re

import pytest

from experiments.registry import CLAIMS
from grokutils.store.paths import ROOT

LAST = {letter: max(int(i[1:].strip("abc")) for i in CLAIMS if i[0] == letter) for letter in "CS"}
# All claims of a letter, from the first on; and a number typed of those of later papers.
RANGE = re.compile(r"\b([CS])1 (?:to|…|–|through) (?:[CS])?(\d+)\b")
COUNT = re.compile(r"\b(\w+ty|\w+teen|\w+-\w+|\d+) claims[ ,(]+(?:of\s+later papers|S1)")


def texts():
    """Return what is written for readers, by file: Markdown, and the Markdown of notebooks."""
    found = {}
    for path in sorted(ROOT.glob("*.md")) + sorted((ROOT / "course").rglob("*.md")):
        found[path] = path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        markdown = ("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
        found[path] = "\n\n".join(markdown)
    return {str(path.relative_to(ROOT)): text for path, text in found.items()}


TEXTS = texts()
RANGES = [(n, *m.groups()) for n, text in TEXTS.items() for m in RANGE.finditer(text)]
COUNTS = [(name, m[1]) for name, text in TEXTS.items() for m in COUNT.finditer(text)]


@pytest.mark.parametrize(("name", "letter", "last"), RANGES)
def test_a_range_of_claims_ends_with_the_last_of_the_registry(name, letter, last):
    assert int(last) == LAST[letter], name


def test_no_text_types_how_many_claims_of_later_papers_there_are():
    assert COUNT.search("puts twenty claims of\nlater papers to the test")
    assert COUNTS == []  # S5 and S10 are several, so the last number is not the count


def test_the_places_that_list_all_claims_are_found():
    listing = {"README.md", "course/glossary.md", "course/notation.md"}
    listing |= {"chapters/explanations.ipynb", "chapters/scorecard.ipynb"}
    assert {name for name, *_ in RANGES} >= listing
    assert LAST == {"C": 17, "S": 20}


def test_every_claim_is_among_the_explanations_or_said_not_to_be():
    cells = json.loads((ROOT / "chapters/explanations.ipynb").read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    code = "\n".join(source for source in sources if source.startswith("EXPLANATIONS "))
    laid = re.findall(r'"([CS]\d+[abc]?)"', code)
    assert len(laid) == len(set(laid))  # each bears on one explanation
    (said,) = re.findall(r"([^.]*) say what there is to explain", "\n".join(sources))
    said = re.sub(r"([CS])(\d+) to [CS]?(\d+)", _each, said)
    theirs = {id_ for id_ in CLAIMS if id_[0] in "CS"}  # what we foretold explains nothing yet
    assert set(laid) | set(re.findall(r"[CS]\d+", said)) == theirs
    assert not set(laid) & set(re.findall(r"[CS]\d+", said))


def _each(match):
    letter, first, last = match.groups()
    return " ".join(f"{letter}{number}" for number in range(int(first), int(last) + 1))
