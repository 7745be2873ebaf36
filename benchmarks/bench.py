"""Print what the engine costs, as ratios measured side by side in one process.

Usage: python benchmarks/bench.py [--released path/to/clone [--seeds 5]]

Nothing is asserted: these are figures to read, on a machine that others may share. What is
compared is timed in turns, and the fastest turn of each counts. What runs on one thread is timed
by the processor's clock, which stands still while others have the processor.
"""

import argparse
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import joblib
import torch

from experiments.sweeps.table import grid, sweep
from experiments.tables.delays import measure as delays
from grokutils.parity.config import TrainConfig
from grokutils.parity.engine import train_epochs
from grokutils.parity.network import network
from grokutils.parity.plain import net_of, plain_sgd
from grokutils.parity.train import train_seed
from grokutils.seeds import dissect, train

PAPER = TrainConfig()


def seconds(function, clock=time.perf_counter):
    """Return the time of one call."""
    start = clock()
    function()
    return clock() - start


def fastest(turns, *functions, clock=time.perf_counter):
    """Time each function once a turn; return the fastest time of each."""
    times = [[seconds(function, clock) for function in functions] for _ in range(turns)]
    return [min(column) for column in zip(*times, strict=True)]


def step_costs(dtype):
    """Compare SGD steps with the two matrix products of a step alone."""
    config = replace(PAPER, dtype=dtype)
    real = getattr(torch, dtype)
    x = torch.ones(config.batch_size, config.task.n_bits + 1, dtype=real)
    hidden = torch.rand(x.shape[1], config.width, dtype=real)
    active, gradient = torch.empty(len(x), config.width, dtype=real), torch.empty_like(hidden)
    steps = math.ceil(config.task.n_train / config.batch_size)

    def products():
        for _ in range(steps):
            torch.mm(x, hidden, out=active)
            torch.mm(x.T, active, out=gradient)

    # With a vanishing learning rate no margin reaches 1: every sample has a gradient.
    frozen = replace(config, lr=1e-12)
    all_active = train_epochs(network(frozen, 0), frozen)
    paper_run = train_epochs(network(config, 0), config)
    works = products, lambda: next(all_active), lambda: next(paper_run)
    turns = [[seconds(work, time.process_time) for work in works] for _ in range(config.epochs)]
    alone, full, run = (statistics.mean(column) / steps for column in zip(*turns, strict=True))
    print(f"{dtype}, one thread, mean of {len(turns)} epochs of each, in turns:")
    print(f"  two matrix products alone          {alone * 1e6:7.0f} µs")
    print(f"  a step with gradients of all 32    {full * 1e6:7.0f} µs   {full / alone:.2f} x")
    print(f"  a step of the paper's run          {run * 1e6:7.0f} µs   {run / alone:.2f} x")
    print(f"  steps per second over that run     {1 / run:7.0f}")


def run_costs():
    """Time whole runs, measured and not, in turns with a tenth of the plain loop's."""
    short = replace(PAPER, epochs=PAPER.epochs // 10)
    plain, bare, measured = fastest(
        3,
        lambda: plain_sgd(*net_of(short, 0), short),
        lambda: train_seed(PAPER, 0, every=PAPER.epochs),
        lambda: train_seed(PAPER, 0),
        clock=time.process_time,
    )
    print(f"the paper's run of {PAPER.epochs} epochs, one thread: {bare:.2f} s; measured at every")
    print(f"  epoch {measured:.2f} s, {measured / bare:.2f} x; the plain loop")
    print(f"  takes {10 * plain / bare:.1f} times as long (by a tenth of its epochs)")


def compile_costs():
    """Time the first run in a fresh process, with nothing compiled and with everything."""
    command = [sys.executable, "-m", "grokutils.parity.train", "--seed=0", "--epochs=1"]
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"NUMBA_CACHE_DIR": folder}
        run = partial(subprocess.run, command, check=True, env=environment, capture_output=True)
        first, second = seconds(run), seconds(run)
    print(f"the first run compiles for {first - second:.1f} s, once")


def sweep_costs():
    """Time the same sweep in one process and over the cores."""
    cores = joblib.cpu_count()
    calls = grid(steps=9600, seed=range(6 * cores))

    def swept(n_jobs, calls=calls):
        with tempfile.TemporaryDirectory() as folder:
            sweep(delays, calls, Path(folder) / "t.csv", command="bench", n_jobs=n_jobs)

    swept(cores, grid(steps=32, seed=range(cores)))  # start the processes
    one, all_cores = fastest(2, lambda: swept(1), lambda: swept(cores))
    print(f"a sweep of {len(calls)} runs in 1 process {one:.1f} s, in {cores} {all_cores:.1f} s:")
    print(f"  {one / all_cores / cores:.2f} of ideal")


# The released helpers default to a CUDA device; their defaults are changed in the process that
# runs them, the clone stays as it is.
RELEASED = """
import runpy, sys, types
import matplotlib
matplotlib.use("Agg")
sys.path.insert(0, sys.argv[1])
import utils
for f in vars(utils).values():
    if isinstance(f, types.FunctionType) and f.__defaults__:
        f.__defaults__ = tuple("cpu" if d == "cuda" else d for d in f.__defaults__)
sys.argv = ["parity.py"] + sys.argv[2:]
runpy.run_path(sys.path[0] + "/parity.py", run_name="__main__")
"""


def released(clone, flags, seeds):
    """Run the authors' command on `seeds` seeds in an empty folder."""
    command = [sys.executable, "-c", RELEASED, str(clone), *flags, "--n_seeds", str(seeds)]
    with tempfile.TemporaryDirectory() as folder:
        # Its torch may use as many threads as it likes, as for a user of the clone.
        environment = {k: v for k, v in os.environ.items() if k != "OMP_NUM_THREADS"}
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, env=environment)


def against_released(clone, seeds):
    """Time the authors' released code and ours, each as its user would run it."""
    everything = ["--train", "--ind-norms", "--global-sparsity", "--subnetworks", "--faithfulness"]
    for what, flags, run in (
        ("training, measured at every epoch", everything[:1], train),
        (
            "everything that their README's command computes",
            everything,
            partial(dissect, sparsity_every=10),
        ),
    ):
        theirs = seconds(lambda flags=flags: released(clone, flags, seeds))
        ours = seconds(lambda run=run: run(PAPER, seeds=range(seeds), cache=False))
        print(f"{what}, {seeds} seeds:")
        print(f"  released {theirs:.1f} s, ours {ours:.1f} s, {theirs / ours:.1f} times as fast")


def main():
    """Parse the command line and run what it asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--released", type=Path, help="a clone of the authors' code")
    parser.add_argument("--seeds", type=int, default=5, help="seeds to compare with it")
    arguments = parser.parse_args()
    os.environ.setdefault("TQDM_DISABLE", "1")
    torch.set_num_threads(1)
    for dtype in ("float64", "float32"):
        step_costs(dtype)
    run_costs()
    compile_costs()
    sweep_costs()
    if arguments.released:
        if not (arguments.released / "parity.py").is_file():
            parser.error(f"--released {arguments.released}: holds no parity.py")
        against_released(arguments.released.resolve(), arguments.seeds)


if __name__ == "__main__":
    main()
