"""What students hand in, in every state: each gets its marks, and a word on what was put right."""

import copy
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).parents[2]
ASSIGNMENTS = ROOT / "course" / "assignments"
SECRET = "assert double(21) == 42  # only the grader knows this"


def role(grade_id, points=0, **kinds):
    about = {"grade": False, "solution": False, "task": False, "locked": False} | kinds
    about |= {"grade_id": grade_id, "schema_version": 3}
    return {"nbgrader": about | ({"points": points} if points else {})}


SOLUTION = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION\n"
HIDDEN = f"### BEGIN HIDDEN TESTS\n{SECRET}\n### END HIDDEN TESTS"
TEST = {"grade": True, "locked": True}
SOURCE = new_notebook(
    cells=[
        new_markdown_cell("# Tiny"),
        new_code_cell(SOLUTION, metadata=role("double", solution=True)),
        new_code_cell("assert double(2) == 4", metadata=role("seen", 1, **TEST)),
        new_code_cell(f"double(1)\n{HIDDEN}", metadata=role("hidden", 2, **TEST)),
        new_markdown_cell("Because.", metadata=role("why", 3, grade=True, solution=True)),
    ],
    metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
)
PEEK = "print(open('../../../../course/assignments/source/tiny/tiny.ipynb').read())"


def deleted(nb):
    nb.cells = [
        cell for cell in nb.cells if "assert" not in cell.source and "double(1)" not in cell.source
    ]


def upside_down(nb):
    nb.cells.reverse()


def huge(nb):
    nb.cells[1].outputs = [nbformat.v4.new_output("stream", text="x" * 50_000_000)]


def saved_by_colab(nb):
    nb.metadata = {
        "colab": {"provenance": []},
        "kernelspec": {"name": "python3", "display_name": "x"},
    }
    for cell in nb.cells:
        cell.metadata = {"id": "a1"}
    nb.cells.insert(2, new_code_cell("double(3)  # tried"))


def endless(nb):
    nb.cells[1].source = "def double(x):\n    while True:\n        pass"


def curious(nb):
    nb.cells.append(new_code_cell(PEEK))


HANDED_IN = {  # what was done, the marks of the tests, and the word
    "right": (lambda nb: None, 3, ""),
    "deleted": (deleted, 3, "put back as given out: seen, hidden"),
    "upside_down": (upside_down, 3, "the cells were put in order"),
    "huge": (huge, 3, ""),
    "saved_by_colab": (saved_by_colab, 3, "the cells had lost their marks"),
    "renamed": (lambda nb: None, 3, "my tiny (1).ipynb was taken for tiny.ipynb"),
    "unreadable": (lambda nb: None, 0, "tiny.ipynb is no notebook that can be read"),
    "empty": (lambda nb: None, 0, "no tiny.ipynb was found: it counts as not answered"),
    "endless": (endless, 0, ""),
    "curious": (curious, 3, "a cell printed what only the grader has"),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Hand in all of them, and grade them by the repository's own settings."""
    root = tmp_path_factory.mktemp("course")
    here, grading = root / "course" / "assignments", root / "grading"
    (here / "source" / "tiny").mkdir(parents=True)
    for file in ("nbgrader_config.py", "receive.py"):
        shutil.copy(ASSIGNMENTS / file, here)
    nbformat.write(SOURCE, here / "source" / "tiny" / "tiny.ipynb")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "PYTHONWARNINGS": "ignore"}

    def run(*command):
        options = {"cwd": here, "env": environment, "capture_output": True, "text": True}
        done = subprocess.run([sys.executable, *command], check=False, **options)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    run("-m", "nbgrader", "generate_assignment", "--create", "--force", "tiny")
    released = nbformat.read(grading / "student" / "tiny" / "tiny.ipynb", as_version=4)
    for student, (change, *_) in HANDED_IN.items():
        notebook = copy.deepcopy(released)
        notebook.cells[1].source = "def double(x):\n    return x + x"
        notebook.cells[4].source = f"I think so: {student}."
        change(notebook)
        folder = grading / "submitted" / student / "tiny"
        folder.mkdir(parents=True)
        place = folder / ("my tiny (1).ipynb" if student == "renamed" else "tiny.ipynb")
        if student == "unreadable":
            place.write_text("PK not a notebook", encoding="utf-8")
        elif student != "empty":
            nbformat.write(notebook, place)
    said = run("receive.py")
    patience = "--ExecutePreprocessor.timeout=5"
    said += run("-m", "nbgrader", "autograde", patience, "--log-level", "ERROR", "tiny")
    return SimpleNamespace(grading=grading, said=said)


@pytest.mark.grader
@pytest.mark.parametrize("student", HANDED_IN)
def test_whatever_is_handed_in_has_marks_and_a_word(graded, student):
    from nbgrader.api import Gradebook

    _, marks, word = HANDED_IN[student]
    with Gradebook(f"sqlite:///{graded.grading}/gradebook.db") as book:
        (notebook,) = book.find_submission("tiny", student).notebooks
        grades = {grade.name: grade for grade in notebook.grades}
        assert not any(grades[test].needs_manual_grade for test in ("seen", "hidden"))
        assert grades["seen"].score + grades["hidden"].score == marks
        assert grades["why"].needs_manual_grade == (student not in ("unreadable", "empty"))
    lines = [line for line in graded.said.splitlines() if line.startswith(f"{student}, tiny: ")]
    assert any(word in line for line in lines) if word else lines == []
    text = (graded.grading / "autograded" / student / "tiny" / "tiny.ipynb").read_text("utf-8")
    if student in ("deleted", "upside_down", "saved_by_colab", "renamed", "unreadable", "empty"):
        assert word in text  # for the student, too
    if student not in ("unreadable", "empty"):
        assert f"I think so: {student}." in text


@pytest.mark.grader
def test_what_never_ends_is_ended(graded):
    place = graded.grading / "autograded" / "endless" / "tiny" / "tiny.ipynb"
    assert "No reply from kernel before timeout" in place.read_text(encoding="utf-8")


@pytest.mark.grader
def test_what_only_the_grader_has_is_not_printed(graded):
    place = graded.grading / "autograded" / "curious" / "tiny" / "tiny.ipynb"
    cells = nbformat.read(place, as_version=4).cells
    (peek,) = [cell for cell in cells if cell.source == PEEK]
    assert "only the grader knows this" not in str(peek.outputs)
    assert "left out" in peek.outputs[0].text


@pytest.mark.grader
def test_what_was_handed_in_stays_as_it_was(graded):
    place = graded.grading / "submitted" / "unreadable" / "tiny" / "tiny.ipynb"
    assert place.read_text(encoding="utf-8") == "PK not a notebook"
