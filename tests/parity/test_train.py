"""The engine: equal to plain PyTorch, undisturbed by measuring, clear about bad input."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from grokutils.parity import config
from grokutils.parity.config import TrainConfig
from grokutils.parity.engine import train_from, weights_at
from grokutils.parity.network import batch_order, start_of
from grokutils.parity.plain import net_of, plain_sgd
from grokutils.parity.task import Examples, ParityTask
from grokutils.parity.train import train_seed
from grokutils.parity.weights import (
    Weights,
    activations,
    hinge_loss,
    initial_weights,
    sparse_start,
    weights_digest,
)
from grokutils.seeds import train

TASK = ParityTask(n_bits=10, k_relevant=2, n_train=70, n_test=30)
SMALL = TrainConfig(task=TASK, width=24, epochs=12, batch_size=32)


def final_weights(config, seed, **options):
    return weights_at(train_seed(config, seed, (config.epochs,), **options), config.epochs)


@pytest.mark.parametrize(
    "config",
    [
        SMALL,  # batches of 32, 32 and 6
        replace(SMALL, batch_size=1, epochs=3),
        replace(SMALL, batch_size=500, width=1),
        replace(SMALL, weight_decay=0.0, lr=0.5),
        replace(SMALL, weight_decay=0.3),
        replace(SMALL, loss="logistic"),
        replace(SMALL, loss="squared", lr=0.02),
        replace(SMALL, optimizer="adamw", lr=0.01, weight_decay=0.5),
        TrainConfig(epochs=8),  # the paper's shapes
    ],
)
def test_the_engine_equals_plain_pytorch(config):
    net, *arrays = net_of(config, seed=7)
    plain_sgd(net, *arrays, config)
    start = initial_weights(config.task.n_bits, config.width, 7)
    engine = final_weights(config, 7)
    for ours, plain, initial in zip(engine, net.weights(), start, strict=True):
        assert np.abs(plain - initial).max() > 1e-3  # it did train
        np.testing.assert_allclose(ours, plain, rtol=0, atol=1e-10)


def test_a_whole_run_that_learns_equals_plain_pytorch():
    config = replace(SMALL, epochs=300, width=50)
    net, *arrays = net_of(config, seed=0)
    plain_sgd(net, *arrays, config)
    history = train_seed(config, 0, weights_at=(300,))
    assert history["accuracy"].sel(split="test")[-1] == 1  # past every kink of the loss
    for ours, plain in zip(weights_at(history, 300), net.weights(), strict=True):
        np.testing.assert_allclose(ours, plain, rtol=0, atol=1e-10)


def test_measuring_changes_no_bit_of_the_weights():
    often = final_weights(SMALL, 3, every=1)
    seldom = final_weights(SMALL, 3, every=10)
    for a, b in zip(often, seldom, strict=True):
        assert (a == b).all()


def test_every_measures_the_same_values_at_fewer_epochs():
    every, tenth = train_seed(SMALL, 3), train_seed(SMALL, 3, (7,), every=5)
    assert tenth["epoch"].values.tolist() == [0, 5, 7, 10, 12]
    shared = every.sel(epoch=tenth["epoch"])
    for name in ("loss", "accuracy", "weight_norm", "readout"):
        assert (shared[name] == tenth[name]).all()


def test_what_is_measured_is_what_the_weights_say():
    history = train_seed(SMALL, 1, weights_at=(0, 5))
    for epoch in (0, 5):
        weights, at = weights_at(history, epoch), history.sel(epoch=epoch)
        for split, examples in {"train": TASK.train_set(1), "test": TASK.test_set()}.items():
            inputs, labels = examples
            margin = labels * (activations(weights, inputs) @ weights.readout)
            assert at["accuracy"].sel(split=split) == pytest.approx((margin > 0).mean())
            assert at["loss"].sel(split=split) == pytest.approx(hinge_loss(margin).mean())
        np.testing.assert_allclose(
            at["weight_norm"], np.sqrt((weights.hidden_weight**2).sum(1)), rtol=1e-12
        )
    assert (weights_at(history, 0).hidden_weight == initial_weights(10, 24, 1).hidden_weight).all()


def test_seeds_in_processes_give_what_one_process_gives():
    together = train(SMALL, seeds=[4, 2], n_jobs=2, cache=False)
    assert together["seed"].values.tolist() == [4, 2]
    assert together.sel(seed=2).drop_vars("seed").identical(train_seed(SMALL, 2))
    assert (together["loss"].sel(seed=2) != together["loss"].sel(seed=4)).any()


def test_given_arrays_decide():
    weights = initial_weights(10, 24, 1)
    examples = TASK.train_set(1)
    order = batch_order(SMALL, 1)
    run = train_from(SMALL, weights, examples, order, weights_at=(12,))
    assert run["split"].values.tolist() == ["train"]
    assert (weights_at(run, 12).readout == final_weights(SMALL, 1).readout).all()
    other = train_from(SMALL, weights, examples, order[:, ::-1], weights_at=(12,))
    assert (weights_at(other, 12).readout != final_weights(SMALL, 1).readout).any()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("width", 0),
        ("epochs", 0),
        ("batch_size", True),
        ("lr", -0.1),
        ("lr", float("inf")),
        ("lr", 0),
        ("weight_decay", -1e-3),
        ("weight_decay", float("nan")),
        ("loss", "hinged"),
        ("optimizer", "adam"),
        ("dtype", "float16"),
        ("task", 40),
    ],
)
def test_a_field_out_of_range_is_named_with_its_value(field, value):
    with pytest.raises(ValueError, match=f"{field} = {value!r}"):
        TrainConfig(**{field: value})


@pytest.mark.parametrize(
    ("seeds", "message"),
    [([], "at least one"), ([1, 1], r"\[1\] given more than once"), ([-1], "-1"), (5, "sequence")],
)
def test_bad_seeds_are_refused(seeds, message):
    with pytest.raises(ValueError, match=message):
        train(SMALL, seeds=seeds)


@pytest.mark.parametrize(("every", "at"), [(0, ()), (1, (13,)), (1, (-1,))])
def test_epochs_outside_the_run_are_refused(every, at):
    with pytest.raises(ValueError, match="every" if every == 0 else "weights_at"):
        train(SMALL, seeds=[0], every=every, weights_at=at)


def arrays(**change):
    given = dict(zip(("inputs", "labels"), TASK.train_set(0), strict=True))
    given |= {"weights": initial_weights(10, 24, 0), "order": batch_order(SMALL, 0)} | change
    examples = Examples(given["inputs"], given["labels"])
    return train_from(SMALL, given["weights"], examples, given["order"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"inputs": np.ones((70, 9))}, r"train inputs has shape \(70, 9\)"),
        ({"inputs": np.zeros((70, 10))}, "train inputs holds the value 0"),
        ({"labels": np.full(70, 2)}, "train labels holds the value 2"),
        ({"labels": np.ones(69)}, r"train labels has shape \(69,\)"),
        ({"order": np.zeros((12, 70), int)}, "batch_order: every row must be a permutation"),
        ({"order": np.zeros((3, 70), int)}, "batch_order has shape"),
        ({"weights": initial_weights(10, 23, 0)}, r"hidden_weight has shape \(23, 10\)"),
        (
            {"weights": Weights(np.full((24, 10), np.nan), np.zeros(24), np.zeros(24))},
            "hidden_weight holds values that are not finite",
        ),
    ],
)
def test_arrays_that_do_not_fit_are_named(change, message):
    assert arrays()  # the unchanged arrays fit
    with pytest.raises(ValueError, match=message):
        arrays(**change)


def test_divergence_names_epoch_and_learning_rate():
    wild = replace(SMALL, lr=1e200, weight_decay=1.0)
    with pytest.raises(FloatingPointError, match=r"after epoch 1 with lr = 1e\+200"):
        train_seed(wild, 0)


def test_a_name_that_no_code_stands_behind_trains_nothing(monkeypatch):
    monkeypatch.setitem(config.LOSSES, "newest", 3)
    monkeypatch.setattr(config, "OPTIMIZERS", ("sgd", "adamw", "newest"))
    for field, message in {"loss": "no such loss", "optimizer": "optimizer = 'newest'"}.items():
        added = replace(SMALL, **{field: "newest"})
        with pytest.raises(ValueError, match=message):
            train_seed(added, 0)
        with pytest.raises(KeyError, match="newest"):
            plain_sgd(*net_of(added, 0), added)


def told(*arguments):
    command = [sys.executable, "-m", "grokutils.parity.train", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def test_a_command_prints_the_digest_of_a_run_and_nothing_else():
    size = ["--n-bits=10", "--k-relevant=2", "--n-train=70", "--width=24", "--epochs=12"]
    digest = weights_digest(final_weights(SMALL, 5))
    assert told("--seed=5", *size) == (0, digest + "\n", "")
    assert digest != weights_digest(final_weights(SMALL, 6))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--epochs=3"], "required: --seed"),
        (["--seed=-1"], "seed = -1: must be an integer of at least 0"),
        (["--seed=0", "--epochs=0"], "epochs = 0: must be an integer of at least 1"),
        (["--seed=0", "--epochs=many"], "invalid int value: 'many'"),
        (["--seed=0", "--epochs=1", "--lr=1e200"], "training diverged"),
    ],
)
def test_a_command_says_what_is_wrong_with_its_arguments(arguments, message):
    code, printed, said = told(*arguments)
    assert (code, printed) == (2, "")
    assert message in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("grokutils.parity.config", "numba"),
        ("grokutils.parity.race", "torch"),
        ("grokutils.parity.train", "torch"),
        ("grokutils.parity.intervene", "torch"),
        ("grokutils.parity.dissect", "torch"),
    ],
)
def test_what_is_not_needed_is_not_loaded(module, unwanted):
    program = f"import sys, {module}; sys.exit({unwanted!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


def test_the_initial_scale_multiplies_all_weights_and_no_other_draw():
    usual, larger = (start_of(replace(SMALL, initial_scale=s), 1) for s in (1.0, 3.0))
    for one, other in zip(usual, larger, strict=True):
        assert (3 * one == other).all()
    drawn = initial_weights(10, 24, 1)
    assert all((a == b).all() for a, b in zip(usual, drawn, strict=True))
    with pytest.raises(ValueError, match="initial_scale = 0"):
        replace(SMALL, initial_scale=0)


def test_a_sparse_start_leaves_each_neuron_its_bits_and_favours_none():
    drawn = initial_weights(10, 4000, 0)
    sparse = sparse_start(drawn, 2, 0)
    used = sparse.hidden_weight != 0
    assert (used.sum(axis=1) == 2).all()
    np.testing.assert_allclose(sparse.hidden_weight[used], 5**0.5 * drawn.hidden_weight[used])
    np.testing.assert_allclose(used.mean(axis=0), 0.2, atol=0.02)  # three standard deviations
    norms = [np.linalg.norm(w.hidden_weight) for w in (sparse, drawn)]
    assert abs(norms[0] / norms[1] - 1) < 0.02
    assert (sparse.readout == drawn.readout).all()
    assert (sparse_start(drawn, 2, 1).hidden_weight != sparse.hidden_weight).any()
    with pytest.raises(ValueError, match="bits_per_neuron = 11"):
        sparse_start(drawn, 11, 0)
