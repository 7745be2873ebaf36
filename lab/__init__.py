"""The live lab: the paper's network trained in the reader's browser, with no kernel and no server.

One JavaScript source serves the rendered page, JupyterLab and Colab: `worker/` trains, `page/`
asks and shows, `shared/` is known to both. This package joins the files to one text each, checks
in Python what a link of the book asks of the lab (`address`), and writes the inner loops once
more in WebAssembly (`wasm_loops`, by `wasm_assembler`).
"""

import json
from base64 import b64encode
from pathlib import Path

from grokutils.stats import THRESHOLD
from lab import wasm_loops
from lab.address import paper

_HERE = Path(__file__).parent
_WORKER = (
    *("pcg64", "generator", "sha256", "signed_sums", "kernels", "engine", "measure", "new_run"),
    *("../shared/change", "experiment", "trainer", "repeater", "main"),
)
_PAGE = (
    *("../shared/change", "settings", "cost", "summary", "line_charts", "norm_chart"),
    *("weight_chart", "neuron_picker", "run_in_worker", "ten_seeds", "session", "downloads"),
    *("python_text", "form", "planner", "figures", "panel", "main"),
)


def _text(folder, names):
    files = (_HERE / folder / f"{name}.js" for name in names)
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def engine_source() -> str:
    """Return the JavaScript of the worker, a script that also runs under Node."""
    code = b64encode(wasm_loops.code()).decode()
    return f'const THRESHOLD = {THRESHOLD}, VECTORS = "{code}";\n{_text("worker", _WORKER)}'


def page_source() -> str:
    """Return the lab as one module, with the worker as text: it needs no second file."""
    worker, settings = json.dumps(engine_source()), json.dumps(paper())
    given = f"const WORKER_SOURCE = {worker}, PAPER = {settings}, THRESHOLD = {THRESHOLD};"
    return f"{given}\n{_text('page', _PAGE)}"


def style() -> str:
    """Return the lab's style sheet."""
    return (_HERE / "page" / "lab.css").read_text(encoding="utf-8")
