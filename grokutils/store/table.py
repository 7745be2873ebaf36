"""Turn a list of runs into one tidy table on disk: a row per run, kept as soon as it ends.

The table is a CSV file whose first lines, behind `#`, say which command, configuration,
versions and day made it: ``pandas.read_csv(path, comment="#")`` reads it anywhere. The runs are
spread over the cores of this machine or, given the address of its scheduler, over a Dask cluster.
"""

import csv
import io
import itertools
import json
import os
import platform
import warnings
from datetime import date
from pathlib import Path

import joblib
import numpy
import pandas as pd
import torch
from tqdm.auto import tqdm

from grokutils.store.cache import alone
from grokutils.store.fingerprint import fingerprint


def grid(**columns):
    """Return the calls of a grid: every combination of the columns that hold several values.

    ``grid(weight_decay=[0.0, 0.01], seed=range(5), width=1000)`` is ten calls.
    """
    lists = [
        [v] if isinstance(v, str) or not hasattr(v, "__iter__") else v for v in columns.values()
    ]
    return [dict(zip(columns, values, strict=True)) for values in itertools.product(*lists)]


def sweep(measure, calls, path, *, command, configuration="", n_jobs=-1, scheduler=None):
    """Compute the rows that the table at `path` lacks, and return those of `calls`.

    A progress bar shows the rows done and an estimate of the time left.

    Parameters
    ----------
    measure : callable
        A module-level function of this package, from keyword arguments that are numbers or
        strings to a dict of numbers and strings. Both become columns.
    calls : list of dict
        The keyword arguments of each run, the same names in each; see `grid`.
    path : path of the CSV file
        Rows found there are kept; an interrupt loses only the runs in flight.
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
        A row per call, in their order. A run that fails is reported in a warning with its
        arguments and left out.

    Raises
    ------
    ValueError
        If the table at `path` was made by other code.
    OSError
        If no scheduler answers at the address.
    RuntimeError
        If a worker of the cluster has other code than this process.
    """
    if not calls:
        raise ValueError("calls = []: must hold at least one run")
    path, names = Path(path), list(calls[0])
    for call in calls:
        if list(call) != names:
            raise ValueError(f"calls: {call} does not set the same columns as the first, {names}")
    _start(path, command, configuration, fingerprint(measure.__module__))
    done = set(_keys(read(path), names))
    missing = [call for call in calls if _key(call.values()) not in done]
    scheduler = scheduler or os.environ.get("SCHEDULER")
    if scheduler and missing:
        rows = _on_cluster(scheduler, measure, missing)
    else:
        parallel = joblib.Parallel(n_jobs=n_jobs, return_as="generator_unordered")
        rows = parallel(joblib.delayed(_row)(measure, call) for call in missing)
    quiet = bool(os.environ.get("TQDM_DISABLE"))
    for row in tqdm(rows, total=len(missing), unit="run", disable=quiet):
        _append(path, row)
    table = read(path)
    table.index = _keys(table, names)
    wanted = [key for key in map(_key, (call.values() for call in calls)) if key in table.index]
    return table.loc[wanted].reset_index(drop=True)


def _on_cluster(scheduler, measure, calls):
    """Yield the rows as the workers of a Dask cluster finish them.

    A run whose worker dies is given to another; one that kills several is reported as failed.
    """
    from dask.distributed import Client, as_completed

    try:
        client = Client(scheduler)
    except (OSError, ValueError) as error:
        raise OSError(
            f"SCHEDULER = {scheduler}: no Dask scheduler answers there ({error})"
        ) from error
    with client:
        code = fingerprint(measure.__module__)
        for worker, found in client.run(fingerprint, measure.__module__).items():
            if found != code:
                raise RuntimeError(f"worker {worker} has other code ({found}) than this process")
        futures = [client.submit(_row, measure, call, pure=False) for call in calls]
        call_of = {future.key: call for future, call in zip(futures, calls, strict=True)}
        for future in as_completed(futures):
            error = future.exception()  # of the cluster's, for a run's own is in its row
            failed = call_of[future.key] | {"error": f"{type(error).__name__}: {error}"}
            yield failed if error else future.result()
            future.release()


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


def _start(path, command, configuration, code):
    if path.exists() and path.stat().st_size:
        made_by = origin(path).get("code")
        if made_by != code:
            raise ValueError(f"{path} was made by other code ({made_by}); remove it to start anew")
        return
    versions = {p.__name__: p.__version__ for p in (torch, numpy)}
    lines = {
        "command": command,
        "configuration": configuration,
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
