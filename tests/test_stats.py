"""Events: first epochs, and runs in which they never come."""

import numpy as np
import pytest
import xarray as xr
from scipy import stats as scipy_stats

from grokutils.stats import (
    Outcome,
    bootstrap_interval,
    censored_median,
    delay,
    events,
    first_epoch,
    growth_rate,
    half_fallen,
    lasting_epoch,
    outcome,
    rise,
    share_among_largest,
    survival,
    value_at,
)

EPOCHS = [0, 10, 20, 30]
NEVER = np.nan


def history(train, test):
    values = np.array([train, test]).T[None]
    coordinates = {"epoch": EPOCHS, "split": ["train", "test"], "seed": [0]}
    return xr.Dataset({"accuracy": (("seed", "epoch", "split"), values)}, coordinates)


def curves(*rows):
    return xr.DataArray(np.array(rows), {"epoch": EPOCHS}, ("seed", "epoch"))


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


def test_a_lasting_epoch_is_the_first_after_which_nothing_is_unmet():
    conditions = ["..xx", "x.xx", "xxxx", "xxx.", "...."]
    condition = curves(*([c == "x" for c in condition] for condition in conditions))
    expected = [20, 20, 0, np.nan, np.nan]
    np.testing.assert_array_equal(lasting_epoch(condition), expected)
    assert [lasting_epoch(row).item() for row in condition[:3]] == expected[:3]
    # The first crossing is another epoch: in the second row and in the fourth it is 0.
    np.testing.assert_array_equal(first_epoch(condition), [20, 0, 0, 0, np.nan])


def test_a_value_at_an_epoch_is_that_of_each_seed_and_missing_where_the_epoch_is():
    values = value_at(curves([1, 2, 3, 4], [5, 6, 7, 8]), xr.DataArray([20, np.nan], dims="seed"))
    np.testing.assert_array_equal(values, [3, np.nan])
    assert value_at(curves([1, 2, 3, 4])[0], xr.DataArray(30)) == 4


def test_a_rise_begins_at_the_last_low_epoch_and_ends_at_the_first_high_one():
    found = rise(curves([0.5, 0.7, 0.65, 0.99], [0.5, 0.99, 0.5, 0.99], [0.5, 0.6, 0.98, 0.9]))
    np.testing.assert_array_equal(found, [10, 10, np.nan])


def test_half_of_a_fall_is_done_in_the_geometric_middle_after_its_beginning():
    since = xr.DataArray([0, 10, 0, np.nan], dims="seed")
    # 900, 60, 4: 60 is the middle to the digit, of the logarithms too. In the second row the
    # fall begins later; in the third, all is at the end's level at once.
    sizes = curves([900, 61, 60, 4], [3, 900, 100, 4], [7, 7, 7, 7], [900, 60, 4, 4])
    expected = ["..xx", "...x", ".xxx", "...."]
    found = ["".join(".x"[int(x)] for x in row) for row in half_fallen(sizes, since).values]
    assert found == expected
    for last in range(1, 40):  # a logarithm rounds some of these ties to either side
        start, middle = last * 49, last * 7
        sizes = curves([start, middle + 1, middle, last])
        assert first_epoch(half_fallen(sizes, xr.DataArray([0], dims="seed"))) == 20


def test_a_growth_rate_is_that_of_an_exponential():
    grows = curves(*(np.exp(rate * np.array(EPOCHS)) for rate in (0.03, -0.01, 0.02)))
    first, last = (xr.DataArray(v, dims="seed") for v in ([10, 0, 10], [30, 20, np.nan]))
    np.testing.assert_allclose(growth_rate(grows, first, last), [0.03, -0.01, np.nan])


def test_the_share_of_a_set_among_the_largest_is_counted_at_each_epoch():
    first = [[4, 3, 2, 1], [1, 4, 3, 2], [2, 2, 2, 2]]
    second = [[1, 1, 1, 9], [9, 1, 1, 1], [5, 6, 7, 8]]
    weight_norm = xr.DataArray([first, second], dims=("seed", "epoch", "neuron"))
    chosen = xr.DataArray(np.array([[1, 1, 0, 0], [0, 0, 0, 1]], bool), dims=("seed", "neuron"))
    found = share_among_largest(weight_norm, chosen)
    # Of equal norms the first counts as larger.
    np.testing.assert_array_equal(found, [[1, 0.5, 1], [1, 0, 1]])


def test_a_run_that_is_followed_no_longer_leaves_the_rest_to_tell():
    # Kaplan and Meier by hand: 4 of 5 left at 5; one leaves unseen at 7, so 2 of 3 of those at 8.
    times, left = survival([5, 8, np.nan, 12, np.nan], [5, 8, 7, 12, 20])
    assert times.tolist() == [5, 8, 12]
    np.testing.assert_allclose(left.astype(float), [4 / 5, 4 / 5 * 2 / 3, 4 / 5 * 2 / 3 / 2])


def test_survival_is_that_of_a_library_to_rounding():
    rng = np.random.default_rng(0)
    durations, followed = rng.integers(1, 30, (2, 80)).astype(float)
    durations[durations > followed] = np.nan
    happened = ~np.isnan(durations)
    sample = scipy_stats.CensoredData(durations[happened], right=followed[~happened])
    expected = scipy_stats.ecdf(sample).sf
    times, left = survival(durations, followed)
    at = [expected.quantiles.tolist().index(time) for time in times]
    np.testing.assert_allclose(left.astype(float), expected.probabilities[at], rtol=1e-12)


@pytest.mark.parametrize("n", range(1, 61))
def test_the_median_of_runs_without_censoring_is_the_ordinary_one(n):
    durations = np.random.default_rng(n).permutation(n) + 1.0
    assert censored_median(durations, [99] * n) == np.median(durations)
    ties = np.ceil(durations / 3)
    assert censored_median(ties, [99] * n) == np.median(ties)
    # Later than all counts alike, whether the run was followed for as long or can never get there.
    for followed in ([n] * n, [np.inf] * n):
        censored = np.where(durations > (n + 2) // 2, np.nan, durations)
        assert censored_median(censored, followed) == np.median(durations)


def test_censored_runs_are_not_dropped_from_a_median():
    followed = [90] * 4
    assert censored_median([10, 20, np.nan], followed[:3]) == 20
    assert censored_median([10, np.nan, np.nan], followed[:3]) == np.inf
    assert censored_median([10, 20, np.nan, np.nan], followed) == np.inf  # as with infinities
    assert censored_median([np.nan] * 3, followed[:3]) == np.inf
    # Two runs that were left early say nothing of later times.
    assert censored_median([30, 40, 50, np.nan, np.nan], [30, 40, 50, 5, 6]) == 40


def test_every_way_that_a_run_ends_has_a_name_and_says_how_it_counts():
    memorized = [10, 10, 20, NEVER, 10, NEVER, NEVER, np.inf]
    generalized = [40, 10, 10, 40, NEVER, NEVER, NEVER, np.inf]
    last = [90.0] * 6 + [NEVER, 90.0]
    found = outcome(memorized, generalized, last)
    assert [run.name for run in found] == [
        *("DELAYED", "AT_ONCE", "AT_ONCE", "UNMEMORIZED", "MEMORIZED", "NEITHER", "DIVERGED"),
        "NEITHER",  # an event at infinity never comes
    ]
    assert set(found) == set(Outcome)
    assert [run.generalized for run in found] == [True] * 4 + [False] * 4
    assert outcome([10], [40])[0] is Outcome.DELAYED  # where none can diverge
    for run in Outcome:
        assert ": " in run.value  # what happened, and what to make of it


def test_a_delay_is_infinite_without_generalization_and_minus_infinite_without_memorization():
    memorized, generalized = [10, 20, NEVER, 10, NEVER, np.inf], [40, 10, 40, NEVER, NEVER, 40]
    expected = [30, -10, -np.inf, np.inf, np.inf, -np.inf]
    assert delay(memorized, generalized).tolist() == expected


def test_a_median_counts_what_came_before_all_and_what_never_came():
    assert censored_median([-np.inf, -np.inf, 5, 6, 7], [9] * 5) == 5
    assert censored_median([-np.inf, -np.inf, 5], [9] * 3) == -np.inf
    assert censored_median([-np.inf, np.nan], [9] * 2) == np.inf  # half of them never


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
