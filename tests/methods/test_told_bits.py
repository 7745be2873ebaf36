"""Bits told by a start: none by chance, all by the answer, and what was counted by hand."""

from itertools import combinations
from math import comb, inf, log2, prod

import numpy as np
import pytest

from experiments.methods.told import bits_told

ALL = log2(comb(8, 3))


def test_equal_weights_tell_nothing_and_the_relevant_ones_alone_tell_all():
    assert bits_told(np.ones((5, 8)), 3) == pytest.approx(0)
    relevant = np.zeros((5, 8))
    relevant[:, :3] = np.random.default_rng(0).normal(size=(5, 3))
    assert bits_told(relevant, 3) == pytest.approx(ALL)
    relevant[1:] = 0
    assert bits_told(relevant, 3) == pytest.approx(ALL - log2(5))  # one neuron of five


def test_two_inputs_a_neuron_and_the_wrong_ones_never_draw_the_three():
    two = np.zeros((4, 8))
    two[:, :2] = 1
    assert bits_told(two, 3) == -inf
    assert bits_told(np.roll(np.eye(8)[:1] + 0.0, 4, axis=1), 3) == -inf


def test_it_is_the_chance_that_is_counted_by_hand_whatever_the_scale_of_a_neuron():
    weights = np.random.default_rng(1).normal(size=(6, 8))
    chances = []
    for row in weights**2:
        of = {places: prod(row[list(places)]) for places in combinations(range(8), 3)}
        chances.append(of[0, 1, 2] / sum(of.values()))
    expected = log2(np.mean(chances) * comb(8, 3))
    assert bits_told(weights, 3) == pytest.approx(expected)
    assert bits_told(weights * np.array([[1e-9], [1], [3], [5], [1e9], [2]]), 3) == pytest.approx(
        expected
    )
