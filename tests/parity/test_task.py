"""The task: labels, streams, and the two solvers."""

import numpy as np
import pytest

from grokutils.parity.task import ParityTask, consistent_subsets, sign_patterns, solve_linear
from grokutils.streams import generator

TASK = ParityTask(n_bits=12, k_relevant=3, n_train=60, n_test=20)


@pytest.mark.parametrize("k_relevant", [1, 2, 3, 5])
def test_flipping_a_bit_flips_the_label_if_and_only_if_it_is_relevant(k_relevant):
    task = ParityTask(n_bits=8, k_relevant=k_relevant)
    inputs, labels = task.train_set(seed=0)
    assert set(labels) == {-1, 1}  # constant labels would pass below
    for bit in range(8):
        flipped = inputs.copy()
        flipped[:, bit] *= -1
        sign = -1 if bit < k_relevant else 1
        assert (task.label(flipped) == sign * labels).all()


def test_a_seed_changes_the_training_set_and_not_the_test_set():
    assert (TASK.train_set(0).inputs == TASK.train_set(0).inputs).all()
    assert (TASK.train_set(0).inputs != TASK.train_set(1).inputs).any()
    larger = ParityTask(n_bits=12, k_relevant=3, n_train=61, n_test=20)
    assert (larger.test_set().inputs == TASK.test_set().inputs).all()


def test_label_noise_turns_its_share_of_the_training_labels_and_nothing_else():
    clean, noisy, noisier = (
        ParityTask(n_bits=12, n_train=60, label_noise=share) for share in (0.0, 0.1, 0.35)
    )
    inputs, labels = noisy.train_set(4)
    wrong = labels != noisy.label(inputs)
    assert wrong.sum() == 6
    assert (wrong == noisy.wrong_labels(4)).all()
    assert noisier.wrong_labels(4).sum() == 21
    assert noisier.wrong_labels(4)[wrong].all()  # a larger share adds to the wrong ones
    assert (inputs == clean.train_set(4).inputs).all()
    assert (noisy.test_set().labels == noisy.label(noisy.test_set().inputs)).all()
    assert (noisy.wrong_labels(5) != wrong).any()


def test_no_two_streams_begin_alike():
    draws = [
        tuple(generator(purpose, seed).integers(0, 2**32, 4))
        for purpose in (
            "train set",
            "test set",
            "fresh set",
            "initial weights",
            "batch order",
            "wrong labels",
        )
        for seed in (0, 1, 2**40)
    ]
    assert len(set(draws)) == len(draws)


def test_the_first_training_example_of_seed_0_is_the_same_on_every_machine():
    # A change here means that every number in the book changes.
    inputs, labels = ParityTask().train_set(0)
    assert "".join("+" if x > 0 else "-" for x in inputs[0]) == (
        "++++-+++--+----+--+-+++-+--+---+-++-----"
    )
    assert inputs.sum(dtype=int) == 390
    assert labels.sum(dtype=int) == -20


def test_sign_patterns_are_all_inputs_once():
    patterns = sign_patterns(4)
    assert patterns.shape == (16, 4)
    assert len({tuple(p) for p in patterns}) == 16
    assert (patterns[0] == -1).all()
    assert (patterns[-1] == 1).all()


@pytest.mark.parametrize("k_relevant", [1, 3, 4])
def test_both_solvers_find_the_relevant_bits_wherever_they_are(k_relevant):
    inputs, _ = TASK.train_set(5)
    hidden = tuple(sorted(np.random.default_rng(k_relevant).choice(12, k_relevant, replace=False)))
    labels = inputs[:, hidden].prod(axis=1)
    assert solve_linear(inputs, labels) == hidden
    assert consistent_subsets(inputs, labels, k_relevant) == [hidden]


def test_too_few_examples_do_not_determine_the_bits():
    inputs, labels = TASK.train_set(0)
    assert solve_linear(inputs[:11], labels[:11]) is None
    assert len(consistent_subsets(inputs[:3], labels[:3], 3)) > 1


def test_labels_of_no_parity_are_refused():
    inputs, labels = TASK.train_set(0)
    wrong = labels.copy()
    wrong[-1] *= -1
    with pytest.raises(ValueError, match="no parity"):
        solve_linear(inputs, wrong)
    assert consistent_subsets(inputs, wrong, 3) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("label_noise", 1.1),
        ("label_noise", -0.1),
        ("n_bits", 0),
        ("k_relevant", 41),
        ("k_relevant", 0),
        ("n_train", 0),
        ("n_test", 2.5),
    ],
)
def test_a_field_out_of_range_is_named_with_its_value(field, value):
    with pytest.raises(ValueError, match=f"{field} = {value}"):
        ParityTask(**{field: value})
