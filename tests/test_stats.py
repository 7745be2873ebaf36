"""Events: first epochs, and runs in which they never come."""

import numpy as np
import pytest
import xarray as xr

from grokutils.stats import bootstrap_interval, events, lasting_epoch, median_survival, survival


def history(train, test):
    values = np.array([train, test]).T[None]
    coordinates = {"epoch": [0, 10, 20, 30], "split": ["train", "test"], "seed": [0]}
    return xr.Dataset({"accuracy": (("seed", "epoch", "split"), values)}, coordinates)


def test_events_are_the_first_epochs_above_the_threshold():
    found = events(history([0.5, 0.99, 0.9, 1.0], [0.5, 0.5, 0.98, 0.99])).sel(seed=0)
    assert found["memorization_epoch"] == 10
    assert found["generalization_epoch"] == 30  # 0.98 itself does not exceed the threshold
    assert found["grokking_delay"] == 20


def test_an_event_that_never_comes_is_not_a_number():
    found = events(history([0.5, 1.0, 1.0, 1.0], [0.5, 0.5, 0.5, 0.5])).sel(seed=0)
    assert found["memorization_epoch"] == 10
    assert np.isnan(found["generalization_epoch"])
    assert np.isnan(found["grokking_delay"])


def test_a_run_that_is_followed_no_longer_leaves_the_rest_to_tell():
    # Kaplan and Meier by hand: 4 of 5 left at 5; one leaves unseen at 7, so 2 of 3 of those at 8.
    left = survival([5, 8, np.nan, 12, np.nan], [5, 8, 7, 12, 20])
    happened = [left.probabilities[left.quantiles == t].item() for t in (5, 8, 12)]
    np.testing.assert_allclose(happened, [4 / 5, 4 / 5 * 2 / 3, 4 / 5 * 2 / 3 / 2])


def test_censored_runs_are_not_dropped_from_a_median():
    followed = [90] * 3
    assert median_survival([10, 20, np.nan], followed) == 20
    assert median_survival([10, np.nan, np.nan], followed) == np.inf
    assert median_survival([np.nan] * 3, followed) == np.inf


def test_a_lasting_epoch_is_the_first_after_which_nothing_is_unmet():
    conditions = ["..xx", "x.xx", "xxxx", "xxx.", "...."]
    values = np.array([[c == "x" for c in condition] for condition in conditions])
    condition = xr.DataArray(values, {"epoch": [0, 10, 20, 30]}, ("seed", "epoch"))
    expected = [20, 20, 0, np.nan, np.nan]
    np.testing.assert_array_equal(lasting_epoch(condition), expected)
    assert [lasting_epoch(row).item() for row in condition[:3]] == expected[:3]


def test_a_bootstrap_interval_of_a_mean_is_that_of_the_normal_law():
    values = np.random.default_rng(0).normal(3, 2, 400)
    low, high = bootstrap_interval(values, np.mean)
    error = values.std() / 20
    assert low == pytest.approx(values.mean() - 1.96 * error, abs=error / 10)
    assert high == pytest.approx(values.mean() + 1.96 * error, abs=error / 10)
    inner = bootstrap_interval(values, np.mean, level=0.5)
    assert low < inner[0] < inner[1] < high
    assert (bootstrap_interval(values, np.mean) == [low, high]).all()  # no draw is left to chance


def test_a_bootstrap_interval_reaches_infinity_where_events_are_missing():
    low, high = bootstrap_interval([10, 11, 12, 13, np.inf, np.inf, np.inf])
    assert 10 <= low <= 13
    assert high == np.inf
