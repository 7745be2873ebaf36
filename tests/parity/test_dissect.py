"""A dissection measures what its definitions say, at the epochs asked for."""

import numpy as np
import pytest
import xarray as xr

from grokutils.parity.config import TrainConfig
from grokutils.parity.dissect import SUBNETWORKS, dissect_seed
from grokutils.parity.engine import weights_at
from grokutils.parity.subnetworks import (
    ablate,
    active_subnetwork,
    control_set,
    effective_sparsity,
    sensitivity,
)
from grokutils.parity.task import ParityTask
from grokutils.parity.train import train_seed
from grokutils.parity.weights import output
from grokutils.seeds import dissect
from grokutils.stats import events
from grokutils.store.cache import single_threaded

TASK = ParityTask(n_bits=10, k_relevant=2, n_train=120, n_test=110)
CONFIG = TrainConfig(task=TASK, width=20, epochs=25)


@pytest.fixture(scope="module")
def dissected():
    return (
        single_threaded(dissect_seed, config=CONFIG, seed=3, sparsity_every=4),
        single_threaded(train_seed, config=CONFIG, seed=3, weights_at=range(26)),
    )


def test_a_dissection_keeps_the_history_and_the_last_weights(dissected):
    found, run = dissected
    for name in ("loss", "accuracy", "weight_norm", "readout"):
        xr.testing.assert_allclose(found[name], run[name], rtol=1e-12)
    assert found["saved_epoch"].values.tolist() == [25]
    for kept, last in zip(weights_at(found, 25), weights_at(run, 25), strict=True):
        assert (kept == last).all()


def test_a_dissection_names_the_sets_of_the_last_epoch(dissected):
    found, run = dissected
    norms = np.linalg.norm(weights_at(run, 25).hidden_weight, axis=1)
    size = effective_sparsity(weights_at(run, 25), TASK.train_set(3).inputs)
    assert 0 < size < 20
    kept = found["kept"]
    assert kept["subnetwork"].values.tolist() == list(SUBNETWORKS)
    sparse = np.isin(np.arange(20), np.argsort(-norms)[:size])
    assert (kept.sel(subnetwork="sparse") == sparse).all()
    assert (kept.sel(subnetwork="complement") == ~sparse).all()
    assert (kept.sel(subnetwork="control") == control_set(20, size, 3)).all()


def test_a_dissection_finds_the_active_subnetwork_at_memorization(dissected):
    found, run = dissected
    memorization = int(events(run)["memorization_epoch"])
    assert 0 < memorization < 25
    then = active_subnetwork(weights_at(run, memorization), TASK.train_set(3).inputs)
    assert (found["memorizing"] == then).all()
    assert (found["memorizing"] != found["kept"].sel(subnetwork="sparse")).any()


def test_a_run_that_never_memorizes_has_no_memorizing_set():
    found = dissect_seed(TrainConfig(task=TASK, width=5, epochs=1), 0)
    assert np.isnan(events(found)["memorization_epoch"])
    assert not found["memorizing"].any()


def test_a_dissection_measures_effective_sparsity_at_the_epochs_asked_for(dissected):
    found, run = dissected
    train = TASK.train_set(3)
    assert found["sparsity_epoch"].values.tolist() == [0, 4, 8, 12, 16, 20, 24, 25]
    assert len(np.unique(found["effective_sparsity"])) > 2
    for epoch in found["sparsity_epoch"].values:
        weights, at = weights_at(run, epoch), found.sel(sparsity_epoch=epoch)
        assert at["effective_sparsity"] == effective_sparsity(weights, train.inputs)
        assert at["effective_sparsity_by_accuracy"] == effective_sparsity(
            weights, *train, criterion="accuracy"
        )


def test_a_dissection_measures_each_subnetwork_at_every_epoch(dissected):
    found, run = dissected
    assert found["faithfulness"].sel(subnetwork="sparse").min() < 1  # not trivially faithful
    for epoch in range(26):
        weights = weights_at(run, epoch)
        for split, (inputs, labels) in {
            "train": TASK.train_set(3),
            "test": TASK.test_set(),
        }.items():
            whole = np.sign(output(weights, inputs))
            for name in SUBNETWORKS:
                part = ablate(weights, found["kept"].sel(subnetwork=name).values)
                predicted = np.sign(output(part, inputs))
                at = found.sel(epoch=epoch, split=split, subnetwork=name)
                assert at["faithfulness"] == pytest.approx((predicted == whole).mean())
                assert at["subnetwork_accuracy"] == pytest.approx((predicted == labels).mean())
                if epoch in (0, 3, 25):
                    (expected,) = sensitivity(part, inputs[:100], np.ones((1, 20), dtype=bool))
                    assert at["sensitivity"] == pytest.approx(expected)


def test_a_dissection_shares_the_squared_weights_out_to_the_relevant_bits(dissected):
    found, run = dissected
    for epoch in range(26):
        squares = weights_at(run, epoch).hidden_weight ** 2
        for name in SUBNETWORKS:
            rows = squares[found["kept"].sel(subnetwork=name).values]
            share = found["relevant_share"].sel(epoch=epoch, subnetwork=name)
            assert share == pytest.approx(rows[:, :2].sum() / rows.sum(), rel=1e-12)


def test_a_dissection_averages_the_norms_of_each_subnetwork(dissected):
    found, run = dissected
    for epoch in range(26):
        norms = np.linalg.norm(weights_at(run, epoch).hidden_weight, axis=1)
        for name in SUBNETWORKS:
            kept = found["kept"].sel(subnetwork=name).values
            mean = found["mean_norm"].sel(epoch=epoch, subnetwork=name)
            assert mean == pytest.approx(norms[kept].mean(), rel=1e-12)


def test_a_network_that_needs_all_its_neurons_has_an_empty_complement():
    config = TrainConfig(task=ParityTask(n_bits=3, k_relevant=1), width=1, epochs=3)
    found = dissect_seed(config, 0)
    assert found["effective_sparsity"][-1] == 1
    complement = found.sel(subnetwork="complement")
    assert np.isnan(complement["mean_norm"]).all()
    assert np.isnan(complement["relevant_share"]).all()
    assert (complement["sensitivity"] == 0).all()
    assert (complement["subnetwork_accuracy"] == 0).all()  # an output of 0 is never a label


def test_dissecting_seeds_together_is_dissecting_each():
    config = TrainConfig(task=TASK, width=8, epochs=3)
    options = {"every": 1, "sparsity_every": 3}
    together = dissect(config, seeds=[5, 2], n_jobs=1, cache=False, **options)
    assert together["seed"].values.tolist() == [5, 2]
    for seed in (5, 2):
        alone = dissect_seed(config, seed, **options)
        assert together.sel(seed=seed).drop_vars("seed").identical(alone)


def test_measuring_at_fewer_epochs_measures_the_same(dissected):
    often, _ = dissected
    seldom = single_threaded(dissect_seed, config=CONFIG, seed=3, every=10, sparsity_every=10)
    assert seldom["epoch"].values.tolist() == [0, 10, 20, 25]
    for name in ("accuracy", "faithfulness", "sensitivity", "mean_norm", "kept"):
        xr.testing.assert_allclose(seldom[name], often[name].sel(seldom[name].coords))


def test_sizes_are_measured_where_the_rest_is():
    with pytest.raises(ValueError, match="sparsity_every = 5: must be a multiple of every = 2"):
        dissect(CONFIG, seeds=[0], every=2, sparsity_every=5)
