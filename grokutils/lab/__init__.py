"""The live lab: the paper's network trained in the reader's browser, with no kernel and no server.

One JavaScript source serves the rendered page, JupyterLab and Colab, a room per idea:

- in a worker, from the ground up: `pcg`, `random` (NumPy's numbers), `digest`, `sums` and
  `kernels` (the arithmetic of `grokutils.parity.kernels`), `engine`, `measure`, `draw` (from
  settings to a run), `change` (what is done on the way), `course` (a run, its events and its
  change), `trainer`, `repeater`, `worker`
- in the page: `settings`, `cost`, `words` (presets and summaries), `charts`, `norms`, `weights`,
  `pick`, `runner` (a course in its worker), `repeat` (over ten seeds), `session` (all that trains),
  `take` and `python` (what a reader takes home), `form`, `desk`, `figures`, `panel`, `page`

`vectors` writes the inner loops once more, in WebAssembly, which `wasm` assembles. `address` checks
in Python what a link of the book asks of the lab.
"""

import json
from base64 import b64encode
from pathlib import Path

import anywidget
import traitlets

from grokutils.lab import vectors
from grokutils.lab.address import paper
from grokutils.stats import THRESHOLD

_HERE = Path(__file__).parent
_WORKER = (
    *(
        "pcg",
        "random",
        "digest",
        "sums",
        "kernels",
        "engine",
        "measure",
        "draw",
        "change",
        "course",
    ),
    *("trainer", "repeater", "worker"),
)
_PAGE = (
    *("change", "settings", "cost", "words", "charts", "norms", "weights", "pick", "runner"),
    *("repeat", "session", "take", "python", "form", "desk", "figures", "panel", "page"),
)


def _text(names):
    return "\n".join((_HERE / f"{name}.js").read_text(encoding="utf-8") for name in names)


def engine_source() -> str:
    """Return the JavaScript of the worker, a script that also runs under Node."""
    given = f'const THRESHOLD = {THRESHOLD}, VECTORS = "{b64encode(vectors.code()).decode()}";'
    return f"{given}\n{_text(_WORKER)}"


def page_source() -> str:
    """Return the lab as one module, with the worker as text: it needs no second file."""
    worker, settings = json.dumps(engine_source()), json.dumps(paper())
    given = f"const WORKER_SOURCE = {worker}, PAPER = {settings}, THRESHOLD = {THRESHOLD};"
    return f"{given}\n{_text(_PAGE)}"


class Lab(anywidget.AnyWidget):
    """Show the live lab; display it as a cell's output.

    Parameters
    ----------
    preset : str
        What it starts from, settings or an experiment of the book; `Lab.preset.values` lists
        them.

    Raises
    ------
    traitlets.TraitError
        If there is no such preset.
    """

    _esm = page_source()
    _css = (_HERE / "lab.css").read_text(encoding="utf-8")
    preset = traitlets.Enum(
        [
            *(
                "the paper",
                "no weight decay",
                "too little data",
                "plenty of data",
                "k = 4",
                "narrow",
            ),
            *("hold the winners down", "remove them at memorization", "weight decay off at 75"),
            *("train the ticket", "shrink the data after grokking", "five per cent wrong labels"),
            "start four times larger",
        ],
        default_value="the paper",
    ).tag(sync=True)
