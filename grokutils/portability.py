"""Run the same training in another process, under settings that change the rounding.

What differs between machines is the order in which sums are rounded: vector instructions,
the matrix library's kernels, the number of threads. Environment variables set all three.
"""

import os
import pickle
import subprocess
import sys

# Each changes how the processor adds and multiplies, none what is to be computed.
MACHINES = {
    "as here": {},
    "no vector instructions": {"ATEN_CPU_CAPABILITY": "default"},
    "AVX2": {"ATEN_CPU_CAPABILITY": "avx2"},
    "compatible matrix products": {"MKL_CBWR": "COMPATIBLE"},
}


def train_elsewhere(config, *, seed, environment, threads=1):
    """Train one seed in a process with the given environment variables; return final `Weights`.

    Parameters
    ----------
    config : TrainConfig
    seed : int
    environment : dict of str to str
        Added to this process's environment, for example ``MACHINES["AVX2"]``.
    threads : int
        Number of torch threads.

    Raises
    ------
    RuntimeError
        With the process's error output, if it fails.
    """
    done = subprocess.run(
        [sys.executable, "-m", "grokutils.portability"],
        input=pickle.dumps((config, seed, threads)),
        # Threads that wait by spinning starve each other where a core is taken.
        env=os.environ | {"OMP_WAIT_POLICY": "PASSIVE"} | environment,
        capture_output=True,
    )
    if done.returncode:
        raise RuntimeError(f"training under {environment} failed:\n{done.stderr.decode()}")
    return pickle.loads(done.stdout)


def _main():
    import torch

    from grokutils.parity.engine import weights_at
    from grokutils.parity.train import train_seed

    config, seed, threads = pickle.load(sys.stdin.buffer)
    torch.set_num_threads(threads)
    history = train_seed(config, seed, weights_at=(config.epochs,), every=config.epochs)
    pickle.dump(weights_at(history, config.epochs), sys.stdout.buffer)


if __name__ == "__main__":
    _main()
