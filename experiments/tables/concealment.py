"""More irrelevant bits: at the same number of examples, and at the same number a bit."""

from experiments.tables.followed import raced
from experiments.tables.grid import seed_by_seed, ticks


def measure(n_bits: int, n_train: int, steps: int, seed: int) -> dict:
    """Race one seed on inputs of so many bits, with 1,000 test inputs."""
    return raced(steps, seed, n_bits=n_bits, n_train=n_train, n_test=1000)


def calls() -> list[dict]:
    """Return the runs of the table, 48 ticks each."""
    at_once: dict = {"n_bits": [10, 15, 20, 25, 30, 35, 40, 45, 50, 55], "n_train": 1000}
    a_bit = [{"n_bits": n, "n_train": 25 * n} for n in (20, 30, 50, 60, 80)]
    twice = {"n_bits": [40, 60], "n_train": 2000}
    return seed_by_seed([change | {"steps": ticks(48)} for change in (at_once, *a_bit, twice)])
