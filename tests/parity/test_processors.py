"""The kernels have the same bits on every processor, kept compiled or not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grokutils.parity import kernels

PROGRAM = """
import sys
from grokutils.parity.config import TrainConfig
from grokutils.parity.dissect import dissect_seed
from grokutils.parity.engine import weights_at
from grokutils.parity.weights import weights_digest
run = dissect_seed(TrainConfig(epochs=4, width=300), 1)
print(weights_digest(weights_at(run, 4)), *(run[name].values.tobytes().hex() for name in
    ("loss", "accuracy", "weight_norm", "faithfulness", "sensitivity", "effective_sparsity",
     "mean_norm", "relevant_share")))
"""


def elsewhere(folder=None, **environment):
    """Return what a process in another folder or environment prints, and its errors."""
    command, environment = [sys.executable, "-c", PROGRAM], os.environ | environment
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


@pytest.fixture(scope="module")
def here():
    return elsewhere()[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    "processor",
    [{"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}, {"NUMBA_ENABLE_AVX": "0"}],
    ids=["generic", "no AVX"],
)
def test_every_processor_gives_the_same_bits(processor, here, tmp_path):
    assert len(here) > 10_000
    assert elsewhere(NUMBA_CACHE_DIR=str(tmp_path), **processor) == (here, "")
    assert list(tmp_path.rglob("*.nbc"))  # it was compiled for that processor


@pytest.mark.slow
def test_where_nothing_can_be_written_it_is_said_once_and_computed_all_the_same(here, tmp_path):
    package = Path(kernels.__file__).parents[1]
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(package, tmp_path / "grokutils", ignore=ignored)
    (tmp_path / "grokutils/parity/__pycache__").write_text(
        "a file where a folder is wanted", encoding="utf-8"
    )
    (tmp_path / "home").write_text("likewise", encoding="utf-8")
    environment = dict.fromkeys(("HOME", "XDG_CACHE_HOME"), str(tmp_path / "home"))
    printed, said = elsewhere(tmp_path, PYTHONPATH=str(tmp_path), **environment)
    assert printed == here
    assert said.count("no folder to keep compiled code in") == 1
    assert "Traceback" not in said


COMPILES = """
import numpy as np
from grokutils.parity import kernels
kernels.total(np.zeros((1, 128)))
print(sum(kernels.total.stats.cache_misses.values()))
"""


@pytest.mark.slow
def test_what_two_processes_need_at_once_is_compiled_once_for_each_processor(tmp_path):
    others = [{}, {}, {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}]
    started = [
        subprocess.Popen(
            [sys.executable, "-c", COMPILES],
            env=os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)} | other,
            stdout=subprocess.PIPE,
            text=True,
        )
        for other in others
    ]
    misses = [int(process.communicate()[0]) for process in started]
    assert sum(misses[:2]) == 1
    assert misses[2] == 1
