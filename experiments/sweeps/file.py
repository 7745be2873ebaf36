"""A table on disk: a CSV file whose first lines, behind `#`, say what made it.

``pandas.read_csv(path, comment="#")`` reads it anywhere. Where runs have several rows, an empty
line ends each of them, so that a run that a crash cut off is known, left out, and done again.
The first lines also name the type of each column, as its first row had it.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from platform import python_version
from typing import Any

import pandas as pd
from filelock import FileLock, Timeout

from experiments.sweeps import rows
from grokutils.store.fingerprint import digest, versions
from grokutils.store.whole import write

SEVERAL = "# runs: of several rows, an empty line after each run\n"


def read(path: Path) -> pd.DataFrame:
    """Return the table at `path`, without the lines that say how it was made."""
    head, body = _parts(path)
    return rows.parse(body, _said(head)["types"])


def origin(path: Path) -> dict[str, Any]:
    """Return what the first lines of a table say of how it was made.

    `command`, `configuration`; `types` of the columns; `date`, `code` and `versions` of its
    making; `extended` and `checked`, lists of such entries, one for each time that rows were
    added or computed anew.
    """
    return _said(_parts(path)[0])


def _said(head):
    found = {"types": "", "extended": [], "checked": []}
    for line in head.splitlines():
        name, _, value = line[2:].partition(": ")
        if name in ("checked", "extended"):
            found[name].append(json.loads(value))
        else:
            found |= json.loads(value) if name == "made" else {name: value}
    return found | {"types": json.loads(found["types"] or "{}")}


def other(path: Path, today: dict[str, Any]) -> str:
    """Say by what a table was made that is not in a `stamp` of today's, or return "".

    That, or what checked it last, must have the same code and versions.
    """
    made = origin(path)
    entries = [*made["checked"][-1:], made]
    same = [entry["versions"] for entry in entries if entry.get("code") == today["code"]]
    found = [differing(versions, today["versions"]) for versions in same]
    return min(found, key=len, default=f"other code ({entries[0].get('code')})")


def differing(versions: dict[str, str], today: dict[str, str]) -> str:
    """Say which libraries have other versions than today's, or return ""."""
    names = [name for name in today if name != "python" and versions.get(name) != today[name]]
    return ", ".join(f"{name} {versions.get(name)} instead of {today[name]}" for name in names)


def stamp(module: str) -> dict[str, Any]:
    """Return what a first line says of today: date, digest of a module's code, versions."""
    libraries = {"python": python_version()} | versions(module)
    return {"date": date.today().isoformat(), "code": digest(module), "versions": libraries}


def note(path: Path, name: str, entry: Any) -> None:
    """Add a line to the first lines of a table."""
    head, body = _parts(path)
    write(path, head + line(name, entry) + body)


def line(name: str, entry: Any) -> str:
    """Return one of a table's first lines."""
    value = entry if isinstance(entry, str) else json.dumps(entry, ensure_ascii=False)
    return f"# {name}: {' '.join(value.split())}\n"


@dataclass
class Table:
    """A table that is being written: its first lines, and its columns' types once it has rows."""

    path: Path
    head: str
    types: dict[str, str]

    def append(self, found: dict | list[dict]) -> None:
        """Add the row or the list of rows of a run, in one write.

        Raises
        ------
        ValueError
            If the table cannot hold them.
        """
        several = isinstance(found, list)
        run = found if isinstance(found, list) else [found]
        end = "\n" if several else ""
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
        self.head += line("types", types)
        write(self.path, self.head + ",".join(types) + "\n" + end + content)
        self.types = types


def begin(path: Path, lines: dict[str, Any]) -> Table:
    """Return the table at `path` without a run that a crash cut off, or begin one with `lines`.

    Raises
    ------
    ValueError
        If other code or libraries than today's, in `lines`, made the table and last checked it.
    """
    if not path.exists() or not path.stat().st_size:
        return Table(path, "".join(map(line, lines, lines.values())), {})
    found = other(path, lines["made"])
    if found:
        advice = f"run make check-tables TABLE={path.stem} first, or remove it to start anew"
        raise ValueError(f"{path} was made by {found}; {advice}")
    head, body = _parts(path)
    types = origin(path)["types"]
    if body.rstrip("\n").count("\n") == 0:  # of the names of the columns, if that
        head, body, types = re.sub("# types: .*\n", "", head), "", {}
    elif not types:
        raise ValueError(f"{path} does not name the types of its columns; remove it to start anew")
    if len((head + body).encode()) < path.stat().st_size:
        write(path, head + body)
    return Table(path, head, types)


def _parts(path):
    """Return the first lines of a table, and its rows but for a run that a crash cut off."""
    content = Path(path).read_bytes()
    whole = content[: content.rfind(b"\n") + 1].decode().replace("\r\n", "\n")
    lines = whole.split("\n")[:-1]
    above = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    head, body = ("".join(f"{line}\n" for line in part) for part in (lines[:above], lines[above:]))
    if SEVERAL in head:
        body = body[: body.rfind("\n\n") + 2] if "\n\n" in body else ""
    return head, body


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a table for one writer.

    The file of the lock stays: what is held cannot be deleted on Windows, and what was let go of
    may be another's by now.

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
        lock.release()
