"""Run every chapter once, with few seeds: does the book work here? ``make smoke``, about a minute.

The surveys in a chapter's text are replaced by smaller ones; a replacement that no longer finds its
text is an error. What is measured on the way judges no claim.
"""

import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

CHAPTERS = Path(__file__).parents[1] / "chapters"
LATE = {"explanations", "scorecard", "since"}  # they read what the others record
TWENTY = ("seeds=range(20)", "seeds=range(5)")
AGAIN = ("seeds=range(3000, 3020)", "seeds=range(3000, 3005)")
REPLACED = {
    "02_training": [TWENTY, AGAIN],
    "03_norms": [TWENTY, AGAIN],
    "04_lead": [TWENTY],
    "05_subnetworks": [TWENTY, AGAIN],
    "06_circuit": [TWENTY],
    "07_sizes": [TWENTY],
    "33_kept": [TWENTY],
    "08_decay": [('switches["seed"].unique().tolist()', 'switches["seed"].unique().tolist()[:5]')],
}
# So that a few seeds pass for as many as a claim needs, whatever they find, and the scorecard stays
# as it is.
ASIDE = """from dataclasses import replace as _with
from pathlib import Path
from experiments import claims as _claims
_claims.LOCATION = Path({folder!r})
for _id, _claim in _claims.CLAIMS.items():
    _few = min(_claim.least_seeds, 1)
    _claims.CLAIMS[_id] = _with(_claim, least_seeds=_few, relies=())
"""


def smaller(path, folder):
    """Return the notebook at `path` with its replacements."""
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for old, new in REPLACED.get(path.stem, []):
        found = [cell for cell in cells if old in cell.source]
        if not found:
            raise ValueError(f"{path.name}: {old!r} is in no cell; see {Path(__file__).name}")
        for cell in found:
            cell.source = cell.source.replace(old, new)
    cells[0].source = ASIDE.format(folder=folder) + cells[0].source
    return notebook


def run(path):
    """Return what went wrong in a chapter, or "", and the seconds that it took."""
    start, wrong = time.monotonic(), ""
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            smaller(path, folder), timeout=300, resources={"metadata": {"path": CHAPTERS}}
        )
        try:
            try:
                client.execute()
            except RuntimeError:  # the kernel did not start: two may choose the same port
                client.execute()
        except CellExecutionError as error:
            wrong = str(error)
    return wrong, time.monotonic() - start


def main():
    """Run all chapters, two at a time; return how many failed."""
    paths = [p for p in sorted(CHAPTERS.glob("*.ipynb")) if p.stem not in LATE]
    failed = 0
    with ThreadPoolExecutor(2) as pool:
        for path, (wrong, seconds) in zip(paths, pool.map(run, paths), strict=True):
            print(f"{path.stem}: {'failed' if wrong else 'works'} ({seconds:.0f} s)", flush=True)
            print(wrong, end="\n" if wrong else "")
            failed += bool(wrong)
    return failed


if __name__ == "__main__":
    sys.exit(main())
