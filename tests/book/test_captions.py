"""A caption or an alternative text follows the chapter's seeds: no number of them is typed."""

import json
import re
from pathlib import Path

import pytest

CHAPTERS = sorted((Path(__file__).parents[2] / "chapters").glob("[0-9]*.ipynb"))
WORDS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve"]
WORDS += ["fifteen", "twenty", "thirty", "forty", "fifty", "hundred"]
COUNTED = r"(?:seeds?|runs?|networks?|training sets)"
# "20 seeds", "the first five seeds", "Twenty rows, one a seed", "100 runs", but not "of seed 0".
TYPED = re.compile(
    rf"(?<![\d.])\b(?:\d+|{'|'.join(WORDS)})(?: [a-z]+)? {COUNTED}\b|"
    rf"(?<![\d.])\b(?:\d+|{'|'.join(WORDS)}) [\w ]+, one (?:a|for each) {COUNTED}\b",
    re.IGNORECASE,
)
GLUED = re.compile(r"{glue:text}`(\w+)(?::[^`]*)?`")
# What shows as many seeds as a figure of the paper does, whatever the chapter's own number is;
# and what counts no seeds.
ALLOWED = {
    "fig-training": "five seeds, as in Fig. 2 of the paper",
    "tab-events": "five seeds, as in Fig. 2 of the paper",
    "fig-faithful": "five seeds, as in Fig. 3 of the paper",
    "fig-answers-by-step": "one network for each of the two operators",
    "fig-rounding": "two runs that differ by a rounding are compared",
}


def cells(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def texts(path):
    """Return (name of the figure, its caption or alternative text) of all of a chapter."""
    found = []
    for cell in cells(path):
        look = cell["metadata"].get("mystnb", {})
        figure = look.get("figure", {})
        of = figure.get("caption", ""), look.get("image", {}).get("alt", "")
        found += [(figure.get("name"), text) for text in of if text]
    return found


def typed(path):
    return {name for name, text in texts(path) if TYPED.search(text)} - set(ALLOWED)


def glued(path):
    """Return the names that a chapter's code keeps for its sentences, with what each stands for."""
    code = "\n".join("".join(cell["source"]) for cell in cells(path) if cell["cell_type"] == "code")
    found = dict(re.findall(r"(?:say\(|\s)(\w+)=(.*)", code))
    return found | dict(re.findall(r'\bglue\("(\w+)", (.*)', code))


@pytest.mark.parametrize(
    "text", ["mean of 20 seeds.", "the first five seeds", "Twenty rows, one a seed", "100 runs"]
)
def test_a_typed_number_of_seeds_is_seen(text):
    assert TYPED.search(text)


@pytest.mark.parametrize("text", ["seed 0", "of seed 0 at epochs 30", "seeds 0 to 4", "10 neurons"])
def test_what_counts_no_seeds_is_none(text):
    assert not TYPED.search(text)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_no_number_of_seeds_is_typed_in_a_caption(path):
    assert len(texts(path)) > 1
    assert typed(path) == set()


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_number_in_a_caption_is_one_that_the_code_keeps_and_counts(path):
    known = glued(path)
    for name, text in texts(path):
        for key in GLUED.findall(text):
            assert key in known, f"{name}: {key}"
            assert not re.match(r"\d", known[key]), f"{name}: {key} is typed in the code"


def test_an_alternative_text_holds_no_role_for_none_is_read_there():
    for path in CHAPTERS:
        for cell in cells(path):
            alt = cell["metadata"].get("mystnb", {}).get("image", {}).get("alt", "")
            assert "{" not in alt


def test_what_is_allowed_is_still_there():
    names = {name for path in CHAPTERS for name, text in texts(path) if TYPED.search(text)}
    assert set(ALLOWED) <= names
