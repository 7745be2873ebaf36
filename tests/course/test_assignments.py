"""The graded assignments under the real grader: right, untouched and typically wrong answers."""

import copy
import os
import re
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
ASSIGNMENTS = ROOT / "course" / "assignments"

BY_ACCURACY = """
    right = (predictions == examples.labels[:, None]).mean(axis=0)
    agree = right == right[-1]
"""
DISSECT = {  # the wrong answer: what is replaced, by what, and the tests that must notice
    "sparsity by accuracy": (
        "    agree = (predictions == predictions[:, -1:]).all(axis=0)\n",
        BY_ACCURACY,
        {"effective_sparsity_hidden", "effective_sparsity_pair_hidden"},
    ),
    "norms with the bias": (
        "    return np.linalg.norm(weights.hidden_weight, axis=1)\n",
        "    return np.sqrt((weights.hidden_weight**2).sum(1) + weights.hidden_bias**2)\n",
        {"weight_norms_hidden"},
    ),
    "test accuracy on training data": (
        "np.sign(output(weights, test_set.inputs))\n    return np.mean(prediction == test_set",
        "np.sign(output(weights, train_set.inputs))\n    return np.mean(prediction == train_set",
        {"test_accuracy_hidden"},
    ),
}
EXPERIMENT = {"experiment_seen", "experiment_hidden"}  # left out: it would run for a minute
CAUSE = {
    "generalization by training accuracy": (
        'history["accuracy"].sel(split="test")',
        'history["accuracy"].sel(split="train")',
        {"generalization_epoch_hidden"} | EXPERIMENT,
    ),
    "batches from the beginning": (
        "batch_order(paper, seed)[stop:]",
        "batch_order(paper, seed)[: 300 - stop]",
        {"continued_hidden"} | EXPERIMENT,
    ),
    "late seeds dropped": (
        "    return np.mean(~treated[control])\n",
        "    return 0.0\n",
        {"prevented_hidden"} | EXPERIMENT,
    ),
}
EXPLAIN = {
    "a bound that no effect meets too": (
        '"at least", 1.5, 1.0,',
        '"at least", 0.9, 0.5,',
        {"bounds_hidden"} | EXPERIMENT,
    ),
    "a contradiction overlooked": (
        '    if any(against):\n        return "contradicted here"\n',
        "",
        {"judge_hidden"} | EXPERIMENT,
    ),
    "late seeds left out": (
        "    one, other = np.median(one), np.median(other)\n",
        "    one, other = (np.nanmedian(np.where(np.isinf(e), np.nan, e)) for e in (one, other))\n",
        {"times_as_early_hidden"} | EXPERIMENT,
    ),
    "nothing forgotten": (
        '"treated": [config, few]',
        '"treated": [config]',
        {"raced_hidden"} | EXPERIMENT,
    ),
}
BOUNDS = """
CHOICE = "{choice}"
because = "a tenth is worth the name, and none refutes it"
bounds = {{name: criterion("{side}", {bound}, 1, because) for name in ("effect", "beyond_twin")}}
"""
LARGER = """
def raced(arm, seed, config=paper):
    factors = {"control": (1, 1, 1), "treated": (4, 4, 1), "twin": (2, 2, 2)}[arm]
    start = [factor * part for factor, part in zip(factors, start_of(config, seed), strict=True)]
    net = network(config, seed, Weights(*start))
    return first_above(net, train_epochs(net, config))
"""
AMPLIFIED = """
def raced(arm, seed, config=paper):
    net, after_step = network(config, seed), None
    memorized = first_above(net, train_epochs(net, config), "train")
    if arm == "treated":
        after_step = changed(net, config, amplify_slow())
    if arm == "twin":
        config = replace(config, lr=3 * config.lr, weight_decay=config.weight_decay / 3)
    return first_above(net, train_epochs(net, config, first=memorized, after_step=after_step))
"""
CHOICES = {  # the reference has S7; right answers to the others
    "right S1": {"bounds": BOUNDS.format(choice="S1", side="at most", bound=0.9), "raced": LARGER},
    "right S5a": {
        "bounds": BOUNDS.format(choice="S5a", side="at least", bound=1.1),
        "raced": AMPLIFIED,
    },
}


def nbgrader(*arguments, cwd):
    # nbgrader starts alembic by name.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]


def answered(notebook, answers):
    """Return a copy with other answers, {grade_id: source}."""
    other = copy.deepcopy(notebook)
    for cell in other.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = answers.get(grade_id, cell.source)
    return other


def wrong(notebook, old, new, omitted):
    """Replace a right answer by a wrong one, and leave the cells of `omitted` unanswered."""
    changed = answered(notebook, dict.fromkeys(omitted, "raise NotImplementedError()"))
    hits = 0
    for cell in changed.cells:
        role = cell.metadata.get("nbgrader", {"solution": False})
        if cell.cell_type == "code" and role["solution"]:
            hits += cell.source.count(old)
            cell.source = cell.source.replace(old, new)
    assert hits == 1, f"{hits} places hold {old!r}"
    return changed


def grade(folder, assignment, mistakes, omitted=(), choices=None):
    """Have nbgrader grade all versions; return {student: {cell: (score, points)}}.

    The cells of `omitted` are left unanswered in the mistakes; `choices` are other right answers.
    """
    shutil.copytree(ASSIGNMENTS / "source" / assignment, folder / "source" / assignment)
    nbgrader("generate_assignment", assignment, "--create", cwd=folder)
    (source,) = (folder / "source" / assignment).glob("*.ipynb")
    reference = nbformat.read(source, as_version=4)
    versions = {
        "right": reference,
        "untouched": nbformat.read(folder / "release" / assignment / source.name, as_version=4),
    }
    for name, (old, new, _) in mistakes.items():
        versions[name] = wrong(reference, old, new, omitted)
    for name, answers in (choices or {}).items():
        versions[name] = answered(reference, answers)
    for student, notebook in versions.items():
        place = folder / "submitted" / student.replace(" ", "-") / assignment
        place.mkdir(parents=True)
        nbformat.write(notebook, place / source.name)
    patience = "--ExecutePreprocessor.timeout=300"  # as in nbgrader_config.py
    nbgrader("autograde", assignment, "--create", patience, cwd=folder)
    return read_grades(folder, assignment)


def read_grades(folder, assignment):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of nbgrader's data base library
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{folder}/gradebook.db") as book:
            return {
                submission.student.id.replace("-", " "): {
                    grade.name: (grade.score, grade.max_score)
                    for notebook in submission.notebooks
                    for grade in notebook.grades
                    if grade.cell_type == "code"
                }
                for submission in book.assignment_submissions(assignment)
            }


def lost(grades):
    return {cell for cell, (score, points) in grades.items() if score < points}


@pytest.mark.grader
class TestDissect:
    @pytest.fixture(scope="class")
    @classmethod
    def grades(cls, tmp_path_factory):
        return grade(tmp_path_factory.mktemp("dissect"), "1-dissect", DISSECT)

    def test_right_answers_get_full_marks(self, grades):
        assert lost(grades["right"]) == set()
        assert sum(points for _, points in grades["right"].values()) == 16

    def test_an_untouched_notebook_gets_nothing_and_does_not_crash(self, grades):
        assert {score for score, _ in grades["untouched"].values()} == {0}

    @pytest.mark.parametrize("mistake", DISSECT)
    def test_a_typical_mistake_loses_its_marks(self, grades, mistake):
        assert lost(grades[mistake]) == DISSECT[mistake][2]


@pytest.mark.grader
class TestCause:
    @pytest.fixture(scope="class")
    @classmethod
    def grades(cls, tmp_path_factory):
        return grade(tmp_path_factory.mktemp("cause"), "2-cause", CAUSE, {"experiment"})

    def test_right_answers_get_full_marks(self, grades):
        assert lost(grades["right"]) == set()
        assert sum(points for _, points in grades["right"].values()) == 13

    def test_an_untouched_notebook_gets_nothing_and_does_not_crash(self, grades):
        assert {score for score, _ in grades["untouched"].values()} == {0}

    @pytest.mark.parametrize("mistake", CAUSE)
    def test_a_typical_mistake_loses_its_marks(self, grades, mistake):
        assert lost(grades[mistake]) == CAUSE[mistake][2]


@pytest.mark.grader
class TestExplain:
    @pytest.fixture(scope="class")
    @classmethod
    def grades(cls, tmp_path_factory):
        folder = tmp_path_factory.mktemp("explain")
        return grade(folder, "3-explain", EXPLAIN, {"experiment"}, CHOICES)

    @pytest.mark.parametrize("answers", ["right", *CHOICES])
    def test_right_answers_get_full_marks_whatever_is_chosen(self, grades, answers):
        assert lost(grades[answers]) == set()
        assert sum(points for _, points in grades[answers].values()) == 16

    def test_an_untouched_notebook_gets_nothing_and_does_not_crash(self, grades):
        assert {score for score, _ in grades["untouched"].values()} == {0}

    @pytest.mark.parametrize("mistake", EXPLAIN)
    def test_a_typical_mistake_loses_its_marks(self, grades, mistake):
        assert lost(grades[mistake]) == EXPLAIN[mistake][2]


def test_the_form_for_written_answers_is_served_from_above_the_marks():
    # Formgrader shows an error page where the folder of marks lies outside of what Jupyter serves.
    command = ["make", "--dry-run", "grade"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    (served,) = re.findall(r"root_dir=(\S+)", said)
    assert (ROOT / "grading").is_relative_to((ASSIGNMENTS / served).resolve())


@pytest.mark.parametrize(
    "notebook", sorted(ASSIGNMENTS.glob("source/*/*.ipynb")), ids=lambda p: p.stem
)
def test_no_test_asks_for_a_run_that_other_seeds_lack(notebook):
    # A teacher changes SEED or SEEDS from year to year; nothing else may name one.
    sources = [cell.source for cell in nbformat.read(notebook, as_version=4).cells]
    assert not re.findall(r"\.sel\([^)]*seed=\d|continued\((?:seed=)?\d", "\n".join(sources))
