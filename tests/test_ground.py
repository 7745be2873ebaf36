"""The ground: what is imported is declared, what is declared is pinned, and on which Pythons."""

import ast
import json
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
WORKFLOW = (ROOT / ".github" / "workflows" / "book.yml").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PACKAGES = ("grokutils", "experiments")
FOLDERS = (*PACKAGES, "course", "tests", "benchmarks", "_ext", "chapters")
FILES = [p for f in FOLDERS for kind in ("py", "ipynb") for p in (ROOT / f).rglob(f"*.{kind}")]
PACKAGED = [path for path in FILES if path.relative_to(ROOT).parts[0] in PACKAGES]
OURS = {*PACKAGES, "course", *(path.stem for path in FILES if path not in PACKAGED)}


def named(requirement):
    """Return a distribution's name as it is written in constraints."""
    return re.match(r"[\w.-]+", requirement)[0].lower().replace("_", "-").replace(".", "-")


def pins(file):
    """Return {name: every version that the file pins it to, each on some machine}."""
    found = {}
    for line in (ROOT / file).read_text().splitlines():
        if pinned := re.match(r"([\w.-]+)==([^\s;]+)", line):
            found.setdefault(named(pinned[1]), set()).add(pinned[2])
    return found


def imported(path):
    """Return the top-level names that a module, or the code cells of a notebook, import."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = [cell for cell in json.loads(source)["cells"] if cell["cell_type"] == "code"]
        lines = "\n".join("".join(cell["source"]) for cell in cells).splitlines()
        source = "\n".join(line for line in lines if not line.startswith("%"))
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module.partition(".")[0])
    return found - OURS - sys.stdlib_module_names


def undeclared(paths, declared):
    """Return {import: a file that has it} of those that no declared distribution provides."""
    providers = metadata.packages_distributions()
    return {
        name: path.relative_to(ROOT)
        for path in paths
        for name in imported(path)
        if declared.isdisjoint(map(named, providers.get(name, [])))
    }


def test_what_is_imported_is_declared():
    assert len(FILES) > 50
    assert undeclared(FILES, set(pins("requirements.txt"))) == {}


def test_the_package_declares_what_it_imports():
    declared = set(map(named, PROJECT["dependencies"]))
    assert undeclared(PACKAGED, declared) == {}
    assert declared <= set(pins("requirements.txt"))


def test_every_requirement_is_pinned_and_locked_at_the_same_version():
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    assert "-c constraints.txt" in lines
    locked, wanted = pins("constraints.txt"), pins("requirements.txt")
    assert len(wanted) == sum(line[0] not in "#-" for line in lines)
    assert {name: locked.get(name) for name in wanted} == wanted
    assert "://" not in (ROOT / "constraints.txt").read_text()


def test_whatever_these_need_is_locked_at_the_version_installed_here():
    locked, seen, queue = pins("constraints.txt"), {}, list(pins("requirements.txt"))
    while queue:
        name = queue.pop()
        try:
            package = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # of another system, or of an extra
        seen[name] = package.version.partition("+")[0]  # torch tells its build, too
        # Not what an extra or an older Python needs.
        asked = (r for r in package.requires or [] if not re.search("extra ==|python_version <", r))
        needed = {named(r) for r in asked}
        queue += needed - set(seen) - set(queue)
    assert len(seen) > 150
    assert {n: v for n, v in seen.items() if v not in locked.get(n, {})} == {}


def make_with_python(version, folder):
    """Run make in a fresh clone whose Python says that it is of another version."""
    for file in ("Makefile", "requirements.txt", "constraints.txt"):
        shutil.copy(ROOT / file, folder)
    (folder / "python").write_text(
        f"#!{sys.executable}\nimport sys\n"
        f"if '--version' in sys.argv: sys.exit('Python {version}')\n"
        f"if '-m' in sys.argv: sys.exit('makes the environment')\n"
        f"sys.version_info = (*map(int, {version!r}.split('.')), 0)\nexec(sys.argv[2])\n"
    )
    (folder / "python").chmod(0o755)
    command = ["make", "-C", folder, "unit", "PYTHON=./python"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode
    assert not (folder / ".venv").exists()
    return done.stdout + done.stderr


def test_a_python_that_is_too_old_is_refused_and_one_that_is_newer_tried(tmp_path):
    oldest = int(re.fullmatch(r">=3\.(\d+)", PROJECT["requires-python"])[1])
    said = make_with_python(f"3.{oldest - 1}", tmp_path)
    assert "makes the environment" not in said
    assert f"3.{oldest} or newer is needed, and ./python is Python 3.{oldest - 1}" in said
    newest = max(map(int, re.findall(r"3\.(\d+)", WORKFLOW)))
    for minor in (oldest, newest, newest + 1):
        said = make_with_python(f"3.{minor}", tmp_path)
        assert "makes the environment" in said
        assert ("is newer than all that this was tried with" in said) == (minor > newest)
