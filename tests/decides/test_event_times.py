"""Times in steps and ticks: the clock is the run's own, and late runs stay in."""

import numpy as np
import pandas as pd
import pytest

from experiments.decides.event_times import log_ratio, median, medians, timed


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


def test_a_median_is_infinite_if_half_are():
    assert median([1, 2, np.inf, np.inf]) == np.inf
    assert median([1, 2, 3, np.inf]) == 2.5
    assert median([1, np.inf, np.inf]) == np.inf
    table = pd.DataFrame({"n": [1, 1, 1, 2], "time": [3, 1, 2, np.inf]})
    assert medians(table, "n", "time").tolist() == [2, np.inf]


def test_the_log_ratio_is_of_squared_norms_and_positive_where_the_norm_falls():
    table = pd.DataFrame({"squared_norm_at_memorization": [300.0], "squared_norm": [100.0]})
    assert log_ratio(table, "squared_norm")[0] == pytest.approx(np.log(3))
