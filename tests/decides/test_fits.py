"""Fits: right on samples whose answer is known, not a number where there is none."""

import numpy as np
import pytest

from experiments.decides.fits import (
    bimodality,
    deepest_valley,
    explained,
    half_point,
    left_out_error,
    line,
    rank_correlation,
    slope_interval,
)


def test_a_line_is_fitted_to_the_finite_points_alone():
    slope, intercept = line([0, 1, 2, 3], [1, 3, 5, np.inf])
    assert slope == pytest.approx(2)
    assert intercept == pytest.approx(1)
    assert np.isnan(line([0, 1, 2], [1, 2, np.inf])).all()
    assert np.isnan(line([1, 1, 1], [1, 2, 3])).all()


def test_the_error_at_points_left_out_tells_an_exponential_from_a_power_law():
    n = np.arange(10, 60, 5)
    for truth, other in ((n, np.log(n)), (np.log(n), n)):
        delay = 0.3 + 0.2 * truth
        assert left_out_error(truth, delay) < 1e-12
        assert left_out_error(other, delay) > 1e-3
    assert np.isnan(left_out_error([1, 2, 3], [1, 2, 3]))


def test_a_point_left_out_is_not_seen_by_its_fit():
    x, y = np.arange(5.0), np.array([0, 1, 2, 3, 14.0])
    slope, intercept = line(x[:4], y[:4])
    worst = 14 - (slope * 4 + intercept)
    assert left_out_error(x, y) > worst / np.sqrt(5)  # of which this is one of five errors


def test_a_half_point_lies_between_on_a_logarithmic_axis():
    assert half_point([100, 400], [0.0, 1.0]) == pytest.approx(200)
    assert half_point([400, 100], [1.0, 0.0]) == pytest.approx(200)  # in any order
    assert half_point([100, 400], [1.0, 0.0]) == pytest.approx(200)  # of a share that falls
    assert half_point([100, 200, 400], [0.0, 0.25, 0.75]) == pytest.approx(200 * 2**0.5)
    three = half_point([1, 2, 4, 8], [0.0, 1.0, 0.0, 1.0])
    assert three == pytest.approx(2 * 2**0.5)


def test_a_half_point_beyond_the_ends_is_not_made_up():
    assert half_point([100, 400], [0.1, 0.4]) == np.inf
    assert half_point([100, 400], [0.6, 0.9]) == 0
    assert half_point([100, 400], [0.9, 0.6], falling=True) == np.inf  # has not fallen yet
    assert half_point([100, 400], [0.0, 0.0], falling=True) == 0


def test_the_bimodality_of_known_distributions():
    n = 20_000
    normal = np.random.default_rng(0).normal(size=n)
    assert bimodality(np.linspace(0, 1, n)) == pytest.approx(5 / 9, abs=1e-3)
    assert bimodality(normal) == pytest.approx(1 / 3, abs=0.02)
    assert bimodality(np.repeat([0.5, 1.0], n // 2)) == pytest.approx(1, abs=1e-3)
    assert np.isnan(bimodality(np.ones(10)))


def test_a_rank_correlation_keeps_what_is_infinite_and_drops_what_is_unknown():
    assert rank_correlation([1, 2, 3, 4], [1, 4, 9, np.inf]) == pytest.approx(1)
    assert rank_correlation([1, 2, 3, 4], [4, 3, 2, np.nan]) == pytest.approx(-1)
    assert np.isnan(rank_correlation([1, 2, 3], [5, 5, 5]))


def test_what_is_explained_is_judged_on_rows_that_the_fit_has_not_seen():
    rng = np.random.default_rng(0)
    fitted = np.arange(200) < 100
    x = rng.normal(size=(200, 2))
    assert explained(x, 3 * x[:, 0] - x[:, 1], fitted) == pytest.approx(1)
    many = rng.normal(size=(200, 90))  # fits 100 rows of noise, and predicts nothing
    assert explained(many, rng.normal(size=200), fitted) < 0


def test_a_valley_lies_between_two_higher_values():
    assert deepest_valley([0.5, 0.9, 0.6, 1.0]) == pytest.approx(0.3)
    assert deepest_valley([0.5, 0.7, 0.9]) == 0
    assert deepest_valley([0.9, 0.7, 0.5]) == 0


def test_the_interval_of_a_slope_narrows_with_what_seeds_have_in_common():
    x, rng = np.log([1, 2, 4, 8]), np.random.default_rng(0)
    level = rng.normal(size=(20, 1))  # of each seed, the same at every x
    assert slope_interval(x, 5 + 3 * x + level) == pytest.approx([3, 3])
    low, high = slope_interval(x, 5 + 3 * x + rng.normal(size=(20, 4)))
    assert low < 3 < high
    assert high - low < 3
    assert slope_interval(x, np.exp(3 * x + level), of=np.log) == pytest.approx([3, 3])
