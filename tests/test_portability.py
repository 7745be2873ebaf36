"""The same numbers on every machine: other rounding, the same bits."""

from dataclasses import replace

import numpy as np
import pytest

from grokutils.parity.config import TrainConfig
from grokutils.parity.weights import weights_digest
from grokutils.portability import MACHINES, everywhere, train_elsewhere

pytestmark = pytest.mark.slow

CONFIG = TrainConfig(epochs=40)
CASES = [(environment, threads) for environment in MACHINES for threads in (1, 2)]


@pytest.fixture(scope="module", params=["float64", "float32"])
def here(request):
    config = replace(CONFIG, dtype=request.param)
    return config, weights_digest(train_elsewhere(config, seed=0, environment={}))


@pytest.mark.parametrize(("environment", "threads"), CASES)
def test_other_rounding_gives_the_same_bits(here, environment, threads):
    config, digest = here
    there = train_elsewhere(config, seed=0, environment=MACHINES[environment], threads=threads)
    assert weights_digest(there) == digest


def test_a_library_rounds_elsewhere_otherwise():
    # Or the test above would show nothing about the settings.
    config = replace(CONFIG, epochs=1, dtype="float32")
    both = [
        train_elsewhere(config, seed=0, environment=environment, plain=True)
        for environment in ({}, MACHINES["no vector instructions"])
    ]
    if len({weights_digest(weights) for weights in both}) == 1:
        pytest.skip("this processor's library rounds the same without vector instructions")
    np.testing.assert_allclose(both[0].readout, both[1].readout, rtol=0, atol=1e-4)


def test_all_machines_are_tried_and_each_result_has_its_name(monkeypatch):
    def ask(config, **given):  # The numbers would tell nothing: they are the same everywhere.
        return {"config": config} | given

    monkeypatch.setattr("grokutils.portability.train_elsewhere", ask)
    found = everywhere(CONFIG, seed=3, plain=True)
    assert list(found) == ["as here", *MACHINES, "two threads"]
    asked = {"config": CONFIG, "seed": 3, "plain": True}
    for name, given in found.items():
        assert given.pop("threads") == (2 if name == "two threads" else 1)
        assert given == asked | {"environment": MACHINES.get(name, {})}


def test_a_failing_process_shows_its_error():
    with pytest.raises(RuntimeError, match="n_train"):
        train_elsewhere("not a config", seed=0, environment={"n_train": "1"})
