"""Events: first epochs, and runs in which they never come."""

import numpy as np
import xarray as xr

from grokutils.dynamics import events, median_epoch


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
