"""Spread runs over the cores of this machine or, given a scheduler, over a Dask cluster."""

import functools
import os
from collections.abc import Callable, Iterator

import joblib

from experiments.sweeps.file import differing
from grokutils.store.cache import single_threaded
from grokutils.store.fingerprint import changed, digest, versions


def spread(
    measure: Callable, calls: list[dict], made: dict, n_jobs: int, scheduler: str | None = None
) -> Iterator[tuple]:
    """Yield each run as it ends: its call, what it measured, and its error or "".

    `made` is the stamp of the table, see `experiments.sweeps.file`.

    Raises
    ------
    OSError
        If no scheduler answers at the address.
    RuntimeError
        If the process that is to do a run has other code, or other versions of libraries.
    """
    if scheduler and calls:
        return _on_cluster(scheduler, measure, calls, made)
    parallel = joblib.Parallel(n_jobs=n_jobs, return_as="generator_unordered")
    return parallel(joblib.delayed(_run)(measure, call, made) for call in calls)


def _run(measure, call, made):
    """Return a call, its row or its rows, and an error if it failed, which is this run's alone."""
    code, libraries = _loaded(measure.__module__)
    if code != made["code"]:
        raise RuntimeError(f"{_place()} has other code than the sweep; restart it with the same")
    other = differing(libraries, made["versions"])
    if other:
        raise RuntimeError(f"{_place()} has {other}; restart it with the same")
    try:
        found = single_threaded(measure, **call)
        return call, [call | row for row in found] if isinstance(found, list) else call | found, ""
    except Exception as error:
        return call, None, f"{type(error).__name__}: {error}"


@functools.cache
def _loaded(module):
    """Return the digest of a module's code as this process has it, and its libraries' versions.

    The digest is None if that code is not on disk. It is asked once, before the first run: what
    changes on disk later is not what runs here.
    """
    return None if changed(module) else digest(module), versions(module)


def _place():
    """Return the name of the process that asks."""
    from dask.distributed import get_worker

    try:
        return f"worker {get_worker().address}"
    except ValueError:
        return f"process {os.getpid()}"


def _on_cluster(scheduler, measure, calls, made):
    """Yield the runs as the workers of a Dask cluster finish them.

    A run whose worker dies is given to another; one that kills several is reported as failed.
    """
    from dask.distributed import Client, KilledWorker, as_completed

    try:
        client = Client(scheduler)
    except (OSError, ValueError) as error:
        raise OSError(
            f"SCHEDULER = {scheduler}: no Dask scheduler answers there ({error})"
        ) from error
    with client:
        futures = [client.submit(_run, measure, call, made, pure=False) for call in calls]
        call_of = {future.key: call for future, call in zip(futures, calls, strict=True)}
        for future in as_completed(futures):
            failed = future.exception()
            if failed and not isinstance(failed, KilledWorker):
                raise failed  # the worker's code, or the cluster, is not fit for any run
            killed = call_of[future.key], None, f"{type(failed).__name__}: {failed}"
            yield killed if failed else future.result()
            future.release()
