"""Compiled code that a crash, a full disk or a sync cut off is compiled anew, and once."""

import os
import subprocess
import sys
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GROUP = "numba_extensions"
ENTRIES = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
COMPILE = """
import numpy
from grokutils.parity.kernels import aligned
aligned(1, 4, numpy.zeros(1))
hits, misses = aligned.stats.cache_hits, aligned.stats.cache_misses
print(f"{sum(hits.values())} read, {sum(misses.values())} compiled")
"""


@pytest.fixture
def compiles(tmp_path):
    """Compile in a process of its own, where the package is installed as pyproject.toml says."""
    (entry,) = ENTRIES["entry-points"][GROUP].items()
    info = tmp_path / "here-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: here\nVersion: 1\n", encoding="utf-8")
    lines = f"[{GROUP}]\n{' = '.join(entry)}\n"
    (info / "entry_points.txt").write_text(lines, encoding="utf-8")
    folders = os.pathsep.join([str(tmp_path), str(ROOT)])
    folder = tmp_path / "compiled"
    environment = os.environ | {"PYTHONPATH": folders, "NUMBA_CACHE_DIR": str(folder)}

    def run():
        command = [sys.executable, "-W", "error", "-c", COMPILE]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    run.folder = folder
    return run


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["nbi", "nbc"])
def test_a_file_that_was_cut_off_is_compiled_anew(compiles, kind):
    assert compiles() == "0 read, 1 compiled"
    (file,) = compiles.folder.rglob(f"kernels.aligned*.{kind}")
    whole = file.read_bytes()
    for left in (0, 30, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:left])
        assert compiles() == "0 read, 1 compiled", left
    assert compiles() == "1 read, 0 compiled"
    (file,) = compiles.folder.rglob(f"kernels.aligned*.{kind}")
    assert len(file.read_bytes()) == len(whole)


def test_what_pyproject_names_is_there():
    ((name, value),) = ENTRIES["entry-points"][GROUP].items()
    assert name == "init"  # the one name that Numba asks for
    assert callable(EntryPoint(name, value, GROUP).load())
