"""A chapter whose kernel does not start is tried once more, and only once."""

import importlib.util
from pathlib import Path

import nbval.kernel
import pytest

PLACE = Path(__file__).parents[1] / "chapters" / "conftest.py"


def test_a_kernel_that_does_not_start_is_tried_once_more(monkeypatch):
    started = []

    def start(*, works_at):
        started.append(works_at)
        if len(started) < works_at:
            raise RuntimeError("Kernel died before replying to kernel_info")
        return "a kernel"

    monkeypatch.setattr(nbval.kernel, "start_new_kernel", start)
    spec = importlib.util.spec_from_file_location("conftest_of_chapters", PLACE)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    assert nbval.kernel.start_new_kernel(works_at=2) == "a kernel"
    started.clear()
    with pytest.raises(RuntimeError, match="Kernel died"):
        nbval.kernel.start_new_kernel(works_at=3)
    assert len(started) == 2
