"""The same numbers on every machine: other rounding, same weights."""

import numpy as np
import pytest

from grokutils.parity.config import TrainConfig
from grokutils.portability import MACHINES, train_elsewhere

CONFIG = TrainConfig(epochs=40)
CASES = [(environment, threads) for environment in MACHINES for threads in (1, 2)][1:]


@pytest.fixture(scope="module")
def here():
    return train_elsewhere(CONFIG, seed=0, environment={})


@pytest.mark.parametrize(("environment", "threads"), CASES)
def test_other_rounding_gives_the_same_weights(here, environment, threads):
    there = train_elsewhere(CONFIG, seed=0, environment=MACHINES[environment], threads=threads)
    for a, b in zip(here, there, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-9)


def test_a_failing_process_shows_its_error():
    with pytest.raises(RuntimeError, match="n_train"):
        train_elsewhere("not a config", seed=0, environment={"n_train": "1"})
