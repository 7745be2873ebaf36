"""Compute each run once: a cache on disk that knows the code, and processes over the cores.

A result is kept under the arguments, the code that the function's module stands on, and the
versions of the libraries that compute. Change any of these and the run is computed again; what
was half-written or damaged is, too. What other code computed is forgotten after a month.
"""

import functools
import hashlib
import os
import pickle
import shutil
import time
import warnings
from pathlib import Path

import joblib
import torch
from filelock import FileLock
from tqdm.auto import tqdm

from grokutils.store.fingerprint import changed, fingerprint
from grokutils.store.paths import CACHE as LOCATION

DAYS = 30


def compute(function, calls, *, n_jobs=-1, cache=True) -> list:
    """Call `function` with each of the keyword arguments in `calls`; return the results in order.

    What the cache holds is read; the rest runs in `n_jobs` processes of one torch thread each,
    with a progress bar. A run is kept as soon as it ends, so an interrupt loses only the runs
    in flight.

    Parameters
    ----------
    function : callable
        A module-level function of this package that depends on its arguments alone.
    calls : list of dict
    n_jobs : int
        -1 is one process per core.
    cache : bool
        False computes everything and keeps nothing.
    """
    cache = cache and _is_loaded(function)
    missing = [c for c in calls if not (cache and _entry(function, c).exists())]
    n_jobs = min(joblib.cpu_count() if n_jobs == -1 else n_jobs, max(len(missing), 1))
    one = compute_once if cache else alone
    results = []
    if missing:
        parallel = joblib.Parallel(n_jobs=n_jobs, return_as="generator")
        jobs = parallel(joblib.delayed(one)(function, **call) for call in missing)
        with warnings.catch_warnings():
            # A worker that grew is replaced by joblib; no run is lost and no reader need care.
            warnings.filterwarnings("ignore", message="A worker stopped")
            # tqdm's notebook bar does not read its own variable, and would be a second output.
            quiet = bool(os.environ.get("TQDM_DISABLE"))
            bar = tqdm(jobs, total=len(missing), unit="run", leave=False, disable=quiet)
            results = list(bar)
    if not cache:
        return results
    return [compute_once(function, **call) for call in calls]


def compute_once(function, **arguments) -> object:
    """Return ``function(**arguments)`` from the cache, or compute it and keep it there.

    A second process that asks for the same run waits for the first one's result.
    """
    if not _is_loaded(function):
        return alone(function, **arguments)
    entry = _entry(function, arguments)
    entry.parent.mkdir(parents=True, exist_ok=True)
    os.utime(entry.parent)
    _forget_old()
    with FileLock(f"{entry}.lock") as lock:
        kept = _read(entry)
        if not kept:
            kept = [alone(function, **arguments)]
            _write(entry, kept)
        Path(lock.lock_file).unlink(missing_ok=True)
    return kept[0]


def alone(function, **arguments) -> object:
    """Return ``function(**arguments)``, computed on one torch thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return function(**arguments)
    finally:
        torch.set_num_threads(threads)


def _is_loaded(function):
    """Return whether this process runs the code that is on disk; warn if it does not."""
    newer = changed(function.__module__)
    if newer:
        names = ", ".join(sorted(path.name for path in newer))
        message = f"{names} changed after this process loaded the package: runs are computed, and"
        warnings.warn(f"{message} not kept, until the kernel is restarted", stacklevel=3)
    return not newer


def _entry(function, arguments):
    code = fingerprint(function.__module__)
    return LOCATION / "runs" / code / f"{function.__qualname__}-{joblib.hash(arguments)}"


def _read(entry):
    """Return a list of the result kept at `entry`, empty where none can be read."""
    try:
        content = entry.read_bytes()
        sound = content[:32] == hashlib.sha256(content[32:]).digest()
        return pickle.loads(content[32:]) if sound else []
    except Exception:  # a pickle raises what it likes; the run is there to be computed again
        return []


def _write(entry, kept):
    content = pickle.dumps(kept)
    partial = Path(f"{entry}.partial")
    partial.write_bytes(hashlib.sha256(content).digest() + content)
    partial.replace(entry)


@functools.cache
def _forget_old():
    """Remove what code not used for a month has computed, once a process."""
    for folder in LOCATION.joinpath("runs").iterdir():
        if folder.stat().st_mtime < time.time() - DAYS * 86_400:
            shutil.rmtree(folder, ignore_errors=True)
