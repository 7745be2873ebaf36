"""What is said of a number that answers an exercise: the same in a kernel and in a page."""

import json
import re
from pathlib import Path

import answers as forms
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from playwright.sync_api import expect

from course.check import MOST, NEAR, RIGHT, answers, check, said

ROOT = Path(__file__).parents[2]
ANSWERS = answers()
EXERCISE = re.compile(r"^(`{3,})\{exercise\}[^\n]*\n:label: (\S+)\n(.*?)^\1$", re.M | re.S)
every_answer = pytest.mark.parametrize("label", ANSWERS)


def cells_of_solutions():
    """Return {label: code cells of its solution} and {label: the exercise's text} of the book."""
    solved, asked = {}, {}
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        inside = None
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] == "code" and inside:
                solved[inside].append(cell | {"source": source})
            if cell["cell_type"] == "markdown":
                asked |= {label: text for _, label, text in EXERCISE.findall(source)}
                if start := re.search(r"\{solution-start\} (\S+)", source):
                    inside = start[1]
                    solved[inside] = []
                if "{solution-end}" in source:
                    inside = None
    return solved, asked


SOLVED, ASKED = cells_of_solutions()


def test_there_are_answers():
    assert len(ANSWERS) >= 12


# ---- in the chapters


@every_answer
def test_a_solution_checks_the_number_and_what_it_prints_is_compared(label):
    (cell,) = (cell for cell in SOLVED[label] if f'check("{label}", ' in cell["source"])
    assert cell["source"].splitlines()[-1].startswith(f'check("{label}", ')
    given = cell["source"].partition(f'check("{label}", ')[2]
    assert not re.match(r"[-+.\d]+\)", given), "a number that was typed verifies nothing"
    assert {"keep_output", "nbval-check-output"} <= set(cell["metadata"]["tags"])
    (out,) = cell["outputs"]
    assert "".join(out["text"]) == f"{RIGHT}\n"


@every_answer
def test_an_exercise_says_what_number_is_asked_and_how_it_is_checked(label):
    said_last = " ".join(ASKED[label].split())
    assert said_last.endswith(f'{ANSWERS[label].asks}: `check("{label}", ...)`.')


def test_no_chapter_checks_what_has_no_answer():
    checked = {
        label
        for cells in SOLVED.values()
        for cell in cells
        for label in re.findall(r'\bcheck\("([^"]*)"', cell["source"])
    }
    assert checked <= set(ANSWERS)


# ---- the rules


@every_answer
def test_each_wrong_number_has_a_sentence_of_its_own_and_is_not_right(label):
    answer = ANSWERS[label]
    assert said(answer.rules(), answer.number) == RIGHT
    assert answer.near >= answer.within >= 0
    assert answer.wrong
    sentences = set()
    for wrong in answer.wrong:
        assert wrong["says"][0].isupper()
        assert wrong["says"].endswith(".")
        heard = said(answer.rules(), wrong["number"])
        assert heard == f"Not right. {wrong['says']}"
        sentences.add(heard)
    assert len(sentences) == len(answer.wrong)


def test_near_larger_and_smaller_where_no_kind_is_known():
    rules = ANSWERS["ex-decay-clock"].rules()
    assert said(rules, 21) == NEAR
    assert said(rules, 10) == "Not right. It is larger."
    assert said(rules, 1e300) == "Not right. It is smaller."


ONE = [20, 20.0, np.int64(20), np.float32(20), np.array(20), np.array([20.0]), pd.Series([20])]


@pytest.mark.parametrize("number", [*ONE, xr.DataArray(20)], ids=lambda n: type(n).__name__)
def test_one_number_is_taken_in_whatever_holds_it(number, capsys):
    check("ex-task-survivors", number)
    assert capsys.readouterr().out == f"{RIGHT}\n"


@pytest.mark.parametrize(
    "none", ["20", None, True, [20], (), np.array([20, 20]), np.array([]), 20j]
)
def test_what_is_no_number_is_refused(none):
    with pytest.raises(TypeError, match=r"one number is asked \(The least number of examples"):
        check("ex-task-survivors", none)


@pytest.mark.parametrize("number", [float("nan"), -np.inf])
def test_what_is_not_finite_is_refused(number):
    with pytest.raises(ValueError, match="a finite number is asked"):
        check("ex-task-survivors", number)


def test_an_unknown_label_is_refused():
    with pytest.raises(ValueError, match=r"'ex-task-bais' has .* did you mean 'ex-task-bias'"):
        check("ex-task-bais", 1)
    with pytest.raises(ValueError, match="there are ex-task-bias, "):
        check("something", 1)


# ---- in a page


@pytest.fixture(scope="module")
def page(chromium, tmp_path_factory):
    """Open a page from the disk that has all forms, and the script as the book has it."""
    path = tmp_path_factory.mktemp("page") / "page.html"
    script = (ROOT / "assets" / "answers.js").as_uri()
    body = "".join(forms.form(label, answer) for label, answer in ANSWERS.items())
    head = f'<!doctype html><meta charset="utf-8"><script src="{script}"></script>'
    path.write_text(head + body, encoding="utf-8")
    tab = chromium.new_page()
    tab.goto(path.as_uri())
    yield tab
    tab.close()


def inputs(answer):
    """Return numbers on, between and beyond the edges of all rules of an answer."""
    edges = {edge for low, high, _ in answer.rules() for edge in (low, high)}
    beside = {float(np.nextafter(e, to)) for e in edges - {MOST, -MOST} for to in (-MOST, MOST)}
    kinds = {w["number"] for w in answer.wrong}
    more = {0, -0.0, 1, 5e-324, 0.1 + 0.2, 100 * answer.number, -answer.number, 123456789}
    return sorted(edges | beside | kinds | more)


@every_answer
def test_the_page_says_what_the_kernel_says(page, label):
    typed = [repr(number) for number in inputs(ANSWERS[label])]
    heard = page.evaluate(
        """([label, typed]) => {
          const input = document.getElementById(`${label}-answer`);
          return typed.map((text) => {
            input.value = text;
            input.form.requestSubmit();
            return input.form.querySelector("output").value;
          });
        }""",
        [label, typed],
    )
    assert heard == [said(ANSWERS[label].rules(), float(text)) for text in typed]


@pytest.mark.parametrize("text", ["20", " 20 ", "20.", "+20.0", "2e1", "2E+01", "200e-1"])
def test_the_page_takes_a_number_as_one_may_write_it(page, text):
    assert type_in(page, "ex-task-survivors", text) == RIGHT


@pytest.mark.parametrize("minus", ["-", "−"])
def test_the_page_takes_both_signs_of_a_minus(page, minus):
    assert type_in(page, "ex-task-survivors", f"{minus}3") == "Not right. It is larger."


@pytest.mark.parametrize(
    "text", ["twenty", "20 %", "2,5", "1/5", "1e999", "--2", ".", "Infinity", "0x14"]
)
def test_the_page_says_what_it_cannot_read(page, text):
    assert type_in(page, "ex-task-survivors", text).startswith("That is no number it can read.")


def test_a_word_goes_once_the_number_changes(page):
    type_in(page, "ex-task-survivors", "20")
    page.keyboard.press("Backspace")
    expect(page.locator("#ex-task-survivors-answer ~ output")).to_have_text("")


def type_in(page, label, text):
    """Return what is said, in the live region, of a number that is typed and entered."""
    field = page.locator(f"#{label}-answer")
    field.fill(text)
    field.press("Enter")
    spoken = page.locator("form", has=field).get_by_role("status")
    expect(spoken).not_to_have_text("")
    return spoken.inner_text()
