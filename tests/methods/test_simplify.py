"""Simpler models: what is cut and merged, and which is the first that is faithful."""

import numpy as np
import pytest

from experiments.methods.simplify import (
    NUMBERS,
    clusters,
    cut_to_directions,
    fewest_faithful,
    merged,
)
from grokutils.parity.task import ParityTask
from grokutils.parity.weights import Weights, initial_weights, output

TASK = ParityTask(n_bits=12, k_relevant=2, n_train=90)
INPUTS = TASK.fresh_set(200).inputs
NET = initial_weights(12, 30, 1)


def test_a_cut_is_that_of_the_decomposition_and_all_directions_are_the_network():
    cut = cut_to_directions(NET)
    left, values, rows = np.linalg.svd(NET.hidden_weight, full_matrices=False)
    expected = left[:, :3] * values[:3] @ rows[:3]
    np.testing.assert_allclose(cut(3).hidden_weight, expected, atol=1e-12)
    np.testing.assert_allclose(cut(12).hidden_weight, NET.hidden_weight, atol=1e-12)
    assert not cut(0).hidden_weight.any()
    assert (cut(3).readout == NET.readout).all()


def test_clusters_are_the_groups_that_there_are():
    rng = np.random.default_rng(0)
    groups = np.repeat([0, 1, 2], [5, 10, 15])
    points = np.array([[0.0, 0], [9, 0], [0, 9]])[groups] + rng.normal(size=(30, 2)) / 10
    order = rng.permutation(30)
    found = clusters(points[order], 0, 3)
    assert len({(a, b) for a, b in zip(found, groups[order], strict=True)}) == 3
    assert len(set(clusters(points, 0, 30))) == 30


def test_no_point_is_nearer_to_the_mean_of_another_cluster():
    points = np.random.default_rng(1).normal(size=(60, 4))
    found = clusters(points, 3, 8)
    means = np.array([points[found == c].mean(axis=0) for c in range(8)])
    distances = ((points[:, None] - means) ** 2).sum(axis=-1)
    assert (distances.argmin(axis=1) == found).all()


def test_equal_neurons_are_merged_into_one_that_counts_for_all():
    twice = Weights(*(np.repeat(part, 3, axis=0) for part in NET))
    np.testing.assert_allclose(output(merged(twice, 30), INPUTS), output(twice, INPUTS))
    one = merged(twice, 1)
    np.testing.assert_allclose(one.hidden_weight[0], NET.hidden_weight.mean(axis=0))
    assert one.readout == pytest.approx(twice.readout.sum())
    empty = merged(twice, 60)  # more clusters than there are kinds of neurons
    np.testing.assert_allclose(output(empty, INPUTS), output(twice, INPUTS))


def test_the_first_faithful_model_is_found_and_none_before_it_is():
    cut = cut_to_directions(NET)
    number = fewest_faithful(NET, INPUTS, cut, range(13))
    agrees = [(np.sign(output(cut(k), INPUTS)) == np.sign(output(NET, INPUTS))) for k in range(13)]
    assert [a.all() for a in agrees].index(True) == number
    assert fewest_faithful(NET, INPUTS, cut, [0, 1]) == 1  # neither: the last
    two = NET._replace(hidden_weight=cut(2).hidden_weight)
    assert fewest_faithful(two, INPUTS, cut_to_directions(two), range(13)) <= 2


def test_numbers_of_clusters_grow_by_halves():
    assert NUMBERS[:9] == [2, 3, 4, 6, 8, 12, 16, 24, 32]
