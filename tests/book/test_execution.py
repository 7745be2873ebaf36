"""The chapters that measure run before what reads their results, and anew in each build."""

import os
import subprocess
import sys
from pathlib import Path

import execution
import nbformat
import pytest

CONF = """
extensions = ["myst_nb", "execution"]
nb_execution_mode = "cache"
nb_execution_raise_on_error = True
"""


def test_numbered_chapters_come_first_and_all_else_stays_in_order():
    pages = ["LICENSE", "chapters/02_training", "chapters/index", "chapters/10_causes"]
    pages += ["chapters/scorecard", "course/guide"]
    execution.chapters_first(None, None, pages)
    assert pages[:2] == ["chapters/02_training", "chapters/10_causes"]
    assert pages[2:] == ["LICENSE", "chapters/index", "chapters/scorecard", "course/guide"]


@pytest.mark.slow
def test_a_build_runs_each_chapter_anew_and_leaves_alone_what_lies_where_it_starts(tmp_path):
    desk = tmp_path / "desk"
    (desk / ".git").mkdir(parents=True)
    (desk / ".git/config").write_text("kept", encoding="utf-8")
    (tmp_path / "conf.py").write_text(CONF, encoding="utf-8")
    (tmp_path / "index.md").write_text(
        "# Title\n\n```{toctree}\nchapters/01_a\nchapters/02_b\n```\n", encoding="utf-8"
    )
    (tmp_path / "chapters").mkdir()
    for name in ("01_a", "02_b"):
        title = nbformat.v4.new_markdown_cell(f"# {name}")
        cell = nbformat.v4.new_code_cell(
            f"# {name}\nfrom pathlib import Path\nprint(10 * int(Path('number').read_text()))"
        )
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        chapter = nbformat.v4.new_notebook(cells=[title, cell], metadata=kernel)
        nbformat.write(chapter, tmp_path / f"chapters/{name}.ipynb")

    def build(number):
        (tmp_path / "chapters/number").write_text(number, encoding="utf-8")
        return subprocess.run(
            [sys.executable, "-m", "sphinx", "-qaE", tmp_path, tmp_path / "html"],
            env=os.environ | {"PYTHONPATH": str(Path(execution.__file__).parent)},
            cwd=desk,
            capture_output=True,
            text=True,
        )

    for number in ("12", "34"):  # what a chapter reads is another one; its cells are not
        done = build(number)
        assert done.returncode == 0, done.stderr
        for name in ("01_a", "02_b"):
            page = tmp_path / f"html/chapters/{name}.html"
            assert f"{number}0" in page.read_text(encoding="utf-8")
            ran = tmp_path / f"jupyter_execute/chapters/{name}.ipynb"
            assert f"{number}0" in ran.read_text(encoding="utf-8")
    done = build("none")
    assert done.returncode != 0
    assert "ValueError" in done.stderr
    assert [path.name for path in desk.rglob("*")] == [".git", "config"]
