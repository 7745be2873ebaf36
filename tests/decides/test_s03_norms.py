"""S3 on made tables: the zone of held norms, small starts, flipped inputs."""

import numpy as np
from made import SEEDS, around, assert_planted, never, of_the_first, race, table

from experiments.decides.s03_norms import s3
from grokutils.store.table import grid

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
        s3(held(), scales(), updates()),
        share_generalized_in_zone=17 / 20,  # the most at any norm
        generalization_over_memorization=40 / 25,
        late_above=100 / 40,
        share_generalized_below=3 / 20,
        share_generalized_from_small=12 / 20,
        speed_up_by_flips=1.4,  # by the better of two
    )


def test_of_a_zone_at_the_largest_norm_nothing_is_known_above():
    found = held()
    found.loc[found["held"] != 2.8, "generalization_epoch"] = np.nan
    assert np.isnan(s3(found, scales(), updates())["late_above"])
