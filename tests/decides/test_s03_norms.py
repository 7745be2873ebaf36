"""S3 on made tables: the zone of held norms, small starts, flipped inputs."""

import numpy as np
import pytest
from made import (
    SEEDS,
    around,
    assert_planted,
    assert_read,
    at_least,
    never,
    of_the_first,
    race,
    table,
)

from experiments.decides.s03_norms import norm_over_zone, s3, s3_small
from experiments.measured import Reading
from experiments.sweeps.table import grid

HOW_MANY = {0.5: 3, 0.7: 10, 1.4: 16, 2.8: 12}


def held(zone=1.0):
    calls = grid(held=[0.5, 0.7, 1.0, 1.4, 2.0, 2.8], loss=["hinge", "logistic"], **SEEDS)

    def row(held, loss, seed):
        if loss == "logistic":
            return race(1.0, 2.0)
        if held == 1.0:
            return race(around(25.0, seed), never(40.0, seed))
        late = 100.0 if seed < 1017 else np.nan
        return race(5.0, late if held == 2 else of_the_first(HOW_MANY[held], seed, 130.0))

    return table(calls, row)


def scales():
    calls = grid(
        initial_scale=[0.25, 0.5, 1.0],
        lr=[0.1, 0.4],
        weight_decay=[0.0, 0.01],
        loss=["hinge", "logistic"],
        **SEEDS,
    )

    def row(initial_scale, lr, weight_decay, loss, seed):
        usual = (lr, weight_decay, loss) == (0.1, 0.0, "hinge") and initial_scale < 1
        number = {0.25: 7, 0.5: 12}.get(initial_scale) if usual else 20
        return race(10.0, of_the_first(number, seed))

    return table(calls, row)


def updates():
    times = {"plain": 140.0, "slow": 10.0, "flips 1 %": 100.0, "flips 5 %": 112.0}
    calls = grid(update=list(times), loss=["hinge", "logistic"], weight_decay=[0.0, 0.01], **SEEDS)

    def row(update, loss, weight_decay, seed):
        usual = loss == "hinge" and weight_decay > 0
        return race(10.0, never(times[update], seed) if usual else 1.0)

    return table(calls, row)


def test_the_zone_is_where_the_median_is_least_and_each_share_is_of_its_own_runs():
    assert_planted(
        "S3",
        s3(held(), scales(), updates(), small_starts()),
        share_generalized_in_zone=17 / 20,  # the most at any norm
        generalization_over_memorization=40 / 25,
        late_above=100 / 40,
        share_generalized_below=3 / 20,
        share_generalized_from_small=12 / 20,
        speed_up_by_flips=1.4,  # by the better of two
        share_generalized_from_small_squared=9 / 20,
    )


def test_of_a_zone_at_the_largest_norm_nothing_is_known_above():
    found = held()
    found.loc[found["held"] != 2.8, "generalization_epoch"] = np.nan
    assert np.isnan(s3(found, scales(), updates(), small_starts())["late_above"])


def test_what_never_generalizes_above_is_at_least_as_late_as_it_was_followed():
    above, plain = held().assign(last_epoch=400.0), updates().assign(last_epoch=300.0)
    above.loc[above["held"] == 2, "generalization_epoch"] = np.nan
    plain.loc[plain["update"] == "plain", "generalization_epoch"] = np.nan
    found = s3(above, scales(), plain, small_starts())
    assert_read(found["late_above"], at_least(400 / 40, 20))
    assert_read(found["speed_up_by_flips"], at_least(300 / 100, 20))


def test_zone_start_and_flips_are_those_of_the_runs_that_they_are_chosen_on():
    zone, starts, flips = held(), scales(), updates()
    zone.loc[zone["held"] == 0.7, "generalization_epoch"] = 20.0
    starts.loc[starts["initial_scale"] == 0.25, "generalization_epoch"] = 20.0
    flips.loc[flips["update"] == "flips 5 %", "generalization_epoch"] = 20.0
    tables = (held().assign(last_epoch=500.0), scales(), updates())
    found = s3(*tables, small_starts(), chosen_on=(zone, starts, flips, small_starts()))
    assert found["share_generalized_in_zone"] == 10 / 20  # most generalize there, of the others
    # Ten of 20 at 130, the others beyond 500: at least the middle between. Above, at 1.4, 130.
    assert_read(found["generalization_over_memorization"], at_least((130 + 500) / 2 / 5, 20))
    assert found["late_above"] == pytest.approx(130 / ((130 + 500) / 2))
    assert found["late_above"].reading is Reading.AT_MOST
    assert found["share_generalized_from_small"] == 7 / 20
    assert found["speed_up_by_flips"] == pytest.approx(140 / 112)


def small_starts():
    calls = grid(initial_scale=[0.125, 0.25, 1.0], **SEEDS)

    def row(initial_scale, seed):
        return race(10.0, of_the_first({0.125: 13, 0.25: 9, 1.0: 2}[initial_scale], seed))

    return table(calls, row)


def test_of_the_two_small_starts_the_lesser_share_counts_and_the_usual_start_does_not():
    found = small_starts()
    assert s3_small(found) == {"share_generalized_from_small_squared": 9 / 20}
    only = found[found["initial_scale"] == 0.125]
    assert np.isnan(s3_small(only)["share_generalized_from_small_squared"])


def test_a_norm_is_over_that_of_the_zone_of_its_own_seed():
    zone = held().assign(held_norm=lambda t: t["held"] * (4 + t["seed"] - 1000))
    rows = small_starts().assign(squared_norm=36.0)
    rows = rows[rows["initial_scale"] == 0.25]
    found = norm_over_zone(rows, zone, "squared_norm")
    assert found.tolist() == pytest.approx([6 / (4 + place) for place in range(20)])
