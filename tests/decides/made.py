"""Tables made up: what a claim says of such a table is known by hand."""

import numpy as np
import pandas as pd
import pytest

from experiments.claims import CLAIMS

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
    """Assert each quantity that decides a claim, and that there are no others."""
    assert set(measured) == {c.quantity for c in CLAIMS[claim].criteria}
    for quantity, value in planted.items():
        assert measured[quantity] == pytest.approx(value, rel=1e-9, abs=1e-12), quantity
    assert set(measured) == set(planted)


def left_out(x, y):
    """The error of a line at points left out, by the formula that fits but once (PRESS)."""
    design = np.column_stack([np.ones(len(x)), x])
    hat = design @ np.linalg.pinv(design)
    return np.sqrt(np.mean(((y - hat @ y) / (1 - np.diag(hat))) ** 2))
