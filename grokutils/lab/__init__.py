"""The live lab: the paper's network trained in the reader's browser, with no kernel and no server.

One JavaScript source serves the rendered page, JupyterLab and Colab. `engine.js` trains, in
a worker; `charts.js` draws; `page.js` holds settings, buttons and the summary in words.
"""

import json
from pathlib import Path

import anywidget
import traitlets

_HERE = Path(__file__).parent
_WORKER = ("random", "digest", "engine", "draw", "change", "course", "worker")
_PAGE = ("charts", "page")


def _text(names):
    return "\n".join((_HERE / f"{name}.js").read_text(encoding="utf-8") for name in names)


def engine_source():
    """Return the JavaScript of the worker, a script that also runs under Node."""
    return _text(_WORKER)


def page_source():
    """Return the lab as one module, with the worker as text: it needs no second file."""
    return f"const WORKER_SOURCE = {json.dumps(engine_source())};\n{_text(_PAGE)}"


class Lab(anywidget.AnyWidget):
    """Show the live lab; display it as a cell's output.

    Parameters
    ----------
    preset : str
        What it starts from: "the paper", "no weight decay", "too little data", "plenty of
        data", "k = 4" or "narrow".

    Raises
    ------
    traitlets.TraitError
        If there is no such preset.
    """

    _esm = page_source()
    _css = (_HERE / "lab.css").read_text(encoding="utf-8")
    preset = traitlets.Enum(
        ["the paper", "no weight decay", "too little data", "plenty of data", "k = 4", "narrow"],
        default_value="the paper",
    ).tag(sync=True)
