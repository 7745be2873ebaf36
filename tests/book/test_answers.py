"""The form of an exercise: where it stands, and how it is used by hand, from disk, in print."""

import os
import subprocess
import sys
from pathlib import Path

import answers as forms
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect
from rendered import HTML, PAGES, SITE, soup

from course.check import RIGHT, answers

ON_DISK = f"{SITE.as_uri()}/"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
CONF = 'extensions = ["myst_nb", "sphinx_exercise", "answers"]\nexclude_patterns = ["html"]\n'
TEXT = """# Title

````{exercise} With a number
:label: ex-task-bias
What is it?

```{note}
A hint.
```
````

````{exercise} Without
:label: ex-without
Why?
````
"""


def pages(label):
    """Return the pages that name a label: few, so that not all are parsed."""
    return [page for page in PAGES if label in HTML[page]]


site = [pytest.mark.site, pytest.mark.usefixtures("_built")]


@pytest.mark.slow
def test_the_form_ends_its_exercise_and_is_in_no_other(tmp_path):
    (tmp_path / "conf.py").write_text(CONF, encoding="utf-8")
    (tmp_path / "index.md").write_text(TEXT, encoding="utf-8")
    paths = [str(Path(forms.__file__).parent), *sys.path]
    command = [sys.executable, "-m", "sphinx", "-qW", tmp_path, tmp_path / "html"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    page = BeautifulSoup((tmp_path / "html/index.html").read_text(encoding="utf-8"), "html.parser")
    (form,) = page.select("form.answer")
    assert form == page.select("#ex-task-bias > *")[-1]
    assert form.has_attr("hidden")  # until there is a script
    assert not [name for tag in form.find_all() for name in tag.attrs if name.startswith("on")]


def test_a_phone_shows_a_minus_where_a_number_may_have_one():
    some = {"ex-a": answers()["ex-decay-clock"], "ex-b": answers()["ex-task-bias"]}
    for (label, answer), keys in zip(some.items(), ("decimal", "text"), strict=True):
        assert f'inputmode="{keys}"' in forms.form(label, answer)


class TestOfTheSite:
    pytestmark = site

    @pytest.fixture
    def place(self):
        """Return the page of an exercise."""
        return lambda label: next(p for p in pages(label) if soup(p).select(f".exercise#{label}"))

    @pytest.mark.parametrize("label", answers())
    def test_each_answer_has_its_form_once(self, label):
        found = [form for p in pages(label) for form in soup(p).select(f"#{label} > form.answer")]
        assert len(found) == 1

    @pytest.mark.parametrize("mode", ["light", "dark"])
    def test_by_keyboard_from_a_disk(self, visit, place, mode):
        tab = visit(place("ex-task-bias"), address=ON_DISK, mode=mode)
        form = tab.locator("#ex-task-bias form.answer")
        form.get_by_label("Your number").focus()
        tab.keyboard.type("0.04")
        tab.keyboard.press("Tab")
        tab.keyboard.press("Enter")
        expect(form.get_by_role("status")).to_contain_text("the product of their means")
        tab.keyboard.press("Shift+Tab")
        tab.keyboard.type("0.0384")
        expect(form.get_by_role("status")).to_have_text("")
        tab.keyboard.press("Enter")
        expect(form.get_by_role("status")).to_have_text(RIGHT)
        assert tab.faults == []

    def test_on_a_phone(self, visit, place):
        tab = visit(place("ex-decay-clock"), **PHONE)
        form = tab.locator("#ex-decay-clock form.answer")
        field, button = form.get_by_label("Your number"), form.get_by_role("button", name="Check")
        assert field.evaluate("box => parseFloat(getComputedStyle(box).fontSize)") >= 16
        for part in (field, button, form):
            box = part.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= PHONE["viewport"]["width"]
            assert box["height"] >= 36
        field.fill("693")
        button.tap()
        expect(form.get_by_role("status")).to_contain_text("an epoch has 32")

    def test_not_in_print_and_not_without_a_script(self, visit, place):
        page = place("ex-task-bias")
        tab = visit(page)
        form = tab.locator("#ex-task-bias form.answer")
        expect(form).to_be_visible()
        tab.emulate_media(media="print")
        expect(form).to_be_hidden()
        still = visit(page, java_script_enabled=False)
        expect(still.locator("#ex-task-bias form.answer")).to_be_hidden()
