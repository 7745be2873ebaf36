"""C3: each quantity from hand-made tables in which the answer is planted."""

import math

import numpy as np
import pandas as pd
import pytest

from experiments.decides.c03_decay import DOSES, HORIZON, slope, the_cause

NEVER = math.nan


def races(delays):
    """Rows of two runs a dose, whose delays are one less and one more than the given ones."""
    rows = [
        (dose, 10.0, 10.0 + delay + shift, 8000, HORIZON)
        for dose, delay in delays.items()
        for shift in (-1, 1)
    ]
    rows.append((0.01, 10.0, 11.0, 1500, 48_000))  # of another horizon: to be left out
    names = ["weight_decay", "memorization_epoch", "generalization_epoch", "last_epoch", "steps"]
    return pd.DataFrame(rows, columns=names)


def switches():
    """Rows at the epochs that count, of which one in four generalizes, and at others, all."""
    rows = []
    for first, then, epoch, arrived in (
        (0.01, 0.0, 50, [60.0, NEVER, NEVER, NEVER]),
        (0.01, 0.0, 100, [120.0]),
        (0.0, 0.01, 300, [400.0, 500.0, 600.0, NEVER]),
        (0.0, 0.01, 50, [NEVER]),
    ):
        rows += [(first, then, epoch, epoch_of) for epoch_of in arrived]
    names = ["first_decay", "then_decay", "switch_epoch", "generalization_epoch"]
    return pd.DataFrame(rows, columns=names)


def test_each_quantity_of_c3_is_the_planted_one():
    doses = {dose: 2 / dose for dose in DOSES} | {0.0: NEVER}
    found = the_cause(races(doses), switches())
    assert found == {
        "share_generalized_without": 0.0,
        "share_stopped_by_removal": 0.75,
        "share_started_by_adding": 0.75,
        "exponent_off": pytest.approx(0, abs=1e-12),
    }


@pytest.mark.parametrize("power", [-1.5, -0.5])
def test_the_slope_is_off_on_either_side_by_as_much(power):
    doses = {dose: 10 * dose**power for dose in DOSES} | {0.0: 5.0}
    found = the_cause(races(doses), switches())
    assert found["exponent_off"] == pytest.approx(0.5)
    assert found["share_generalized_without"] == 1.0


def test_a_dose_at_which_half_never_generalize_leaves_no_slope():
    rows = races({dose: 2 / dose for dose in DOSES})
    rows.loc[0, "generalization_epoch"] = NEVER
    assert np.isnan(slope(rows))
