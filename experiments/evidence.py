"""What a verdict stands on: a digest of the package, of all tables and of a chapter's cells."""

import hashlib
import json
from pathlib import Path

from grokutils.store import paths
from grokutils.store.fingerprint import ROOTS


def package() -> list[Path]:
    """Return the sources of the package, with the claims' criteria.

    Any of it may have taken part in a measurement, and one for other criteria need not fit these.
    """
    folders = [paths.ROOT / name for name in ROOTS]
    return sorted(path for f in folders for kind in ("*.py", "*.toml") for path in f.rglob(kind))


def shared() -> "hashlib._Hash":
    """Return the hash of what any measurement may stand on: the package and all tables.

    A table's first lines do not count, for to check it changes none of its numbers.
    """
    found = hashlib.sha256(b"".join(path.read_bytes() for path in package()))
    for table in sorted(paths.DATA.glob("*.csv")):
        rows = (row for row in table.read_bytes().splitlines() if not row.startswith(b"#"))
        found.update(b"\n".join([table.name.encode(), *rows]))
    return found


def of_chapter(chapter, base) -> str:
    """Return the digest of what is measured in a chapter; `base` is what `shared` returned."""
    whole = base.copy()
    for notebook in paths.CHAPTERS.glob(f"{chapter}.ipynb"):
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        whole.update(json.dumps(code).encode())
    return whole.hexdigest()
