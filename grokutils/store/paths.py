"""Where things lie on disk, and whether the Python that asks is the one that make set up."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
# A folder without a root is taken from the repository, wherever the process is.
CACHE = ROOT / Path(os.environ.get("GROKUTILS_CACHE") or ".cache").expanduser()
DATA = ROOT / "data"
CHAPTERS = ROOT / "chapters"
RESULTS = ROOT / "_build" / "results"

_wanted = os.environ.get("GROKUTILS_PYTHON")  # which the Makefile sets
if _wanted and Path(_wanted).exists() and not os.path.samefile(_wanted, sys.prefix):
    raise ImportError(
        f"this is {sys.executable}, not the Python in {_wanted}: another kernel is named python3"
    )
