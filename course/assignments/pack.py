"""Pack a folder per assignment that a student can unzip and work in, with no copy of the book.

nbgrader has written the student's notebooks to `grading/student/`. Beside each go the modules that
training stands on, none of those that hold the answers, the libraries that they need and what these
need in turn, in exact versions, and how to begin.
"""

import re
import shutil
from pathlib import Path

from grokutils.store.fingerprint import sources

ROOT = Path(__file__).parents[2]
STUDENT = ROOT / "grading" / "student"
LIBRARIES = [
    *("filelock", "ipykernel", "joblib", "jupyterlab", "matplotlib"),
    *("numba", "numpy", "pandas", "torch", "tqdm", "xarray"),
]
START = """\
You need Python 3.11 to 3.14, a network and 1.5 GB of disk. Once, in this folder:

    python3 -m venv ../grokking
    ../grokking/bin/pip install -r requirements.txt

This takes a few minutes and serves all assignments that are unzipped side by side. Then

    ../grokking/bin/jupyter lab {notebook}

(On Windows: py instead of python3, Scripts instead of bin. On Linux, pip's default torch brings
5 GB of CUDA libraries that nothing here uses; to avoid them, install a CPU build of the version in
requirements.txt first.)

Fill in the marked cells, then Kernel, Restart Kernel and Run All Cells; save, and hand in
{notebook} alone.
"""


MENDS = "grokutils.store.machine_code:mend"
# By this Numba finds what mends its files, as where the package is installed (pyproject.toml).
INSTALLED = {
    "METADATA": "Metadata-Version: 2.1\nName: grokutils\nVersion: 0\n",
    "entry_points.txt": f"[numba_extensions]\ninit = {MENDS}\n",
}
NEEDED = (
    "grokutils.parity.train",
    "grokutils.store.cache",
    MENDS.partition(":")[0],
    "experiments.methods.updates",
)


def modules():
    """Return the source files that an assignment needs: training, kept runs, other updates."""
    seeds = {"grokutils.seeds": sources("grokutils.seeds")["grokutils.seeds"]}
    return seeds | {k: v for needed in NEEDED for k, v in sources(needed).items()}


def requirements():
    """Return the pinned lines of the book's requirements that an assignment needs.

    The first names the file that pins what these need in turn, which is packed beside it.
    """
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    named = [line for line in lines if re.split("[=<>]", line)[0] in LIBRARIES]
    return "\n".join(["-c constraints.txt", *named, ""])


def pack(folder):
    """Fill one student's folder and zip it."""
    (notebook,) = folder.glob("*.ipynb")
    for package in ("grokutils", "experiments"):
        shutil.rmtree(folder / package, ignore_errors=True)
    for source in modules().values():
        place = folder / source.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, place)
    info = folder / "grokutils-0.dist-info"
    info.mkdir(exist_ok=True)
    for name, text in INSTALLED.items():
        (info / name).write_text(text, encoding="utf-8")
    (folder / "requirements.txt").write_text(requirements(), encoding="utf-8")
    shutil.copy(ROOT / "constraints.txt", folder)
    (folder / "START.txt").write_text(START.format(notebook=notebook.name), encoding="utf-8")
    return shutil.make_archive(folder, "zip", folder.parent, folder.name)


if __name__ == "__main__":
    for folder in sorted(path for path in STUDENT.iterdir() if path.is_dir()):
        print("for students:", pack(folder))
