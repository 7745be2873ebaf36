"""The ground: what is imported is declared, what is declared is pinned, and on which Pythons."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from traitlets.config import PyFileConfigLoader

ROOT = Path(__file__).parents[1]
WORKFLOW = (ROOT / ".github" / "workflows" / "book.yml").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PACKAGES = ("grokutils", "experiments", "lab")
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
    for line in (ROOT / file).read_text(encoding="utf-8").splitlines():
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
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert "-c constraints.txt" in lines
    locked, wanted = pins("constraints.txt"), pins("requirements.txt")
    assert len(wanted) == sum(line[0] not in "#-" for line in lines)
    assert {name: locked.get(name) for name in wanted} == wanted
    assert "://" not in (ROOT / "constraints.txt").read_text(encoding="utf-8")


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


def make_with_python(version, folder, ready=False, asked=True):
    """Run make in a fresh clone whose Python says that it is of another version."""
    for file in ("Makefile", "requirements.txt", "constraints.txt", "pyproject.toml"):
        shutil.copy(ROOT / file, folder)
    if ready:
        (folder / ".venv" / "ready").touch()
    (folder / "python3").write_text(
        f"#!{sys.executable}\nimport sys\n"
        f"if '--version' in sys.argv: sys.exit('Python {version}')\n"
        f"if '-m' in sys.argv: sys.exit('makes the environment')\n"
        f"sys.version_info = (*map(int, {version!r}.split('.')), 0)\nexec(sys.argv[2])\n",
        encoding="utf-8",
    )
    (folder / "python3").chmod(0o755)
    command = ["make", "-C", folder, "unit", *(["PYTHON=./python3"] if asked else [])]
    path = os.environ["PATH"] if asked else f"{folder}{os.pathsep}{os.environ['PATH']}"
    environment = {k: v for k, v in os.environ.items() if k != "PYTHON"} | {"PATH": path}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode
    assert ready or not (folder / ".venv").exists()
    return done.stdout + done.stderr


def test_a_python_that_is_too_old_is_refused_and_one_that_is_newer_tried(tmp_path):
    oldest = int(re.fullmatch(r">=3\.(\d+)", PROJECT["requires-python"])[1])
    said = make_with_python(f"3.{oldest - 1}", tmp_path)
    assert "makes the environment" not in said
    assert f"3.{oldest} or newer is needed, and ./python3 is Python 3.{oldest - 1}" in said
    newest = max(map(int, re.findall(r"3\.(\d+)", WORKFLOW)))
    for minor in (oldest, newest, newest + 1):
        said = make_with_python(f"3.{minor}", tmp_path)
        assert "makes the environment" in said
        assert ("is newer than all that this was tried with" in said) == (minor > newest)


def make(*arguments, folder, **environment):
    """Return what make says, of the Makefile with a target more, which shows the surroundings."""
    (folder / "more.mk").write_text("surroundings:\n\t@env\n", encoding="utf-8")
    command = ["make", "-f", "Makefile", "-f", folder / "more.mk", *arguments]
    environment = {k: v for k, v in os.environ.items() if k != "MAKEFLAGS"} | environment
    options = {"cwd": ROOT, "env": environment, "capture_output": True, "text": True}
    return subprocess.run(command, check=False, **options).stdout


HOSTILE = {
    "MPLBACKEND": "Agg",
    "MATPLOTLIBRC": "/home/me",
    "IPYTHONDIR": "/home/me/.ipython",
    "JUPYTER_CONFIG_DIR": "/home/me/.jupyter",
    "JUPYTER_CONFIG_PATH": "/etc/here",
    "JUPYTER_PATH": "/home/me/.local/share/jupyter",
    "JUPYTER_PREFER_ENV_PATH": "0",
    "PIP_USER": "1",
    "PYTHONOPTIMIZE": "2",
    "PYTHONPATH": "/home/me/lib",
    "PYTHONSAFEPATH": "1",
    "PYTHONSTARTUP": "/home/me/start.py",
    "PYTHONUTF8": "0",
    "PYTHONWARNINGS": "error",
}


def test_the_surroundings_of_what_make_starts_are_ours(tmp_path):
    said = make("surroundings", folder=tmp_path, **HOSTILE)
    found = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
    assert found["IPYTHONDIR"] == str(ROOT / ".ipython")
    assert {name: found[name] for name in HOSTILE if found.get(name) == HOSTILE[name]} == {}


@pytest.mark.slow
def test_the_kernel_is_that_of_the_environment_beside_a_users_own(tmp_path):
    users = tmp_path / ".local" / "share" / "jupyter" / "kernels" / "python3"
    users.mkdir(parents=True)
    spec = {"argv": ["/usr/bin/python3", "-m", "other"], "display_name": "x", "language": "python"}
    (users / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    asked = (
        "from jupyter_client.kernelspec import get_kernel_spec as get; print(get('python3').argv)"
    )
    code = f'found:\n\t@{sys.executable} -c "{asked}"\n'
    (tmp_path / "found.mk").write_text(code, encoding="utf-8")
    rogue = HOSTILE | {"HOME": str(tmp_path), "JUPYTER_PATH": str(users.parents[1])}
    said = make("found", "-f", tmp_path / "found.mk", folder=tmp_path, **rogue)
    assert "ipykernel_launcher" in said
    assert "other" not in said


def test_the_kernel_of_a_chapter_is_told_by_the_repository():
    config = ROOT / ".ipython" / "profile_default" / "ipython_kernel_config.py"
    loaded = PyFileConfigLoader(str(config)).load_config()
    assert loaded.InlineBackend.figure_formats == {"png"}
    assert loaded.InlineBackend.rc == {}


@pytest.mark.parametrize("fault", ["gone", "moved", "other"])
def test_an_environment_whose_python_is_gone_or_another_is_made_anew(tmp_path, fault):
    environment = tmp_path / ".venv" / "bin"
    environment.mkdir(parents=True)
    for name in ("python", "pip"):
        (environment / name).write_text(
            f"#!{sys.executable}\nprint('as it was')\n", encoding="utf-8"
        )
        (environment / name).chmod(0o755)
    if fault == "gone":
        (environment / "python").unlink()
        (environment / "python").symlink_to(tmp_path / "no" / "python3.11")
    if fault == "moved":
        (environment / "pip").write_text("#!/no/.venv/bin/python\n", encoding="utf-8")
    said = make_with_python("3.14", tmp_path, ready=True, asked=fault == "other")
    assert "The Python of .venv is gone, or another one is asked for" in said
    assert "makes the environment" in said


def without_encoding(path):
    """Return the lines of a module that read or write text as the locale has it."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(attr="read_text"), args=[], keywords=named):
                pass
            case ast.Call(func=ast.Attribute(attr="write_text"), args=[_], keywords=named):
                pass
            case ast.Call(func=ast.Name("open"), args=[_, ast.Constant(mode)], keywords=named):
                if "b" in mode:
                    continue
            case _:
                continue
        if not any(keyword.arg == "encoding" for keyword in named):
            found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    return found


def test_every_text_is_read_and_written_as_utf_8():
    assert [line for path in FILES if path.suffix == ".py" for line in without_encoding(path)] == []


def test_nothing_that_make_writes_can_be_left_half_written():
    # A shell makes the file before the command has said anything.
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    written = re.findall(r"[^&2-]>(?!=)\s*(\S+)", re.sub(r'"[^"]*"', "", makefile))
    assert set(written) <= {"/dev/null", ".links.yml"}, written


def test_every_line_ends_alike_on_every_system():
    listed = subprocess.run(
        ["git", "ls-files", "--eol"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.splitlines()
    if not listed:
        pytest.skip("no clone")
    ends = {tuple(part.strip() for part in line.split("\t")[0].split("attr/")) for line in listed}
    assert {attribute for _, attribute in ends} <= {"text=auto eol=lf", "-text"}
    assert not any("crlf" in where for where, _ in ends)
