"""Events: first epochs, and runs in which they never come."""

import numpy as np
import pytest
import xarray as xr

from grokutils.dynamics import bootstrap_interval, events, lasting_epoch, median_epoch


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


def test_censored_runs_count_as_late_in_a_median():
    assert median_epoch([10, 20, np.nan]) == 20
    assert median_epoch([10, np.nan, np.nan]) == np.inf


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
