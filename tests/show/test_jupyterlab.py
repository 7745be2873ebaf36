"""JupyterLab with a kernel, in a real browser: what a reader of the chapters can run there."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest

PLAY = """
import time
import pandas as pd
from grokutils.check import check_integer
from grokutils.show.playground import Playground

def work(width, last):
    check_integer("width", width, at_least=1)
    for n in range(1, last + 1):
        time.sleep(0.01)
        yield n / last, pd.DataFrame({"train": range(n)}).rename_axis("epoch")

Playground(work, action="Train", width=200, last=10)
"""
CELLS = [
    PLAY.strip(),
    'from grokutils.show.lab import Lab\n\nLab(preset="narrow")',
]
OPTIONS = [
    "--no-browser",
    "--ip=127.0.0.1",
    "--port-retries=0",
    "--allow-root",
    "--IdentityProvider.token=",
]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Start JupyterLab on this machine alone, with settings of its own, on a small notebook."""
    folder = tmp_path_factory.mktemp("jupyterlab")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in CELLS])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, folder / "play.ipynb")
    homes = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    homes += ("JUPYTERLAB_WORKSPACES_DIR", "JUPYTERLAB_SETTINGS_DIR")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("jupyter-lab"), *OPTIONS, f"--port={port}"]
    with (folder / "log").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(
            [*command, f"--notebook-dir={folder}"],
            env=os.environ | {name: str(folder / name.lower()) for name in homes},
            stdout=log,
            stderr=log,
        )
    try:
        url = f"http://127.0.0.1:{port}/"
        wait_for(url, server, folder / "log")
        yield f"{url}doc/tree/play.ipynb"
    finally:
        server.terminate()
        server.wait(60)


def wait_for(url, server, log):
    for _ in range(600):
        assert server.poll() is None, log.read_text(encoding="utf-8")
        try:
            urllib.request.urlopen(f"{url}api", timeout=5).close()
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(log.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def notebook(address, chromium):
    """Open the notebook and run its first two cells."""
    tab = chromium.new_page(viewport={"width": 1200, "height": 1400})
    tab.set_default_timeout(120_000)
    tab.goto(address)
    tab.get_by_text("| Idle").wait_for()
    tab.locator(".jp-CodeCell .cm-content").first.click()
    for _ in range(2):
        tab.keyboard.press("Shift+Enter")
    tab.locator(".gl").wait_for()
    yield tab
    tab.close()


def fill(tab, name, value):
    field = tab.get_by_label(name, exact=True)
    field.fill(str(value))
    field.press("Enter")


def press(area, name):
    area.get_by_role("button", name=name, exact=True).first.click()


def test_the_form_refuses_runs_draws_and_stops(notebook):
    assert not notebook.locator(".needs-kernel").is_visible()  # there is one
    fill(notebook, "width", 0)
    press(notebook, "Train")
    notebook.get_by_role("alert").get_by_text("width = 0: must be an integer").wait_for()
    fill(notebook, "width", 200)
    fill(notebook, "last", 100_000)
    press(notebook, "Train")
    plot = notebook.locator("img[alt^='epoch ']")
    plot.wait_for()
    seen = {plot.get_attribute("src")}
    for _ in range(2):  # it grows
        notebook.wait_for_function(
            "seen => !seen.includes(document.querySelector('img[alt^=epoch]').src)", arg=list(seen)
        )
        seen.add(plot.get_attribute("src"))
    press(notebook, "Stop")
    stopped = notebook.get_by_text("Stopped. epoch")
    stopped.wait_for()
    words = stopped.inner_text()
    notebook.wait_for_timeout(1500)
    assert stopped.inner_text() == words


def test_the_live_lab_trains(notebook):
    lab = notebook.locator(".gl")
    tiles = [tile.bounding_box() for tile in lab.locator(".gl-tiles > div").all()]
    assert len({tile["y"] for tile in tiles}) < len(tiles)  # JupyterLab's styles leave ours alone
    for epoch in (1, 2, 3):
        press(lab, "One epoch")
        lab.locator(".gl-status").get_by_text(f"Paused. Epoch {epoch}:").wait_for()
