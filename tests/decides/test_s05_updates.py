"""S5 on a made table: each update beside its twin, and the runs without weight decay."""

import numpy as np
import pytest
from made import SEEDS, around, assert_planted, at_least, never, of_the_first, race, table

from experiments.decides.s05_updates import s5a, s5b, s5c
from experiments.measured import Reading
from experiments.sweeps.table import grid

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


def test_each_update_is_compared_with_its_own_twin():
    assert_planted("S5a", s5a(updates()), slow_over_plain=140 / 40, slow_over_twin=70 / 40)


UPDATES = ["plain", "perpendicular", "perpendicular, held"]
INSIDE = {("hinge", 0.25): 17, ("logistic", 0.25): 13, ("hinge", 0.125): 4, ("logistic", 0.125): 2}


def across(decay=0.0):
    calls = grid(
        update=UPDATES,
        loss=["hinge", "logistic"],
        initial_scale=[0.25, 0.125],
        weight_decay=decay,
        **SEEDS,
    )

    def row(update, loss, initial_scale, weight_decay, seed):
        ours = update == "perpendicular"
        return race(10.0, of_the_first(INSIDE[loss, initial_scale] if ours else 3, seed))

    return table(calls, row)


def across_by_adamw():
    calls = grid(update=UPDATES[:2], dtype=["float32", "float64"], weight_decay=0.0, **SEEDS)

    def row(update, dtype, weight_decay, seed):
        number = {"float32": 18, "float64": 11}[dtype]
        return race(10.0, of_the_first(number if update == "perpendicular" else 1, seed))

    return table(calls, row)


def test_of_two_losses_and_of_two_precisions_the_lesser_share_counts():
    assert_planted(
        "S5b",
        s5b(updates(), across(), across_by_adamw()),
        share_generalized_perpendicular=8 / 20,  # the better of two
        share_generalized_perpendicular_logistic=12 / 20,
        share_generalized_perpendicular_inside=13 / 20,
        share_generalized_perpendicular_adamw=at_least(11 / 20),
    )


def test_the_better_of_two_ways_is_that_of_other_runs():
    others = updates()
    ours = (others["update"] == "perpendicular") & (others["weight_decay"] == 0)
    others.loc[ours, "generalization_epoch"] = 50.0
    found = s5b(updates(), across(), across_by_adamw(), chosen_on=(others,))
    assert found["share_generalized_perpendicular"] == 5 / 20


def test_with_one_loss_alone_or_with_weight_decay_nothing_is_known_and_no_rows_are_not_run():
    only, single = (
        rows[rows[column] == value]
        for rows, column, value in (
            (across(), "loss", "hinge"),
            (across_by_adamw(), "dtype", "float32"),
        )
    )
    found = s5b(updates(), only, single)
    assert np.isnan([found[f"share_generalized_perpendicular_{n}"] for n in OTHERS]).all()
    decayed = s5b(updates(), across(0.01), across_by_adamw())
    assert np.isnan(decayed["share_generalized_perpendicular_inside"])
    none = s5b(updates(), across()[:0], across_by_adamw()[:0])
    readings = {none[f"share_generalized_perpendicular_{n}"].reading for n in OTHERS}
    assert readings == {Reading.NOT_RUN}


OTHERS = ("inside", "adamw")

# By update and rate: the medians of the even and of the odd seeds.
RATES = {
    ("plain", 0.01): (90.0, 500.0),
    ("plain", 0.1): (200.0, 60.0),
    ("equal", 0.01): (80.0, 10.0),
    ("equal", 0.1): (50.0, 125.0),
}


def rates(by_half=RATES):
    calls = grid(update=["plain", "equal"], lr=[0.01, 0.1], weight_decay=0.01, **SEEDS)

    def row(update, lr, weight_decay, seed):
        value = by_half[update, lr][seed % 2]
        place = (seed - 1000) // 2  # of ten seeds: four early, the middle two beside, four late
        share = 0.5 if place < 4 else 0.9 if place == 4 else 1.1 if place == 5 else 3.0
        late = np.inf if value == np.inf and place > 4 else 0
        epoch = np.nan if late else 1.0 if value == np.inf else share * value
        return race(10.0, epoch, last_epoch=600.0)

    return table(calls, row)


def bits(plain=(never, 300.0), equal=(never, 20.0)):
    calls = grid(update=["plain", "equal"], weight_decay=0.01, **SEEDS)

    def row(update, weight_decay, seed):
        made, value = plain if update == "plain" else equal
        return race(10.0, made(value, seed), last_epoch=1000.0)

    return table(calls, row)


def nobody(value, seed):
    return np.nan


def test_the_best_rates_are_of_one_half_of_the_seeds_and_the_ratio_of_the_other():
    assert_planted(
        "S5c",
        s5c(updates(), bits(), rates()),
        equal_over_plain=300 / 50,
        equal_over_twin=120 / 50,
        equal_over_plain_100=300 / 20,
        equal_over_plain_best=500 / 125,
    )


def test_a_side_that_never_comes_is_known_by_how_long_it_was_followed():
    late = (nobody, 0.0)

    def of(*tables):
        found = s5c(updates(), *tables)
        return found["equal_over_plain_100"], found["equal_over_plain_best"]

    plain, _ = of(bits(plain=late), rates())
    assert (plain, plain.reading) == (pytest.approx(50), Reading.AT_LEAST)
    equal, _ = of(bits(equal=late), rates())
    assert (equal, equal.reading) == (pytest.approx(0.3), Reading.AT_MOST)
    assert of(bits(late, late), rates())[0].reading is Reading.NOTHING
    _, censored = of(bits(), rates(RATES | {("plain", 0.01): (90.0, np.inf)}))
    assert (censored, censored.reading) == (pytest.approx(300.5 / 125), Reading.AT_LEAST)
    # Half of those came at epoch 1, the others not by 600; of these nine never came.
    half = bits(plain=(lambda value, seed: around(value, seed, late=np.nan), 300.0))
    assert of(half, rates())[0].reading is Reading.NUMBER
    assert [value.reading for value in of(bits()[:0], rates()[:0])] == [Reading.NOT_RUN] * 2
