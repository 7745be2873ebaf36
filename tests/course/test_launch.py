"""A chapter in an environment that has what Colab has, and nothing of ours."""

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import SimpleNamespace

import pages
import pytest

from course.build import launch

ROOT = Path(__file__).parents[2]
LACKED = ("anywidget", "myst_nb", "grokutils", "__editable__")  # by Colab
# A pip that takes what is asked for from the environment of the tests.
PIP = """
import pathlib, sys
there, here = pathlib.Path({there!r}), pathlib.Path(__file__).parents[1]
asked = [word for word in sys.argv[1:] if "==" in word]
(here / "asked").write_text("\\n".join(asked), encoding="utf-8")
for word in asked:
    for path in there.glob(word.partition("==")[0].replace("-", "_") + "*"):
        (here / path.name).symlink_to(path)
"""


def test_the_first_cell_is_written_once_and_changes_nothing_else():
    path = ROOT / "chapters" / "01_task.ipynb"
    given = json.loads(path.read_text(encoding="utf-8"))
    once = launch.with_first_cell(given, "https://github.com/you/book")
    assert once["cells"][1:] == given["cells"]
    assert "https://github.com/you/book" in "".join(once["cells"][0]["source"])
    assert launch.with_first_cell(once, "https://github.com/you/book") == once


def test_both_buttons_appear_by_one_setting(monkeypatch):
    config = SimpleNamespace(html_theme_options={"navbar_persistent": []})
    monkeypatch.delenv("REPOSITORY", raising=False)
    pages.add_buttons(None, config)
    assert config.html_theme_options == {"navbar_persistent": []}
    monkeypatch.setenv("REPOSITORY", "https://github.com/you/book/")
    pages.add_buttons(None, config)
    assert config.html_theme_options["repository_url"] == "https://github.com/you/book"
    assert {"binderhub_url", "colab_url"} <= set(config.html_theme_options["launch_buttons"])


def test_what_this_python_has_is_not_installed_again(monkeypatch):
    assert launch.missing() == []
    there = launch.metadata.version
    lack = {"anywidget", "myst-nb"}

    def version(name):
        if name in lack:
            raise launch.metadata.PackageNotFoundError(name)
        return there(name)

    monkeypatch.setattr(launch.metadata, "version", version)
    assert [line.partition("==")[0] for line in launch.missing()] == sorted(lack)


@pytest.mark.slow
def test_a_chapter_runs_where_nothing_of_ours_is(tmp_path):
    there = Path(sysconfig.get_paths()["purelib"])
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "colab"], check=True)
    python = tmp_path / "colab" / "bin" / "python"
    (here,) = (tmp_path / "colab" / "lib").glob("python3*/site-packages")
    for path in there.iterdir():
        if not path.name.startswith((*LACKED, "pip", "_virtualenv", "distutils-precedence")):
            (here / path.name).symlink_to(path)
    (here / "pip").mkdir()
    (here / "pip" / "__main__.py").write_text(PIP.format(there=str(there)), encoding="utf-8")
    chapter = tmp_path / "01_task.ipynb"
    given = json.loads((ROOT / "chapters" / chapter.name).read_text(encoding="utf-8"))
    address = ROOT.as_uri()
    chapter.write_text(json.dumps(launch.with_first_cell(given, address)), encoding="utf-8")
    ours = ("PYTHON", "JUPYTER", "IPYTHON", "GROKUTILS", "MPLBACKEND")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    command = [python, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", chapter]
    options = {"cwd": tmp_path, "env": environment, "capture_output": True, "text": True}
    done = subprocess.run(command, check=False, **options)
    assert done.returncode == 0, done.stderr[-3000:]
    assert (here / "asked").read_text(encoding="utf-8").count("==") == 2
    assert "image/png" in chapter.read_text(encoding="utf-8")
