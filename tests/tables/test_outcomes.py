"""Outcomes: no run is dropped, whatever it did not get to, and the words are those agreed on."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from experiments import outcomes
from experiments.claims import CLAIMS

NEVER = np.nan


def rows(memorized, generalized, last=1500):
    columns = {"memorization_epoch": memorized, "generalization_epoch": generalized}
    return pd.DataFrame(columns, dtype=float).assign(last_epoch=last)


def test_a_setting_selects_its_rows_and_free_columns_do_not_count():
    table = pd.DataFrame({"width": [10, 10, 20], "lr": [0.1, 0.3, 0.1], "seed": [0, 0, 0]})
    setting = {"width": 10, "lr": 0.1}
    assert outcomes.select(table, setting).index.tolist() == [0]
    assert outcomes.select(table, setting, free=["width"]).index.tolist() == [0, 2]
    assert outcomes.select(table, setting | {"lr": 1.0}).empty


def test_the_rows_of_a_history_are_its_events_and_its_end():
    accuracy = [[[0.5, 0.5], [1, 0.5], [1, 1]], [[0.5, 0.5], [1, 0.5], [1, 0.5]]]
    coordinates = {"seed": [3, 4], "epoch": [0, 10, 20], "split": ["train", "test"]}
    history = xr.Dataset({"accuracy": (("seed", "epoch", "split"), accuracy)}, coordinates)
    found = outcomes.rows_of(history)
    assert found.index.tolist() == [3, 4]
    np.testing.assert_array_equal(found["memorization_epoch"], [10, 10])
    np.testing.assert_array_equal(found["generalization_epoch"], [20, NEVER])
    assert (found["last_epoch"] == 20).all()


def test_runs_that_never_memorize_count_in_every_median():
    # Two of ten get anywhere, as of the narrowest networks: half of the runs wait for ever.
    few = outcomes.summarize(rows([100, 215] + [NEVER] * 8, [104, 219] + [NEVER] * 8))
    assert (few["seeds"], few["memorized"], few["generalized"]) == (10, 2, 2)
    for median in ("memorization epoch", "generalization epoch", "delay"):
        assert few[median] == np.inf
    # Three of five memorize, the others do not: the delay counts all five.
    some = outcomes.summarize(rows([10, 20, 30, NEVER, NEVER], [60, 90, 130, NEVER, NEVER]))
    assert (some["memorization epoch"], some["generalization epoch"]) == (30, 130)
    assert some["delay"] == 100
    # With all there, each median is the ordinary one.
    all_there = outcomes.summarize(rows([10, 20, 30, 50], [60, 70, 130, 350]))
    assert (all_there["memorization epoch"], all_there["generalization epoch"]) == (25, 100)
    assert all_there["delay"] == 75
    assert outcomes.delay_over_memorization(rows([10, 20, 30], [60, 70, 90])) == 2.5
    assert outcomes.delay_over_memorization(rows([10, NEVER, NEVER], [60, NEVER, NEVER])) == np.inf


def test_a_run_that_was_left_early_says_nothing_of_later_times():
    left = rows([10] * 5, [40, 50, 60, NEVER, NEVER], last=[100, 100, 100, 15, 16])
    assert outcomes.summarize(left)["delay"] == 40  # of the other three
    assert outcomes.delay_over_memorization(left) == 4
    assert outcomes.median_epoch(left) == 50


def test_a_run_that_generalizes_without_memorizing_waits_for_less_than_any_other():
    unmemorized = rows([NEVER] * 3, [60, 70, 80])
    assert outcomes.summarize(unmemorized)["delay"] == -np.inf
    assert outcomes.summarize(unmemorized)["memorization epoch"] == np.inf
    assert outcomes.delay_over_memorization(unmemorized) == -1
    # One of three: the median is the lesser of the other two. It is not one that waits for ever.
    some = rows([NEVER, 10, 20], [60, 40, 90])
    assert outcomes.summarize(some)["delay"] == 30
    assert outcomes.delay_over_memorization(some) == 3
    # Half so, and half never: half or more never generalize.
    halves = rows([NEVER, NEVER], [60, NEVER])
    assert outcomes.summarize(halves)["delay"] == np.inf


def test_a_summary_of_groups_counts_in_whole_numbers():
    table = rows([10, 20, NEVER], [50, NEVER, NEVER]).assign(width=[30, 30, 10])
    found = outcomes.summarize_by(table, "width")
    assert found.index.tolist() == [10, 30]
    assert found[list(outcomes.COUNTS)].values.tolist() == [[1, 0, 0], [2, 2, 1]]
    assert {found[name].dtype.kind for name in outcomes.COUNTS} == {"i"}
    assert found["delay"].tolist() == [np.inf, np.inf]


@pytest.mark.parametrize(
    ("memorized", "generalized", "words"),
    [
        ([10, 10, 10], [20, 20, 20], "delayed"),
        ([10, 10, 10], [19, 19, 19], "in between"),
        ([10, 10, 10], [15, 15, 15], "in between"),
        ([10, 10, 10], [14, 14, 14], "no delay"),
        ([10, 10, 10], [5, 5, 5], "no delay"),
        ([10, 10, 10, 10], [50, 50, NEVER, NEVER], "never"),
        ([10, 10, 10], [50, 50, NEVER], "delayed"),
        ([10, NEVER], [50, NEVER], "does not even memorize"),
        ([NEVER, NEVER, NEVER], [50, 60, 70], "without memorizing"),
        ([10, NEVER, NEVER], [5, 60, 70], "without memorizing"),
        ([10, 20, NEVER], [14, 60, 70], "no delay"),
        ([NEVER, NEVER], [NEVER, NEVER], "does not even memorize"),
    ],
)
def test_a_regime_is_named_as_was_agreed_before_the_map_was_seen(memorized, generalized, words):
    assert outcomes.regime(outcomes.summarize(rows(memorized, generalized))) == words


def test_a_median_ratio_counts_seeds_without_the_event_as_later_than_all():
    treated, control = pd.Series([30.0, 40, NEVER]), pd.Series([20.0, 20, 20])
    assert outcomes.median_ratio(treated, control) == 2
    assert outcomes.median_ratio(control, treated) == 0.5
    assert outcomes.median_ratio(pd.Series([30.0, NEVER, NEVER]), control) == np.inf
    # Neither: equal. By seed, not by place.
    assert outcomes.median_ratio(pd.Series([NEVER] * 3), pd.Series([NEVER] * 3)) == 1
    turned = control.set_axis([2, 1, 0]) * [1, 2, 4]
    assert outcomes.median_ratio(pd.Series([80.0, 40, 20]), turned) == 1


def test_an_exponent_is_that_of_a_power_and_of_none_where_a_median_is_never():
    x = np.array([1e-3, 3e-3, 1e-2])
    assert outcomes.exponent(pd.Series(2 / x**1.5, x)) == pytest.approx(-1.5)
    assert np.isnan(outcomes.exponent(pd.Series([100, np.inf, 3], x)))


@pytest.mark.parametrize(
    ("generalized", "narrowest"),
    [((2, 9, 10, 10), 20), ((2, 10, 8, 9), 100), ((9, 9, 9, 9), 10), ((10, 10, 10, 8), np.nan)],
)
def test_the_narrowest_reliable_width_is_the_least_from_which_on_all_are(generalized, narrowest):
    counts = {"generalized": generalized, "seeds": 10}
    found = outcomes.narrowest_reliable(pd.DataFrame(counts, index=[10, 20, 50, 100]))
    np.testing.assert_equal(found, narrowest)


def test_if_no_width_is_reliable_the_claim_on_widths_does_not_hold():
    (bound,) = [c for c in CLAIMS["C16"].criteria if c.quantity == "narrowest_reliable"]
    none = pd.DataFrame({"generalized": [1, 2], "seeds": 10}, index=[10, 3000])
    assert not bound.holds(outcomes.narrowest_reliable(none))
    assert not bound.contradicted(outcomes.narrowest_reliable(none))


def test_a_picture_is_what_the_claims_on_other_settings_ask_for():
    columns = {
        "test_accuracy": [1.0, 0.98, 1.0],
        "effective_sparsity_at_memorization": [900, 800, 600],
        "effective_sparsity": [9, 10, 6],
        "mean_norm_sparse": [2.0, 3, 4],
        "mean_norm_control": [1.0, 1, 1],
        "faithfulness_sparse": [1.0, 0.9, 0.8],
        "faithfulness_complement": [0.5, 0.6, 0.7],
    }
    table = rows([10, 20, 30], [30, 120, 60]).assign(**columns)
    found = outcomes.picture(table)
    assert found.pop("share_generalized") == pytest.approx(2 / 3)  # 0.98 does not exceed 0.98
    assert list(found.values()) == [2, 100, 3, 0.9, 0.6]
    for claim in ("C13", "C14"):
        asked = {criterion.quantity for criterion in CLAIMS[claim].criteria}
        assert asked == set(outcomes.picture(table))
