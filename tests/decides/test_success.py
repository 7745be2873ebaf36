"""Successes: shares by number of examples, where they are a half, and which rows are nearest."""

import numpy as np
import pandas as pd
import pytest
from made import assert_read, at_least, at_most, race

from experiments.decides.event_times import timed
from experiments.decides.success import (
    beyond_ends,
    half_size,
    longest,
    measured_half,
    nearest_half,
    share_between,
    share_generalized,
    shortest,
)


def examples(shares, seeds=20):
    rows = [
        {"n_train": n, "steps": steps, "seed": seed}
        | race(30.0, 90.0 if seed < share * seeds or steps == 64_000 else np.nan)
        for n, share in shares.items()
        for steps in (64_000, 16_000)
        for seed in range(seeds)
    ]
    return pd.DataFrame(rows)


def test_shares_are_of_the_runs_that_were_followed_for_as_long_as_all():
    few = shortest(examples({500: 0.25, 600: 0.75}))
    assert set(few["steps"]) == {16_000}
    assert share_generalized(timed(few), "n_train").to_dict() == {500: 0.25, 600: 0.75}
    assert half_size(timed(few)) == pytest.approx((500 * 600) ** 0.5)


def test_the_longest_runs_are_those_of_the_most_steps():
    rows = examples({500: 0.25, 600: 0.75})
    assert set(longest(rows)["steps"]) == {64_000}
    assert len(longest(rows)) == 40
    assert measured_half(timed(longest(rows))).reading.name == "AT_MOST"  # all of them succeed


def test_a_half_beyond_the_ends_is_known_by_the_end():
    sizes = [600, 400, 900]
    assert_read(beyond_ends(0.0, sizes), at_most(400))
    assert_read(beyond_ends(np.inf, sizes), at_least(900))
    assert_read(beyond_ends(500.0, sizes), 500.0)
    assert_read(beyond_ends(np.nan, sizes), np.nan)
    few = timed(shortest(examples({500: 0.25, 600: 0.45})))
    assert_read(measured_half(few), at_least(600))


@pytest.mark.parametrize(
    ("shares", "nearest"),
    [({500: 0.2, 600: 0.55, 700: 0.4}, 600), ({500: 0.1, 600: 0.95, 700: 0.4}, 700)],
)
def test_the_size_nearest_a_half_may_be_on_either_side(shares, nearest):
    assert set(nearest_half(shortest(examples(shares)))["n_train"]) == {nearest}
    assert len(nearest_half(shortest(examples(shares)))) == 20


def test_a_share_between_two_accuracies_has_both():
    rows = pd.DataFrame({"fresh_accuracy": [0.649, 0.65, 0.8, 0.95, 0.951, 1.0]})
    assert share_between(rows) == 0.5
