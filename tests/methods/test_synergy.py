"""O-information against closed forms of normal variables; groups against planted ones."""

import numpy as np
import pytest

from experiments.methods.synergy import correlations, grouped, o_information, synergy

ALL = 0b111


def test_independent_variables_have_none():
    assert o_information(np.eye(4)) == pytest.approx(np.zeros(16))


@pytest.mark.parametrize("rho", [0.2, 0.6])
def test_a_sum_of_two_is_synergy(rho):
    r = np.array([[1, 0, rho], [0, 1, rho], [rho, rho, 1]])
    partial = -(rho**2) / (1 - rho**2)  # I(X;Y) = 0, so Ω = -I(X;Y|Z)
    found = o_information(r)
    assert found[ALL] == pytest.approx(np.log(1 - partial**2) / 2)
    assert found[ALL] < 0
    assert found[[0b011, 0b101, 0b110]] == pytest.approx(0)  # of two, there is never any


def test_copies_are_redundant():
    rho = 0.5
    r = np.full((3, 3), rho) + (1 - rho) * np.eye(3)
    partial = rho / (1 + rho)
    expected = -np.log(1 - rho**2) / 2 + np.log(1 - partial**2) / 2
    assert o_information(r)[ALL] == pytest.approx(expected)
    assert expected > 0


def test_ranks_alone_count_and_the_best_set_is_found():
    rng = np.random.default_rng(1)
    x, y, noise = rng.normal(size=(3, 4000))
    values = np.stack([x, y, x + y + 0.5 * noise, rng.normal(size=4000)], axis=1)
    found = synergy(values)
    assert found == pytest.approx(-o_information(correlations(values))[ALL], abs=0.01)
    assert found > 0.3
    assert synergy(np.exp(values) + 5) == pytest.approx(found)
    assert synergy(values[:, :2]) == 0


def test_groups_are_the_neurons_that_fire_alike_and_silent_ones_are_in_none():
    rng = np.random.default_rng(2)
    sources = rng.random((200, 3))
    values = np.repeat(sources, 4, axis=1) + 0.01 * rng.random((200, 12))
    silent = np.column_stack([values, np.zeros(200)])
    three, two = grouped(silent, 3, 2)
    assert three.shape == (200, 3)
    assert two.shape == (200, 2)
    nearest = np.abs(np.corrcoef(three.T, sources.T)[:3, 3:])
    assert np.sort(nearest.argmax(axis=1)).tolist() == [0, 1, 2]
    assert grouped(np.zeros((5, 4)), 3)[0].shape == (5, 0)
