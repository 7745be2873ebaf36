"""The formula: found again where it was put in, and judged on settings that it has not seen."""

import numpy as np
import pandas as pd
import pytest

from experiments.decides.delay_formula import (
    DIALS,
    collected,
    factors_off,
    fit,
    halves,
    intervals,
    of_settings,
    predicted,
)
from grokutils.store.table import grid


def races(bits=0.08, surprise=1.0):
    calls = grid(lr=[0.03, 0.1, 0.3], weight_decay=[0.003, 0.01], n_train=1000, seed=range(5))
    calls += grid(lr=0.1, weight_decay=0.01, n_train=[700, 1500, 2000, 4000], seed=range(5))
    table = pd.DataFrame(calls).assign(n_bits=40)
    more = pd.DataFrame(grid(lr=0.1, weight_decay=0.01, n_train=1000, n_bits=[20, 30, 50], seed=0))
    table = pd.concat([table, more], ignore_index=True)
    ticks = 4 * (1000 / table["n_train"]) ** 2 * np.exp(bits * (table["n_bits"] - 40))
    steps = ticks / table["lr"] / table["weight_decay"]
    steps[(table["n_train"] == 4000) | (table["n_bits"] == 50)] *= surprise
    epochs = steps / np.ceil(table["n_train"] / 32)
    return table.assign(memorization_epoch=0.0, generalization_epoch=epochs)


def test_a_law_that_was_put_in_is_found_again():
    coefficients = fit(collected(races()))
    assert coefficients["lr"] == pytest.approx(-1)
    assert coefficients["weight_decay"] == pytest.approx(-1)
    assert coefficients["n_train"] == pytest.approx(-2)
    assert coefficients["n_bits"] == pytest.approx(0.08)
    assert np.exp(coefficients["constant"]) == pytest.approx(4000)
    assert (factors_off(coefficients, collected(races())) < 1 + 1e-9).all()


def test_intervals_hold_what_was_put_in_and_widen_where_the_law_is_not_the_formula():
    exact = intervals(collected(races()), n_draws=50)
    assert exact.loc["n_train"].tolist() == pytest.approx([-2, -2])
    bent = intervals(collected(races(surprise=3.0)), n_draws=50).loc["n_train"]
    assert bent["low"] < bent["high"] - 0.1


def test_the_formula_is_tested_on_settings_it_has_not_seen():
    table = collected(races(surprise=3.0))
    first = halves(table)
    seen = table[first].groupby(list(DIALS)).ngroups
    assert seen == 7  # of 13
    assert not set(map(tuple, of_settings(table[first])[list(DIALS)].values)) & set(
        map(tuple, of_settings(table[~first])[list(DIALS)].values)
    )
    off = factors_off(fit(table[first]), table[~first])
    assert off.max() > 1.5
    assert off.min() >= 1  # by which factor, whichever way


def test_a_formula_that_is_twice_or_half_the_delay_is_off_by_two():
    table = collected(races())
    coefficients = fit(table)
    for shift in (np.log(2), -np.log(2)):
        off = factors_off(coefficients + shift * (coefficients.index == "constant"), table)
        np.testing.assert_allclose(off, 2)


def test_races_that_are_no_usual_ones_or_come_twice_are_left_out():
    odd = races().assign(loss="logistic")
    assert len(collected(races(), odd)) == len(collected(races()))
    assert len(collected(races(), races())) == len(collected(races()))
    without = races().assign(weight_decay=0.0)
    assert len(collected(races(), without)) == len(collected(races()))


def test_settings_in_which_most_runs_never_get_there_have_no_delay_to_fit():
    table = races()
    table.loc[table["n_train"] == 700, "generalization_epoch"] = np.nan
    table = collected(table)
    assert np.isinf(of_settings(table)["delay_steps"]).sum() == 1
    coefficients = fit(table)
    assert len(factors_off(coefficients, table)) == 12
    assert np.isfinite(predicted(coefficients, of_settings(table))).all()
