"""The live lab: the paper's network trained in the reader's browser, with no kernel and no server.

One JavaScript source serves the rendered page, JupyterLab and Colab. `engine.js` trains, in
a worker; `charts.js` draws; `page.js` holds settings, buttons and the summary in words.
"""

import json
from pathlib import Path

import anywidget
import traitlets

_HERE = Path(__file__).parent


def engine_source() -> str:
    """Return the JavaScript of the engine, a script that runs in a worker and under Node."""
    return (_HERE / "engine.js").read_text(encoding="utf-8")


def page_source() -> str:
    """Return the lab as one module, with the engine as text: a worker needs no second file."""
    charts, page = ((_HERE / name).read_text(encoding="utf-8") for name in ("charts.js", "page.js"))
    return f"const WORKER_SOURCE = {json.dumps(engine_source())};\n{charts}\n{page}"


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
