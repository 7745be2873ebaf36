"""Prepare the notebooks that Colab opens: a first cell fetches the book and what is missing there.

python course/build/launch.py REPOSITORY

changes the chapters of this checkout, which is then the branch `launch`; the workflow does it. The
cell does nothing where the book is there. With `--install` instead, as the cell calls it, what
the book imports and this machine lacks is installed; what is there stays as it is. Nothing but the
standard library is needed.
"""

import json
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]
FIRST = """\
# On Colab this fetches the book and what is missing there; elsewhere it does nothing.
import importlib.util, os, subprocess, sys

if importlib.util.find_spec("grokutils") is None:
    clone = ["git", "clone", "--quiet", "--depth", "1", "{repository}", "book"]
    subprocess.run(clone, check=True)
    os.environ["PYTHONPATH"] = os.path.abspath("book")  # of the processes that train
    sys.path.insert(0, os.path.abspath("book"))
    install = [sys.executable, "book/course/build/launch.py", "--install"]
    subprocess.run(install, check=True)
    os.chdir("book/chapters")"""
KIND = "launch"  # the cell's name in a notebook


def with_first_cell(notebook, repository):
    """Return a notebook, as JSON has it, that begins with the cell."""
    cells = [cell for cell in notebook["cells"] if cell.get("id") != KIND]
    source = FIRST.format(repository=repository).splitlines(keepends=True)
    first = {"cell_type": "code", "execution_count": None, "id": KIND, "outputs": []}
    first |= {"metadata": {"tags": ["remove-cell"]}, "source": source}
    return notebook | {"cells": [first, *cells]}


def missing():
    """Return the pinned lines of those requirements of the package that this Python lacks."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    requirements = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([\w.-]+)(==.+)$", requirements, re.MULTILINE))
    found = []
    for name in project["dependencies"]:
        try:
            metadata.version(name)
        except metadata.PackageNotFoundError:
            found.append(f"{name}{pinned[name]}")
    return found


def main(asked):
    """Install what is missing, or write the first cell into every chapter."""
    if asked == "--install":
        if lines := missing():
            pip = [sys.executable, "-m", "pip", "install", "--quiet", *lines]
            subprocess.run(pip, check=True)
        return
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        text = json.dumps(with_first_cell(notebook, asked), indent=1, ensure_ascii=False)
        path.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1] if sys.argv[1:] else sys.exit(__doc__))
