"""Fits: right on samples whose answer is known, not a number where there is none."""

import numpy as np
import pandas as pd
import pytest
from made import left_out
from scipy import stats as scipy_stats

from experiments.decides.fits import (
    bimodality,
    deepest_valley,
    explained,
    half_point,
    left_out_error,
    line,
    rank_correlation,
    ratio,
    slope_interval,
    to_twelve_digits,
)
from experiments.measured import Measured, Reading, divided


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


def test_an_unknown_share_is_left_out():
    assert half_point([100, 200, 400], [0.2, 0.4, np.nan]) == np.inf
    assert half_point([100, 200, 400], [0.0, np.nan, 1.0]) == pytest.approx(200)
    assert half_point([100, 200, 400], [np.nan, 0.6, 0.9]) == 0
    assert np.isnan(half_point([100, 200], [np.nan, np.nan]))


def test_a_ratio_of_half_points_is_exact_where_they_are_powers_of_two_apart():
    one, other = (half_point([x, 2 * x], [1.0, 0.0], falling=True) for x in (1600, 800))
    beside = np.nextafter(one, np.inf)  # as some processors' logarithms have it
    assert beside / other != 2 or one / other != 2
    assert to_twelve_digits(divided(one, other)) == 2
    assert to_twelve_digits(divided(beside, other)) == 2
    kept = to_twelve_digits(Measured(1 / 3, 20, Reading.AT_LEAST))
    assert (kept, kept.runs, kept.reading) == (0.333333333333, 20, Reading.AT_LEAST)
    assert to_twelve_digits(divided(one, np.inf)).reading is Reading.NOTHING


def test_a_ratio_names_what_has_no_number():
    assert (ratio(3, 2), ratio(1, 0), ratio(3, np.inf)) == (1.5, np.inf, 0)
    assert np.isnan([ratio(0, 0), ratio(np.inf, np.inf)]).all()


def test_the_error_at_points_left_out_is_that_of_the_formula_that_fits_but_once():
    x, y = np.random.default_rng(0).normal(size=(2, 9))
    assert left_out_error(x, y) == pytest.approx(left_out(x, y))
    known = np.append(x, 3.0), np.append(y, np.inf)
    assert left_out_error(*known) == pytest.approx(left_out(x, y))  # of the finite ones


def test_the_bimodality_of_known_distributions():
    n = 20_000
    normal = np.random.default_rng(0).normal(size=n)
    assert bimodality(np.linspace(0, 1, n)) == pytest.approx(5 / 9, abs=1e-3)
    assert bimodality(normal) == pytest.approx(1 / 3, abs=0.02)
    assert bimodality(np.repeat([0.5, 1.0], n // 2)) == pytest.approx(1, abs=1e-3)
    assert np.isnan(bimodality(np.ones(10)))
    few = pd.Series([0.1, 0.2, 0.2, 0.5, 0.9, 1.0])  # whose moments pandas has without bias
    expected = (few.skew() ** 2 + 1) / (few.kurt() + 3 * 25 / (4 * 3))
    assert bimodality(few) == pytest.approx(expected)


def test_a_rank_correlation_keeps_what_is_infinite_and_drops_what_is_unknown():
    assert rank_correlation([1, 2, 3, 4], [1, 4, 9, np.inf]) == pytest.approx(1)
    assert rank_correlation([1, 2, 3, 4], [4, 3, 2, np.nan]) == pytest.approx(-1)
    assert np.isnan(rank_correlation([1, 2, 3], [5, 5, 5]))
    assert np.isnan(rank_correlation([1, 2], [1, 2]))


def test_a_rank_correlation_that_is_a_bound_is_so_to_the_last_bit():
    assert rank_correlation([10, 30, 100, 300], [4, 2, 3, 1]) == -0.8  # of doubles: -0.7999...
    assert rank_correlation([1, 2, 2, 3], [1, 2, 2, 3]) == 1
    rng = np.random.default_rng(0)
    for n in (5, 20, 200):
        x, y = rng.integers(0, 9, (2, n))
        assert rank_correlation(x, y) == pytest.approx(scipy_stats.spearmanr(x, y).statistic)


def test_what_is_explained_is_judged_on_rows_that_the_fit_has_not_seen():
    rng = np.random.default_rng(0)
    fitted = np.arange(200) < 100
    x = rng.normal(size=(200, 2))
    assert explained(x, 3 * x[:, 0] - x[:, 1], fitted) == pytest.approx(1)
    many = rng.normal(size=(200, 90))  # fits 100 rows of noise, and predicts nothing
    assert explained(many, rng.normal(size=200), fitted) < 0


def test_what_is_explained_is_beside_the_mean_of_the_fitted_rows():
    fitted = np.array([True, True, True, False, False])
    x, y = np.array([0.0, 1, 2, 3, 4])[:, None], np.array([0.0, 1, 2, 5, 4])
    # The line is y = x: off by 2 and 0, where the mean of the fitted, 1, is off by 4 and 3.
    assert explained(x, y, fitted) == pytest.approx(1 - 4 / 25)


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
