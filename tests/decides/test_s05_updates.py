"""S5 on a made table: each update beside its twin, and the runs without weight decay."""

from made import SEEDS, assert_planted, never, of_the_first, race, table

from experiments.decides.s05_updates import s5
from grokutils.store.table import grid

TIMES = {"plain": 140.0, "slow": 40.0, "longer": 90.0, "momentum": 70.0}
TIMES |= {"plain, small": 300.0, "equal": 50.0, "as long as equal": 120.0}
ALONG = {("hinge", "perpendicular"): 5, ("hinge", "perpendicular, as long"): 8}
ALONG |= {("logistic", "perpendicular"): 12, ("logistic", "perpendicular, as long"): 2}


def updates():
    every = [*TIMES, "perpendicular", "perpendicular, as long"]
    calls = grid(update=every, loss=["hinge", "logistic"], weight_decay=[0.0, 0.01], **SEEDS)

    def row(update, loss, weight_decay, seed):
        if update in TIMES:
            usual = loss == "hinge" and weight_decay > 0
            return race(10.0, never(TIMES[update], seed) if usual else 15.0)
        return race(10.0, of_the_first(20 if weight_decay else ALONG[loss, update], seed))

    return table(calls, row)


def test_each_update_is_compared_with_its_own_twin_and_only_without_decay_where_asked():
    assert_planted(
        "S5",
        s5(updates()),
        slow_over_plain=140 / 40,
        slow_over_twin=70 / 40,  # the better of two
        share_generalized_perpendicular=8 / 20,
        share_generalized_perpendicular_logistic=12 / 20,
        equal_over_plain=300 / 50,
        equal_over_twin=120 / 50,
    )
