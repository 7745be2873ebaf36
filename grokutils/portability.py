"""Run the same training in another process, under settings that change how numbers are rounded.

What differs between machines is the order in which sums are rounded: vector instructions, the
matrix library's kernels, the number of threads. Environment variables set all of these, for the
libraries and for what Numba compiles of our own loops.
"""

import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from grokutils.parity.config import TrainConfig
from grokutils.parity.weights import Weights

# Each changes how the processor adds and multiplies, none what is to be computed.
MACHINES = {
    "no vector instructions": {
        "ATEN_CPU_CAPABILITY": "default",
        "NUMBA_CPU_NAME": "generic",
        "NUMBA_CPU_FEATURES": "",
        "NUMBA_ENABLE_AVX": "0",
    },
    "compatible matrix products": {"MKL_CBWR": "COMPATIBLE"},
}


def train_elsewhere(
    config: TrainConfig,
    *,
    seed: int,
    environment: dict[str, str],
    threads: int = 1,
    plain: bool = False,
) -> Weights:
    """Train one seed in a process with the given environment variables; return final `Weights`.

    Parameters
    ----------
    config : TrainConfig
    seed : int
    environment : dict of str to str
        Added to this process's environment, for example one of `MACHINES`.
    threads : int
        Number of threads that the libraries may use.
    plain : bool
        Train by the plain PyTorch loop instead of the engine.

    Raises
    ------
    RuntimeError
        With the process's error output, if it fails.
    """
    done = subprocess.run(
        [sys.executable, "-m", "grokutils.portability"],
        input=pickle.dumps((config, seed, plain)),
        # Threads that wait by spinning starve each other where a core is taken.
        env=os.environ
        | {"OMP_NUM_THREADS": str(threads), "OMP_WAIT_POLICY": "PASSIVE"}
        | environment,
        capture_output=True,
    )
    if done.returncode:
        raise RuntimeError(f"training under {environment} failed:\n{done.stderr.decode()}")
    return pickle.loads(done.stdout)


def everywhere(config: TrainConfig, *, seed: int = 0, plain: bool = False) -> dict[str, Weights]:
    """Train one seed "as here", as on each of `MACHINES` and with "two threads", by these names.

    See `train_elsewhere`, with one thread but for the last; two run at a time.
    """
    settings = {"as here": {}, **MACHINES, "two threads": {}}

    def one(name):
        given = {"environment": settings[name], "threads": 2 if name == "two threads" else 1}
        return train_elsewhere(config, seed=seed, plain=plain, **given)

    with ThreadPoolExecutor(2) as pool:  # each waits for a process
        return dict(zip(settings, pool.map(one, settings), strict=True))


def _main() -> None:
    from grokutils.parity.engine import weights_at
    from grokutils.parity.plain import net_of, plain_sgd
    from grokutils.parity.train import train_seed

    config, seed, plain = pickle.load(sys.stdin.buffer)
    if plain:
        net, inputs, labels, order = net_of(config, seed)
        plain_sgd(net, inputs, labels, order, config)
        weights = net.weights()
    else:
        history = train_seed(config, seed, weights_at=(config.epochs,), every=config.epochs)
        weights = weights_at(history, config.epochs)
    pickle.dump(weights, sys.stdout.buffer)


if __name__ == "__main__":
    _main()
