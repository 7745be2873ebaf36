"""Compute each run once: a cache on disk that knows the code, and processes over the cores.

A result is kept under the arguments, the source of every room of this package that the
function's module stands on, and the versions of the libraries that compute. Change any of
these and the run is computed again; what was half-written or damaged is, too.
"""

import hashlib
import os
import pickle
import warnings

import joblib
import torch
from filelock import FileLock
from tqdm.auto import tqdm

from grokutils.store.fingerprint import fingerprint
from grokutils.store.paths import CACHE as LOCATION

_memory = joblib.Memory(LOCATION, verbose=0)


def compute(function, calls, *, n_jobs=-1, cache=True):
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
    key = fingerprint(function.__module__)
    missing = [c for c in calls if not (cache and _kept.check_call_in_cache(key, function, c))]
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


def compute_once(function, **arguments):
    """Return ``function(**arguments)`` from the cache, or compute it and keep it there.

    A second process that asks for the same run waits for the first one's result.
    """
    key = fingerprint(function.__module__)
    name = joblib.hash((key, function.__qualname__, arguments))
    LOCATION.joinpath("locks").mkdir(parents=True, exist_ok=True)
    with FileLock(LOCATION / "locks" / name):
        checksum, result = _kept(key, function, arguments)
        # joblib computes again what it cannot read; what it can read may still be damaged.
        if hashlib.sha256(result).digest() != checksum:
            (_, result), _ = _kept.call(key, function, arguments)
    return pickle.loads(result)


def alone(function, **arguments):
    """Return ``function(**arguments)``, computed on one torch thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return function(**arguments)
    finally:
        torch.set_num_threads(threads)


@_memory.cache
def _kept(key, function, arguments):
    result = pickle.dumps(alone(function, **arguments))
    return hashlib.sha256(result).digest(), result
