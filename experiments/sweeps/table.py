"""Turn a list of runs into one tidy table on disk, each run kept as soon as it ends.

`experiments.sweeps.file` says what the file is like, `experiments.sweeps.spread` where the runs are
done.
"""

import itertools
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm.auto import tqdm

from experiments.sweeps import file
from experiments.sweeps.file import origin, read
from experiments.sweeps.rows import kinds
from experiments.sweeps.spread import spread

__all__ = ["grid", "origin", "read", "sweep"]


def grid(**columns: Any) -> list[dict]:
    """Return the calls of a grid: every combination of the columns that hold several values.

    ``grid(weight_decay=[0.0, 0.01], seed=range(5), width=1000)`` is ten calls.
    """
    lists = [
        [v] if isinstance(v, str) or not hasattr(v, "__iter__") else v for v in columns.values()
    ]
    return [dict(zip(columns, values, strict=True)) for values in itertools.product(*lists)]


def sweep(
    measure: Callable,
    calls: list[dict],
    path: str | Path,
    *,
    command: str,
    configuration: str = "",
    n_jobs: int = -1,
    scheduler: str | None = None,
) -> pd.DataFrame:
    """Compute the runs that the table at `path` lacks, and return the rows of those in `calls`.

    A progress bar shows the runs done and an estimate of the time left.

    Parameters
    ----------
    measure : callable
        A module-level function, from keyword arguments that are numbers or strings to a row, a
        dict of numbers and strings, or to a list of rows. Both become columns.
    calls : list of dict
        The keyword arguments of each run, the same names in each; see `grid`.
    path : path of the CSV file
        Runs found there are kept; an interrupt loses only those in flight.
    command : str
        What a reader types to make the table, for its first lines.
    configuration : str
        What the runs have in common, for its first lines.
    n_jobs : int
        Processes of one torch thread each; -1 is one per core.
    scheduler : str, optional
        Address of a Dask scheduler, such as ``tcp://10.0.0.1:8786``, whose workers then do the
        runs; by default the environment variable ``SCHEDULER``, and without it this machine.

    Returns
    -------
    pandas.DataFrame
        The rows of each call, in their order. A run that fails is reported in a warning with its
        arguments and left out.

    Raises
    ------
    ValueError
        If the calls do not fit together or the table, or the table was made by other code
        or with other versions of the libraries that it computes with.
    OSError
        If no scheduler answers at the address.
    RuntimeError
        If another process holds the table, or one that is to do a run has other code
        or other versions.
    """
    path, made = Path(path), file.stamp(measure.__module__)
    types = _types(calls)
    path.parent.mkdir(parents=True, exist_ok=True)
    with file.locked(path):
        lines = {"command": command, "configuration": configuration, "made": made}
        table = file.begin(path, lines)
        missing = _missing(path, calls, types, table.types)
        runs = spread(measure, missing, made, n_jobs, scheduler or os.environ.get("SCHEDULER"))
        quiet = bool(os.environ.get("TQDM_DISABLE"))
        for call, found, error in tqdm(runs, total=len(missing), unit="run", disable=quiet):
            try:
                if not error:
                    table.append(found)
            except ValueError as problem:
                error = f"ValueError: {problem}"
            if error:
                warnings.warn(f"a run failed: {call | {'error': error}}", stacklevel=2)
    found = _rows(path, list(types))
    wanted = [row for call in calls for row in found.get(_key(call.values()), [])]
    return read(path).iloc[wanted].reset_index(drop=True) if found else pd.DataFrame()


def _types(calls):
    """Return the type of each argument, the same in all calls."""
    if not calls:
        raise ValueError("calls = []: must hold at least one run")
    types = kinds(calls[0])
    for call in calls:
        if list(call) != list(types):
            same = f"does not set the same columns as the first, {list(types)}"
            raise ValueError(f"calls: {call} {same}")
        if kinds(call) != types:
            raise ValueError(f"calls: {call} has not the types of the first, {calls[0]}")
    return types


def _missing(path, calls, types, columns):
    """Return the calls of which the table, with columns of these types, has no rows."""
    if columns and types != {name: columns.get(name) for name in types}:
        raise ValueError(f"calls: {calls[0]} does not fit the columns of {path}")
    done = _rows(path, list(types))
    return list({key: call for call in calls if (key := _key(call.values())) not in done}.values())


def _rows(path, names):
    """Return the numbers of each run's rows, by the run's arguments."""
    table, found = read(path) if path.exists() else pd.DataFrame(), {}
    for row, values in enumerate(table[names].itertuples(index=False) if len(table) else ()):
        found.setdefault(_key(values), []).append(row)
    return found


def _key(values):
    """Return arguments as a key; 1 and 1.0 are the same, and NaN is itself."""
    return tuple("nan" if value != value else value for value in values)
