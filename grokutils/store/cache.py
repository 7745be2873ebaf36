"""Compute each run once: a cache on disk that knows the code, and processes over the cores.

A result is kept under the arguments, the code that the function's module stands on, and the
versions of the libraries that it computes with. Change any of these and the run is computed
again; what was half-written or damaged is, too. What other code computed is forgotten after a
month. (`joblib.Memory` returns a result in which a bit has flipped, unless it compresses, which
takes four times as long to read; and it forgets all when a comment in the function changes.)
"""

import contextlib
import functools
import hashlib
import os
import pickle
import shutil
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
from filelock import FileLock
from tqdm.auto import tqdm

from grokutils.store.fingerprint import changed, fingerprint
from grokutils.store.paths import CACHE as LOCATION
from grokutils.store.whole import write

DAYS = 30


def compute(
    function: Callable, calls: list[dict], *, n_jobs: int = -1, cache: bool = True
) -> list[Any]:
    """Call `function` with each of the keyword arguments in `calls`; return the results in order.

    What the cache holds is read; the rest runs in `n_jobs` single-threaded processes, with a
    progress bar. A run is kept as soon as it ends, so an interrupt loses only the runs in flight.

    Parameters
    ----------
    function : callable
        A module-level function that depends on its arguments alone.
    calls : list of dict
    n_jobs : int
        -1 is one process per core.
    cache : bool
        False computes everything and keeps nothing.
    """
    cache = cache and _is_loaded(function)
    kept = [_read(_entry(function, call)) if cache else [] for call in calls]
    missing = [call for call, found in zip(calls, kept, strict=True) if not found]
    n_jobs = min(joblib.cpu_count() if n_jobs == -1 else n_jobs, max(len(missing), 1))
    one = _once if cache else _never_kept
    parallel = joblib.Parallel(n_jobs=n_jobs, return_as="generator")
    with warnings.catch_warnings():
        # A worker that grew is replaced by joblib; no run is lost and no reader need care.
        warnings.filterwarnings("ignore", message="A worker stopped")
        runs = parallel(joblib.delayed(one)(function, call) for call in missing)
        # tqdm's notebook bar does not read its own variable, and would be a second output.
        quiet = not missing or bool(os.environ.get("TQDM_DISABLE"))
        made = list(tqdm(runs, total=len(missing), unit="run", leave=False, disable=quiet))
    if any(kept):
        _use(_entry(function, calls[0]).parent)
    _tell(next((wrong for _, wrong in made if wrong), ""))
    new = iter(made)
    return [found[0] if found else next(new)[0] for found in kept]


def compute_once(function: Callable, **arguments: Any) -> Any:
    """Return ``function(**arguments)`` from the cache, or compute it and keep it there.

    A second process that asks for the same run waits for the first one's result. Where nothing
    can be kept, on a full disk or in a folder to read alone, a warning says so, once.
    """
    if not _is_loaded(function):
        return single_threaded(function, **arguments)
    found, wrong = _once(function, arguments)
    _tell(wrong)
    return found


def _once(function, arguments):
    """Return the result of a run, kept or computed, and why it cannot be kept, or ""."""
    entry = _entry(function, arguments)
    kept, wrong = _read(entry), ""
    if not kept:
        lock = FileLock(f"{entry}.lock")
        try:
            lock.acquire()  # which makes the folder, too
        except OSError as denied:
            wrong = denied.strerror or str(denied)
        try:
            kept = _read(entry)
            if not kept:
                kept = [single_threaded(function, **arguments)]
                wrong = wrong or _write(entry, kept)
        finally:
            lock.release()
        with contextlib.suppress(OSError):  # after the release: Windows keeps what is open
            Path(lock.lock_file).unlink()
    _use(entry.parent)
    return kept[0], wrong


def _never_kept(function, arguments):
    return single_threaded(function, **arguments), ""


@functools.cache
def _tell(wrong):
    """Warn that runs cannot be kept, and why, once in a process."""
    if wrong:
        advice = "GROKUTILS_CACHE may name a folder that can be written"
        message = f"runs are computed and not kept in {LOCATION} ({wrong}): {advice}"
        warnings.warn(message, stacklevel=3)


def single_threaded(function: Callable, **arguments: Any) -> Any:
    """Return ``function(**arguments)``, computed on one thread by torch, if that is loaded."""
    torch = sys.modules.get("torch")
    if torch is None:
        return function(**arguments)
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
        content = memoryview(entry.read_bytes())
        sound = content[:32] == hashlib.sha256(content[32:]).digest()
        return pickle.loads(content[32:]) if sound else []
    except Exception:  # a pickle raises what it likes; the run is there to be computed again
        return []


def _write(entry, kept):
    """Keep a result, in a list, whole or not at all; return what hinders it, or ""."""
    content = pickle.dumps(kept)
    try:
        entry.parent.mkdir(parents=True, exist_ok=True)  # another process may have removed it
        write(entry, hashlib.sha256(content).digest() + content)
    except OSError as denied:
        return denied.strerror or str(denied)
    return ""


@functools.cache
def _use(folder):
    """Mark what some code computes as used today; remove what has not been for a month."""
    with contextlib.suppress(OSError):  # of others, or to read alone
        os.utime(folder)
        for other in folder.parent.iterdir():
            with contextlib.suppress(FileNotFoundError):  # another process removes it just now
                if other.stat().st_mtime < time.time() - DAYS * 86_400:
                    shutil.rmtree(other, ignore_errors=True)
