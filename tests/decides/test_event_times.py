"""Times in steps and ticks: the clock is the run's own, and late runs stay in."""

import numpy as np
import pandas as pd
import pytest
from made import assert_read, at_least

from experiments.decides.event_times import alike, log, log_ratio, median, median_of, medians, timed
from experiments.measured import Measured, Reading
from experiments.outcomes import waits


def races(**columns):
    rows = {"memorization_epoch": [10.0, 20.0], "generalization_epoch": [40.0, np.nan]}
    return pd.DataFrame(rows | columns)


def test_a_table_that_sets_nothing_has_the_papers_clock():
    found = timed(races())
    assert found["generalization_steps"][0] == 40 * 32  # 1,000 examples in batches of 32
    assert found["generalization_ticks"][0] == pytest.approx(40 * 32 * 0.1 * 0.01)
    assert found["delay_epoch"][0] == 30
    assert found["relative_delay"][0] == 3


def test_what_a_table_sets_is_what_its_clock_runs_by():
    found = timed(races(n_train=[40, 100], batch_size=[64, 30], lr=[0.5, 1.0], weight_decay=0.1))
    assert found["memorization_steps"].tolist() == [10 * 1, 20 * 4]
    np.testing.assert_allclose(found["memorization_ticks"], [10 * 0.05, 80 * 0.1])


def test_a_run_that_never_generalizes_is_later_than_all_others():
    found = timed(races(generalization_epoch=[np.nan, np.nan], memorization_epoch=[10, np.nan]))
    assert not found["generalized"].any()
    for column in ("generalization_ticks", "delay_steps", "relative_delay"):
        assert (found[column] == np.inf).all()  # whether or not it has memorized


def test_a_run_that_generalizes_before_it_memorizes_has_no_delay():
    found = timed(races(memorization_epoch=[60, np.nan], generalization_epoch=[40, 40]))
    assert (found["delay_epoch"] < 0).all()
    assert (found["relative_delay"] < 0).all()


def test_without_decay_no_tick_passes_but_what_never_comes_is_later_than_all():
    found = timed(races(weight_decay=0.0, memorization_epoch=[10.0, np.nan]))
    assert found["generalization_ticks"].tolist() == [0, np.inf]
    assert found["memorization_ticks"].tolist() == [0, np.inf]
    assert found["delay_ticks"].tolist() == [0, np.inf]


def test_each_run_has_an_outcome_and_one_convention_of_what_never_came():
    events = {
        "memorization_epoch": [10.0, 10, 20, np.nan, 10, np.nan, np.nan],
        "generalization_epoch": [40.0, 10, 10, 40, np.nan, np.nan, np.nan],
        "last_epoch": [90.0] * 6 + [np.nan],
    }
    found = timed(pd.DataFrame(events))
    names = ["DELAYED", "AT_ONCE", "AT_ONCE", "UNMEMORIZED", "MEMORIZED", "NEITHER", "DIVERGED"]
    assert [run.name for run in found["outcome"]] == names
    assert found["generalized"].tolist() == [True] * 4 + [False] * 3
    assert found["delay_epoch"].tolist() == [30, 0, -10, -np.inf, np.inf, np.inf, np.inf]
    assert found["relative_delay"].tolist() == [3, 0, -0.5, -1, np.inf, np.inf, np.inf]
    waited, _ = waits(pd.DataFrame(events))
    assert waited.dropna().tolist() == [30, 0, -10, -np.inf]  # the others are censored


def test_races_are_alike_where_a_table_says_so_and_dials_are_filled_in():
    one = pd.DataFrame({"loss": ["hinge", "logistic"], "lr": [0.1, 0.1]})
    other = pd.DataFrame({"width": [30, 100]})
    found = alike([one, other], {"loss": "hinge", "start": "dense"}, {"lr": 0.3, "width": 1000})
    assert found["lr"].tolist() == [0.1, 0.3, 0.3]
    assert found["width"].tolist() == [1000, 30, 100]


def test_a_logarithm_of_a_time_that_is_not_positive_is_unknown():
    np.testing.assert_array_equal(log(pd.Series([1.0, 0, -3, np.inf])), [0, np.nan, np.nan, np.inf])


def test_a_median_is_infinite_if_half_are():
    assert median([-np.inf, np.inf]) == np.inf
    assert median([-np.inf, -np.inf, 3]) == -np.inf
    assert np.isnan(median([1, np.nan, 3]))
    assert median([1, 2, np.inf, np.inf]) == np.inf
    assert median([1, 2, 3, np.inf]) == 2.5
    assert median([1, np.inf, np.inf]) == np.inf
    table = pd.DataFrame({"n": [1, 1, 1, 2], "time": [3, 1, 2, np.inf]})
    assert medians(table, "n", "time").tolist() == [2, np.inf]


def followed(memorized, generalized, last=90.0):
    columns = {"memorization_epoch": memorized, "generalization_epoch": generalized}
    return timed(pd.DataFrame(columns, dtype=float).assign(last_epoch=last))


def test_a_median_that_came_is_a_number_whatever_the_others_did():
    rows = followed([10, 10, 20, np.nan], [40, 50, 60, np.nan])
    assert_read(median_of(rows, "generalization_epoch"), Measured(55.0, 4))
    assert_read(median_of(rows, "delay_epoch"), Measured(40.0, 4))
    assert_read(median_of(rows, "relative_delay"), Measured(3.5, 4))


def test_a_median_that_did_not_come_is_at_least_what_was_followed():
    rows = followed([10, 10, 20, 30], [40, 50, np.nan, np.nan], [90, 90, 70, 80])
    assert_read(median_of(rows, "generalization_epoch"), at_least((50 + 70) / 2, 4))
    assert_read(median_of(rows, "generalization_steps"), at_least(60 * 32, 4))
    assert_read(median_of(rows, "generalization_ticks"), at_least(60 * 0.032, 4))
    # Delays of 30, 40, and of at least 50 and 50; over the memorization epochs 3, 4, 2.5 and 5/3.
    assert_read(median_of(rows, "delay_epoch"), at_least(45.0, 4))
    assert_read(median_of(rows, "delay_ticks"), at_least(45 * 0.032, 4))
    assert_read(median_of(rows, "relative_delay"), at_least(2.75, 4))


def test_what_never_memorized_waits_for_at_least_nothing():
    rows = followed([10, np.nan, np.nan], [40, np.nan, np.nan])
    assert_read(median_of(rows, "delay_epoch"), at_least(0.0, 3))
    assert_read(median_of(rows, "memorization_epoch"), at_least(90.0, 3))


@pytest.mark.parametrize("column", ["generalization_ticks", "delay_steps", "relative_delay"])
def test_of_runs_that_diverged_or_whose_end_is_not_known_half_never_get_there(column):
    rows = followed([10, np.nan, np.nan], [40, np.nan, np.nan], last=np.nan)
    assert_read(median_of(rows, column), Measured(np.inf, 3))
    unknown = races(generalization_epoch=[np.nan, np.nan])
    assert_read(median_of(timed(unknown), column), Measured(np.inf, 2))
    assert Measured(np.inf).reading is Reading.NEVER


def test_the_log_ratio_is_of_squared_norms_and_positive_where_the_norm_falls():
    table = pd.DataFrame({"squared_norm_at_memorization": [300.0], "squared_norm": [100.0]})
    assert log_ratio(table, "squared_norm")[0] == pytest.approx(np.log(3))
