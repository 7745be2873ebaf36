"""What a student unzips: enough to train and to run each assignment, nothing that answers it."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import nbformat
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
ASSIGNMENTS = ROOT / "course" / "assignments"


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    sys.path.insert(0, str(ASSIGNMENTS))
    try:
        import pack
    finally:
        sys.path.remove(str(ASSIGNMENTS))
    folder = tmp_path_factory.mktemp("student") / "1-dissect"
    folder.mkdir()
    shutil.copy(ASSIGNMENTS / "source" / "1-dissect" / "dissect.ipynb", folder)
    pack.pack(folder)
    return folder


TRAIN = """
from grokutils.parity import network, task
from grokutils.parity.config import TrainConfig
from grokutils.parity.engine import train_from, weights_at
from grokutils.parity.network import batch_order
from grokutils.seeds import train
few = TrainConfig(epochs=1, width=8, task=task.ParityTask(n_train=10, n_test=10))
print(train(few, seeds=[3], n_jobs=1)["seed"].item(), network.__file__)
"""


@pytest.mark.slow
def test_a_student_can_train(packed):
    environment = {
        k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "GROKUTILS_CACHE")
    }
    command = [sys.executable, "-c", TRAIN]
    options = {"cwd": packed, "env": environment, "capture_output": True, "text": True}
    done = subprocess.run(command, **options)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["3", str(packed / "grokutils" / "parity" / "network.py")]


def test_a_student_has_not_the_code_that_answers(packed):
    names = {path.stem for path in packed.rglob("*.py")}
    assert {"train", "engine", "seeds", "cache"} <= names
    assert not names & {"subnetworks", "dissect", "stats", "intervene", "race", "circuits"}


def needs(name):
    """Return the names of all that a library needs on this machine, and theirs."""
    found, waiting = set(), [name]
    while waiting:
        here = canonicalize_name(waiting.pop())
        if here not in found:
            found.add(here)
            lines = map(Requirement, metadata.requires(here) or [])
            waiting += [r.name for r in lines if not r.marker or r.marker.evaluate({"extra": ""})]
    return found


def test_all_that_a_student_installs_has_an_exact_version(packed):
    first, *lines = (packed / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert first == "-c constraints.txt"
    assert len(lines) >= 8
    pinned = {
        canonicalize_name(line.partition("==")[0])
        for line in (packed / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    for line in lines:
        assert "==" in line
        assert needs(line.partition("==")[0]) <= pinned


def test_numba_finds_in_a_students_folder_what_mends_its_files(packed):
    (found,) = metadata.distributions(name="grokutils", path=[str(packed)])
    (entry,) = found.entry_points
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"][entry.group] == {entry.name: entry.value}
    module = entry.value.partition(":")[0].replace(".", "/")
    assert (packed / f"{module}.py").exists()


# What Windows lacks (docs of the modules os, and those that are of Unix alone).
POSIX = r"\b(fcntl|resource|pwd|grp|termios)\b|os\.(fork|get(e?uid)|chown|mkfifo|nice)|SIGKILL"


def test_nothing_that_a_student_gets_is_of_posix_alone(packed):
    for path in packed.rglob("*.py"):
        assert not re.search(POSIX, path.read_text(encoding="utf-8")), path


def test_the_size_that_a_student_is_told_is_measured(packed, need):
    need(metadata.version("torch").endswith("+cpu"), "the CPU's torch, as the text says")
    names = {"torch", *(n for line in pack_lines(packed) for n in needs(line))}
    files = [file for name in names for file in metadata.distribution(name).files or []]
    size = sum(f.locate().stat().st_size for f in files if f.locate().exists()) / 1e9
    told = re.search(r"a network and ([\d.]+) GB", (packed / "START.txt").read_text("utf-8"))[1]
    assert 0.9 * float(told) < size < 1.1 * float(told)


def pack_lines(folder):
    """Return the names that a student's requirements list."""
    lines = (folder / "requirements.txt").read_text(encoding="utf-8").splitlines()[1:]
    return [line.partition("==")[0] for line in lines]


@pytest.mark.parametrize(
    "notebook", sorted(ASSIGNMENTS.glob("source/*/*.ipynb")), ids=lambda p: p.stem
)
def test_a_student_has_the_code_that_an_assignment_imports(packed, notebook):
    cells = nbformat.read(notebook, as_version=4).cells
    shown = re.sub(
        r"### BEGIN HIDDEN.*?### END HIDDEN",
        "",
        "\n".join(cell.source for cell in cells if cell.cell_type == "code"),
        flags=re.S,
    )
    modules = re.findall(r"^from ((?:grokutils|experiments)[.\w]*) import", shown, re.M)
    assert modules
    for module in modules:
        assert (packed / f"{module.replace('.', '/')}.py").exists(), module
