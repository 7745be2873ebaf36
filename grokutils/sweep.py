"""Turn a list of runs into one tidy table on disk: a row per run, kept as soon as it ends.

The table is a CSV file whose first lines, behind `#`, say which command, configuration,
versions and day made it: ``pandas.read_csv(path, comment="#")`` reads it anywhere.
"""

import csv
import io
import json
import platform
import warnings
from datetime import date
from pathlib import Path

import joblib
import numpy
import pandas as pd
import torch
from tqdm.auto import tqdm

from grokutils.runs import alone, fingerprint


def sweep(measure, calls, path, *, command, n_jobs=-1):
    """Compute the rows that the table at `path` lacks, and return those of `calls`.

    Parameters
    ----------
    measure : callable
        A module-level function of this package, from keyword arguments that are numbers or
        strings to a dict of numbers and strings. Both become columns.
    calls : list of dict
        The keyword arguments of each run, the same names in each.
    path : path of the CSV file
        Rows found there are kept; an interrupt loses only the runs in flight.
    command : str
        What a reader types to make the table, for its first lines.
    n_jobs : int
        Processes of one torch thread each; -1 is one per core.

    Returns
    -------
    pandas.DataFrame
        A row per call, in their order. A run that fails is reported in a warning with its
        arguments and left out.

    Raises
    ------
    ValueError
        If the table at `path` was made by other code.
    """
    path, names = Path(path), list(calls[0])
    _start(path, command, fingerprint(measure.__module__))
    done = set(_keys(read(path), names))
    missing = [call for call in calls if _key(call.values()) not in done]
    parallel = joblib.Parallel(n_jobs=n_jobs, return_as="generator_unordered")
    rows = parallel(joblib.delayed(_row)(measure, call) for call in missing)
    for row in tqdm(rows, total=len(missing), unit="run"):
        _append(path, row)
    table = read(path)
    table.index = _keys(table, names)
    wanted = [key for key in map(_key, (call.values() for call in calls)) if key in table.index]
    return table.loc[wanted].reset_index(drop=True)


def read(path):
    """Return the table at `path`, without the lines that say how it was made."""
    text = Path(path).read_text()
    whole = text[: text.rfind("\n") + 1]  # a row cut off by a crash is no row
    rows = [line for line in whole.splitlines() if not line.startswith("#")]
    return pd.read_csv(io.StringIO("\n".join(rows))) if rows else pd.DataFrame()


def origin(path):
    """Return what the first lines of a table say of how it was made, as a dict."""
    lines = [line for line in Path(path).read_text().splitlines() if line.startswith("#")]
    return dict(line[2:].split(": ", 1) for line in lines)


def _row(measure, call):
    try:
        return call | alone(measure, **call)
    except Exception as error:  # one run's failure is that run's alone
        return call | {"error": f"{type(error).__name__}: {error}"}


def _start(path, command, code):
    if path.exists() and path.stat().st_size:
        made_by = origin(path).get("code")
        if made_by != code:
            raise ValueError(f"{path} was made by other code ({made_by}); remove it to start anew")
        return
    versions = {p.__name__: p.__version__ for p in (torch, numpy)}
    lines = {
        "command": command,
        "date": date.today().isoformat(),
        "versions": json.dumps({"python": platform.python_version()} | versions),
        "code": code,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"# {name}: {value}\n" for name, value in lines.items()))


def _append(path, row):
    if "error" in row:
        warnings.warn(f"a run failed: {row}", stacklevel=2)
        return
    before = read(path)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(before.columns) or list(row), lineterminator="\n")
    if before.columns.empty:
        writer.writeheader()
    writer.writerow(row)
    content = path.read_text()
    with path.open("r+") as table:
        table.truncate(content.rfind("\n") + 1)
        table.seek(0, io.SEEK_END)
        table.write(text.getvalue())


def _keys(table, names):
    return [_key(row) for row in table[names].itertuples(index=False)] if len(table) else []


def _key(values):
    """Return arguments in a form that survives a CSV file, where 1 and 1.0 are the same."""
    return tuple(v if isinstance(v, str) else str(float(v)) for v in values)
