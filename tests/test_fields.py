"""Each field of a run's settings changes what the run gives, or says here why it does not."""

from dataclasses import fields, replace
from hashlib import sha256

import pytest

from grokutils.parity.config import TrainConfig
from grokutils.parity.task import ParityTask
from grokutils.parity.train import train_seed

FEW = ParityTask(n_bits=8, k_relevant=2, n_train=40, n_test=20)
TINY = TrainConfig(task=FEW, width=12, epochs=3, batch_size=8)
OTHER = {
    **{"n_bits": 9, "k_relevant": 3, "n_train": 41, "n_test": 21, "label_noise": 0.5},
    **{"width": 13, "epochs": 4, "batch_size": 7, "lr": 0.2, "weight_decay": 0.02},
    **{"loss": "logistic", "optimizer": "adamw", "initial_scale": 2.0, "dtype": "float32"},
}
MEASURES = ["n_test"]  # changes what is measured, no weight


def ended(config):
    """Digest the weights of the last epoch, and the whole history."""
    run = train_seed(config, 3, weights_at=(config.epochs,))
    weights = run[["hidden_weight", "hidden_bias"]].isel(saved_epoch=-1)
    parts = [*weights.values(), run["readout"].isel(epoch=-1)], run.values()
    return [sha256(b"".join(p.values.tobytes() for p in part)).hexdigest() for part in parts]


@pytest.fixture(scope="module")
def unchanged():
    return ended(TINY)


@pytest.mark.parametrize(
    "name", [f.name for f in (*fields(FEW), *fields(TINY)) if f.name != "task"]
)
def test_a_field_is_read(name, unchanged):
    of_task = hasattr(FEW, name)
    changed = {"task": replace(FEW, **{name: OTHER[name]})} if of_task else {name: OTHER[name]}
    weights, history = ended(replace(TINY, **changed))
    assert history != unchanged[1]
    assert (weights != unchanged[0]) == (name not in MEASURES)
