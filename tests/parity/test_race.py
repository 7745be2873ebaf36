"""Races: the same training, followed to the first events and censored at the last epoch."""

from dataclasses import replace

import numpy as np
import pytest

from grokutils.parity.circuits import embed, one_neuron_per_pattern
from grokutils.parity.config import TrainConfig, configure
from grokutils.parity.engine import weights_at
from grokutils.parity.race import network, race, train_epochs
from grokutils.parity.subnetworks import effective_sparsity
from grokutils.parity.task import ParityTask
from grokutils.parity.train import train_seed
from grokutils.stats import THRESHOLD, events
from grokutils.store.cache import single_threaded

# Learns to generalize within the run, some twenty epochs after it has memorized.
CONFIG = TrainConfig(
    task=ParityTask(n_bits=12, k_relevant=2, n_train=90, n_test=60), width=40, epochs=120
)

# Both accuracies cross the threshold, fall below it and cross it again.
RESTLESS = replace(CONFIG, task=ParityTask(n_bits=10, k_relevant=3, n_train=200, n_test=60))


@pytest.fixture(scope="module")
def history():
    return single_threaded(train_seed, config=CONFIG, seed=1, weights_at=(30, 120))


def test_a_race_finds_the_events_of_the_history_and_stops_once_they_last(history):
    net = network(CONFIG, 1)
    found = race(net, train_epochs(net, CONFIG), patience=10)
    happened = events(history)
    for name in ("memorization_epoch", "generalization_epoch"):
        assert found[name] == happened[name].item() > 1
    above = history["accuracy"].sel(split="test") > 0.98
    last = found["last_epoch"]
    assert above.sel(epoch=slice(last - 10, last)).all()
    assert not above.sel(epoch=last - 11)
    assert last < CONFIG.epochs
    assert found["effective_sparsity"] == effective_sparsity(
        net.weights(), CONFIG.task.train_set(1).inputs
    )


def test_a_race_without_the_event_is_censored_at_its_last_epoch():
    short = replace(CONFIG, epochs=3)
    net = network(short, 1)
    found = race(net, train_epochs(net, short))
    assert found["last_epoch"] == 3
    assert np.isnan(found["generalization_epoch"])
    assert found["test_accuracy"] < 0.98


def test_an_accuracy_at_the_threshold_is_no_event():
    # A circuit that is right everywhere, and one wrong label in fifty; nothing moves.
    task = ParityTask(n_bits=8, n_train=50, n_test=50, label_noise=1 - THRESHOLD)
    still = TrainConfig(task=task, width=8, epochs=2, lr=1e-300, weight_decay=0.0)
    net = network(still, 0, embed(one_neuron_per_pattern(), 8))
    found = race(net, train_epochs(net, still))
    assert found["train_accuracy"] == THRESHOLD
    assert np.isnan(found["memorization_epoch"])
    assert found["generalization_epoch"] == 1


def test_training_in_two_parts_is_training_in_one(history):
    net = network(CONFIG, 1)
    assert list(train_epochs(net, CONFIG, last=30)) == list(range(1, 31))
    for ours, whole in zip(net.weights(), weights_at(history, 30), strict=True):
        assert (ours == whole).all()
    assert list(train_epochs(net, CONFIG, first=30))[-1] == 120
    for ours, whole in zip(net.weights(), weights_at(history, 120), strict=True):
        assert (ours == whole).all()


def test_a_race_counts_the_first_crossing_not_the_last():
    history = single_threaded(train_seed, config=RESTLESS, seed=1)
    above = (history["accuracy"] > THRESHOLD).transpose("split", "epoch").values
    crossings = [np.flatnonzero(row[1:] & ~row[:-1]) + 1 for row in above]
    assert min(map(len, crossings)) > 1
    net = network(RESTLESS, 1)
    found = race(net, train_epochs(net, RESTLESS))
    happened = events(history)
    for name, (first, *_, last) in zip(
        ("memorization_epoch", "generalization_epoch"), crossings, strict=True
    ):
        assert found[name] == happened[name] == first < last < found["last_epoch"]


def test_a_configuration_is_set_by_the_fields_of_run_and_task():
    config = configure(TrainConfig(), n_train=250, batch_size=64, lr=0.3, steps=1000)
    assert config.task == ParityTask(n_train=250)
    assert (config.batch_size, config.lr, config.width) == (64, 0.3, 1000)
    assert config.epochs == 250  # four steps an epoch
    with pytest.raises(TypeError, match="speed"):
        configure(TrainConfig(), speed=3)


def test_a_network_at_rest_is_passed_over_until_it_is_changed():
    # Without weight decay a network whose margins are all 1 or more stays as it is for ever.
    config = TrainConfig(
        task=ParityTask(n_bits=8, k_relevant=1, n_train=20), epochs=80, weight_decay=0.0, width=50
    )
    net = network(config, 0)
    passes = train_epochs(net, config)
    assert net.evaluate("train")[0] > 0
    for _ in range(60):
        next(passes)
    rest = net.weights()
    assert net.evaluate("train")[0] == 0  # else the test shows nothing
    assert next(passes) == 61
    assert all(map(np.array_equal, net.weights(), rest))
    net.readout[:] *= 0.5
    halved = net.weights()
    assert next(passes) == 62
    assert not np.array_equal(net.weights().readout, halved.readout)


def test_a_race_tells_the_squared_norm_of_all_weights():
    config = TrainConfig(task=ParityTask(n_bits=8, k_relevant=1, n_train=20), epochs=30, width=50)
    net = network(config, 0)
    norm = {}

    def passes():
        for epoch in train_epochs(net, config):
            norm[epoch] = sum((part**2).sum() for part in net.weights())
            yield epoch

    found = race(net, passes(), patience=3)
    for event in ("memorization", "generalization"):
        at = norm[found[f"{event}_epoch"]]
        np.testing.assert_allclose(found[f"squared_norm_at_{event}"], at, rtol=1e-12)
    np.testing.assert_allclose(found["squared_norm"], norm[found["last_epoch"]], rtol=1e-12)
