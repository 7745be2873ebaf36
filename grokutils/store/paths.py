"""Where things lie on disk."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[2]
CACHE = Path(os.environ.get("GROKUTILS_CACHE", ROOT / ".cache"))
DATA = ROOT / "data"
CHAPTERS = ROOT / "chapters"
RESULTS = ROOT / "_build" / "results"
