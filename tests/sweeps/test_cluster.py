"""A sweep on a real Dask scheduler with two real worker processes, and what may die of them."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Timer

import pandas as pd
import pytest

from experiments.sweeps.table import grid, read, sweep
from experiments.tables.delays import measure as delays

pytestmark = pytest.mark.cluster

# Runs of a fraction of a second: enough of them for something to be killed in the middle.
CALLS = grid(
    n_bits=10,
    k_relevant=2,
    n_train=60,
    width=30,
    weight_decay=[0.0, 0.01, 0.03],
    steps=1200,
    seed=range(5),
)
OPTIONS = {"command": "make sweep"}
# The worker's threads would fight over the cores; its nanny would hide what a death does.
WORKER = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--death-timeout", "60"]


def start(*arguments, **options):
    environment = os.environ | {"OMP_NUM_THREADS": "1"} | options.pop("env", {})
    return subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **options,
    )


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    """Return the address of a scheduler on the loopback interface."""
    contact = tmp_path_factory.mktemp("dask") / "scheduler.json"
    process = start(
        *("-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"),
        *("--no-dashboard", "--scheduler-file", contact),
    )
    wait_for(lambda: contact.exists() and contact.stat().st_size)
    yield pd.read_json(contact, typ="series")["address"]
    process.kill()
    process.wait()


@pytest.fixture
def workers(scheduler):
    """Start two workers; return their processes."""
    arguments = ("-m", "distributed.cli.dask_worker", scheduler, *WORKER)
    processes = [start(*arguments) for _ in range(2)]
    from dask.distributed import Client

    with Client(scheduler, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=120)
    yield processes
    for process in processes:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    return sweep(delays, CALLS, tmp_path_factory.mktemp("local") / "t.csv", n_jobs=1, **OPTIONS)


def wait_for(condition, seconds=120):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def rows(path):
    return len(read(path)) if path.exists() else 0


def test_a_cluster_gives_the_local_table_to_the_digit(scheduler, workers, local, tmp_path):
    table = sweep(delays, CALLS, tmp_path / "t.csv", scheduler=scheduler, **OPTIONS)
    assert table["generalization_epoch"].nunique() > 3  # the rows differ, and some are empty
    assert table["generalization_epoch"].isna().any()
    pd.testing.assert_frame_equal(table, local, check_exact=True)


def test_a_worker_killed_in_mid_sweep_loses_nothing(
    scheduler, workers, local, tmp_path, monkeypatch
):
    monkeypatch.setenv("SCHEDULER", scheduler)
    path = tmp_path / "t.csv"
    killer = start(
        "-c",
        "import os, signal, sys, time, pathlib\n"
        "path, pid = pathlib.Path(sys.argv[1]), int(sys.argv[2])\n"
        "while not path.exists() or path.read_text().count('\\n') < 9: time.sleep(0.01)\n"
        "os.kill(pid, signal.SIGKILL)",
        path,
        workers[0].pid,
    )
    table = sweep(delays, CALLS, path, **OPTIONS)
    assert killer.wait() == 0
    assert workers[0].wait() == -signal.SIGKILL
    assert workers[1].poll() is None
    pd.testing.assert_frame_equal(table, local, check_exact=True)


DRIVER = """
import sys
sys.path.insert(0, sys.argv[3])
from test_cluster import CALLS, OPTIONS, delays, sweep
sweep(delays, CALLS, sys.argv[1], scheduler=sys.argv[2], **OPTIONS)
"""


def test_a_driver_killed_and_started_again_goes_on(scheduler, workers, local, tmp_path):
    path = tmp_path / "t.csv"
    driver = start("-c", DRIVER, path, scheduler, Path(__file__).parent)
    wait_for(lambda: rows(path) >= 3)
    driver.kill()
    driver.wait()
    done = rows(path)
    assert 3 <= done < len(CALLS)
    kept = path.read_text(encoding="utf-8")
    table = sweep(delays, CALLS, path, scheduler=scheduler, **OPTIONS)
    assert path.read_text(encoding="utf-8").startswith(
        kept[: kept.rfind("\n") + 1]
    )  # nothing done twice
    assert rows(path) == len(CALLS)
    pd.testing.assert_frame_equal(table, local, check_exact=True)


@pytest.mark.parametrize("late", [False, True])
def test_a_worker_with_other_code_is_named_and_does_nothing(scheduler, tmp_path, late):
    from dask.distributed import Client

    package = tmp_path / "grokutils"
    shutil.copytree(Path(sys.modules["grokutils"].__file__).parent, package)
    with (package / "parity" / "race.py").open("a", encoding="utf-8") as race:
        race.write("\nOTHER = 1\n")
    arguments = ("-m", "distributed.cli.dask_worker", scheduler, *WORKER)
    workers = []

    def join():
        workers.append(start(*arguments, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}))

    joining = Timer(3 if late else 0, join)  # the runs wait for it, or it for them
    joining.start()
    try:
        if not late:
            with Client(scheduler, set_as_default=False) as client:
                client.wait_for_workers(1, timeout=120)
        with pytest.raises(RuntimeError, match=r"worker tcp://127.* has other code than the sweep"):
            sweep(delays, CALLS, tmp_path / "t.csv", scheduler=scheduler, **OPTIONS)
    finally:
        joining.join()
        workers[0].kill()
        workers[0].wait()
    assert rows(tmp_path / "t.csv") == 0


def test_an_address_where_nobody_answers_is_named(tmp_path):
    import dask

    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        pytest.raises(OSError, match=r"SCHEDULER = tcp://127\.0\.0\.1:9: no Dask scheduler"),
    ):
        sweep(delays, CALLS, tmp_path / "t.csv", scheduler="tcp://127.0.0.1:9", **OPTIONS)
