"""Tables made up: what a claim says of such a table is known by hand."""

import numpy as np
import pandas as pd
import pytest

from experiments import registry
from experiments.measured import Measured, Reading

FIRST = 1000
SEEDS = {"seed": range(FIRST, FIRST + 20)}  # an even number, whose median is between two


def table(calls, row):
    """A table of the calls, each with the columns that `row` makes of it."""
    return pd.DataFrame([call | row(**call) for call in calls])


def race(memorized, generalized, **others):
    return {"memorization_epoch": memorized, "generalization_epoch": generalized} | others


def around(value, seed, late=7.0):
    """A number of one of 20 seeds, so that their median is `value`, and no other's statistic is.

    Nine are half of it, two beside it, and nine so many times as much: with NaN, censored.
    """
    place = seed - FIRST
    return value * (0.5 if place < 9 else 0.9 if place == 9 else 1.1 if place == 10 else late)


def never(value, seed):
    """The same, where nine of the seeds never get there."""
    return around(value, seed, late=np.nan)


def of_the_first(number, seed, epoch=100.0):
    """An epoch for so many of the seeds, and never for the others."""
    return epoch if seed - FIRST < number else np.nan


def assert_planted(claim, measured, **planted):
    """Assert each quantity that decides a claim, how it is to be read, and no others."""
    assert set(measured) == {c.quantity for c in registry.CLAIMS[claim].criteria}
    for quantity, value in planted.items():
        assert_read(measured[quantity], value, quantity)
    assert set(measured) == set(planted)


def assert_read(found, planted, said=""):
    """Assert a number and its reading, of runs as many as planted if that is said."""
    found, planted = Measured.of(found), Measured.of(planted)
    close = pytest.approx(float(planted), rel=1e-9, abs=1e-12, nan_ok=True)
    assert float(found) == close, said
    assert found.reading is planted.reading, said
    if planted.runs is not None:
        assert found.runs == planted.runs, said


def at_least(value, runs=None):
    return Measured(value, runs, Reading.AT_LEAST)


def at_most(value, runs=None):
    return Measured(value, runs, Reading.AT_MOST)


def left_out(x, y):
    """The error of a line at points left out, by the formula that fits but once (PRESS)."""
    design = np.column_stack([np.ones(len(x)), x])
    hat = design @ np.linalg.pinv(design)
    return np.sqrt(np.mean(((y - hat @ y) / (1 - np.diag(hat))) ** 2))
