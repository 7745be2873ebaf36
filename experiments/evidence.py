"""What a verdict stands on: a chapter's code and all that it imports, criteria, and tables."""

import ast
import hashlib
import json
from pathlib import Path

from experiments.registry import bounds
from grokutils.store import paths
from grokutils.store.fingerprint import ROOTS, changed, fingerprint, imports
from grokutils.store.syntax import bare, hashed

CLAIMS = "experiments.claims"


def of_chapter(chapter: str) -> str:
    """Return the digest of what is measured in a chapter, see `of_chapters`."""
    return of_chapters({chapter})[chapter]


def of_chapters(chapters: set[str]) -> dict[str, str]:
    """Return the digest of what is measured in each chapter; what they share is read once.

    It is of the chapter's code, of the modules that it imports and what these import in turn, of
    the libraries' versions, of what decides the chapter's claims, and of the rows of all tables.
    A comment changes none of it, nor does a note that a table was checked.
    """
    claims, tables, found = bounds(paths.ROOT / "experiments"), _tables(), {}
    for chapter in chapters:
        code = _code(chapter)
        decides = {name: claim for name, claim in claims.items() if claim["chapter"] == chapter}
        criteria = json.dumps(decides, sort_keys=True)
        found[chapter] = hashed((bare(code), fingerprint(*_modules(code)), criteria, tables))
    return found


def newer(chapter: str) -> list[Path]:
    """Return the sources that a chapter stands on that changed after this process loaded them."""
    return changed(*_modules(_code(chapter)))


def _code(chapter):
    """Return the syntax trees of a chapter's code cells."""
    path = paths.CHAPTERS / f"{chapter}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"] if path.exists() else []
    return [_parsed("".join(cell["source"])) for cell in cells if cell["cell_type"] == "code"]


def _parsed(cell):
    try:
        return ast.parse(cell)
    except SyntaxError:  # with a magic, which IPython makes a call
        from IPython.core.inputtransformer2 import TransformerManager

        return ast.parse(TransformerManager().transform_cell(cell))


def _modules(code):
    names = {name for cell in code for name in imports(cell)}
    return CLAIMS, *sorted(name for name in names if name.partition(".")[0] in ROOTS)


def _tables():
    """Return a digest of the rows of each table; their first lines do not count."""
    found = []
    for path in sorted(paths.DATA.glob("*.csv")):
        rows = [line for line in path.read_bytes().splitlines() if line[:1] != b"#"]
        found.append((path.name, hashlib.sha256(b"\n".join(rows)).hexdigest()))
    return found
