"""A table on disk: a CSV file whose first lines, behind `#`, say what made it.

``pandas.read_csv(path, comment="#")`` reads it anywhere. Where runs have several rows, an empty
line ends each of them, so that a run that a crash cut off is known, left out, and done again.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from platform import python_version

import pandas as pd
from filelock import FileLock, Timeout

from grokutils.store import rows
from grokutils.store.fingerprint import versions

SEVERAL = "# runs: of several rows, an empty line after each run\n"


def read(path) -> pd.DataFrame:
    """Return the table at `path`, without the lines that say how it was made."""
    return rows.parse(_parts(path)[1])


def origin(path) -> dict:
    """Return what the first lines of a table say of how it was made.

    `command`, `configuration`; `date`, `code` and `versions` of its making; `checked`, a list of
    such entries, one for each time that rows of it were computed anew.
    """
    found = {"checked": []}
    for line in _parts(path)[0].splitlines():
        name, _, value = line[2:].partition(": ")
        if name == "made":
            found |= json.loads(value)
        elif name in ("checked", "extended"):
            found.setdefault(name, []).append(json.loads(value))
        else:
            found[name] = value
    return found


def known(path) -> list[str]:
    """Return the digests of the code that made a table and of that which last checked it."""
    made = origin(path)
    return [made.get("code"), *(entry["code"] for entry in made["checked"][-1:])]


def stamp(code) -> dict:
    """Return what a first line says of today: the date, the digest of the code, versions."""
    libraries = {"python": python_version()} | versions()
    return {"date": date.today().isoformat(), "code": code, "versions": libraries}


def note(path, name, entry) -> None:
    """Add a line to the first lines of a table."""
    head, body = _parts(path)
    _replace(path, head + line(name, entry) + body)


def line(name, entry) -> str:
    """Return one of a table's first lines."""
    value = entry if isinstance(entry, str) else json.dumps(entry, ensure_ascii=False)
    return f"# {name}: {' '.join(value.split())}\n"


@dataclass
class Table:
    """A table that is being written: its first lines, and its columns' types once it has rows."""

    path: Path
    head: str
    types: dict

    def append(self, found) -> None:
        """Add the row or the list of rows of a run, in one write.

        Raises
        ------
        ValueError
            If the table cannot hold them.
        """
        several = isinstance(found, list)
        run, end = (found, "\n") if several else ([found], "")
        if not run or (self.types and several != (SEVERAL in self.head)):
            raise ValueError("a run has one row, or in other tables a list of them")
        types = self.types or rows.kinds(run[0])
        content = rows.text(run, types) + end
        if self.types:
            with self.path.open("ab") as file:
                file.write(content.encode())
            return
        if several and SEVERAL not in self.head:
            self.head += SEVERAL
        _replace(self.path, self.head + ",".join(types) + "\n" + end + content)
        self.types = types


def begin(path, lines) -> Table:
    """Return the table at `path` without a run that a crash cut off, or begin one with `lines`.

    Raises
    ------
    ValueError
        If other code than today's, in `lines`, made the table and last checked it.
    """
    if not path.exists() or not path.stat().st_size:
        return Table(path, "".join(map(line, lines, lines.values())), {})
    if lines["made"]["code"] not in known(path):
        advice = f"run make check-tables TABLE={path.stem} first, or remove it to start anew"
        raise ValueError(f"{path} was made by other code ({known(path)[-1]}); {advice}")
    head, body = _parts(path)
    if len((head + body).encode()) < path.stat().st_size:
        _replace(path, head + body)
    return Table(path, head, rows.types_of(body))


def _parts(path):
    """Return the first lines of a table, and its rows but for a run that a crash cut off."""
    content = Path(path).read_bytes()
    lines = content[: content.rfind(b"\n") + 1].decode().split("\n")[:-1]
    above = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    head, body = ("".join(f"{line}\n" for line in part) for part in (lines[:above], lines[above:]))
    if SEVERAL in head:
        body = body[: body.rfind("\n\n") + 2] if "\n\n" in body else ""
    return head, body


def _replace(path, content):
    """Write a file in one go, so that a crash leaves the old one or the new one."""
    partial = Path(f"{path}.partial")
    partial.write_bytes(content.encode())
    os.replace(partial, path)


@contextmanager
def locked(path) -> Iterator[None]:
    """Hold a table for one writer.

    Raises
    ------
    RuntimeError
        If another process holds it.
    """
    lock = FileLock(f"{path}.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise RuntimeError(f"{path} is in the hands of another process; wait for it") from None
    try:
        yield
    finally:
        Path(lock.lock_file).unlink(missing_ok=True)
        lock.release()
