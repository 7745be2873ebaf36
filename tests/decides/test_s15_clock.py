"""S15 on made tables: one clock, one ratio of norms, and the rows that each is read from."""

import numpy as np
import pandas as pd
import pytest
from made import FIRST, SEEDS, assert_planted, assert_read, at_least, left_out, race, table

from experiments.decides.s15_clock import s15, s15_logistic, settings
from experiments.measured import Measured, Reading
from experiments.sweeps.table import grid

USUAL = {"lr": 0.1, "weight_decay": 0.01, "n_train": 1000, "batch_size": 32, "loss": "hinge"}
# By setting: ticks of delay over the log ratio of norms at generalization, and at the end.
OVER = {700: (6.0, 5.0), 2000: (3.0, 2.0), 1500: (50.0, 50.0), 4000: (70.0, 70.0)}
RELATIVE = {700: 0.6, 1500: 0.4, 25_000: 0.3}  # the delay over the memorization epoch; else 2
HELD = dict(zip([0.5, 1.0, 1.4, 2.0, 2.8, 4.0], [90.0, 40, 60, 80, 300, 500], strict=True))


def dials():
    changes = [
        {"weight_decay": [0.0, 0.001, 0.003, 0.01, 0.02]},
        {"lr": [0.03, 0.3]},
        {"n_train": [700, 1500, 2000, 4000, 25_000]},
        {"batch_size": 8},
        {"weight_decay": [0.003, 0.01], "loss": "logistic"},
    ]
    calls = [call for change in changes for call in grid(**USUAL | change | SEEDS)]

    def row(lr, weight_decay, n_train, batch_size, loss, seed):
        odd = batch_size == 8 or loss == "logistic" or weight_decay in (0, 0.02)
        place, rate = seed - FIRST, lr * (weight_decay or 0.01)
        # The middle two of 20 are alike, so that any rising function of the median is exact.
        factor = 0.5 if place < 9 else 1.0 if place < 11 else 3.0
        steps = (40.0 if odd else 4.0) * rate**-1.15 * factor
        at_events, at_end = OVER.get(n_train, (2.0, 2.0) if n_train == 1000 else (99.0, 99.0))
        falls = [steps * rate / over for over in (at_events, at_end)]
        if (n_train == 2000 and place < 3) or n_train == 1500:
            falls[0] *= -1  # the norm grows: of three runs that wait, and of those that do not
        at_generalization, at_end = (300 * np.exp(-fall) for fall in falls)
        delay = steps / np.ceil(n_train / batch_size)
        memorized = delay / RELATIVE.get(n_train, 2.0)
        late = n_train == 4000 and place >= 9
        return race(
            memorized,
            np.nan if late else memorized + delay,
            squared_norm_at_memorization=300.0,
            squared_norm_at_generalization=np.nan if late else at_generalization,
            squared_norm=at_end,
        )

    return table(calls, row)


def held():
    calls = grid(held=list(HELD), loss=["hinge", "logistic"], **SEEDS)

    def row(held, loss, seed):
        late = 1e4 if seed >= FIRST + 13 else np.nan if seed < FIRST + 2 else HELD[held]
        return race(5.0, late if loss == "hinge" else 7.0)

    return table(calls, row)


def known(races):
    """The rows that the law is of: usual but for the dials, late enough, not too many examples."""
    usual = (races["loss"] == "hinge") & (races["batch_size"] == 32)
    usual &= (races["weight_decay"] > 0) & (races["n_train"] <= 4000)
    return races[usual & races["generalization_epoch"].notna()]


def test_each_quantity_is_of_its_rows():
    races = dials()
    rows = known(races)
    epochs = rows["generalization_epoch"] - rows["memorization_epoch"]
    ticks = epochs * np.ceil(rows["n_train"] / 32) * rows["lr"] * rows["weight_decay"]
    fall = np.log(rows["squared_norm_at_memorization"] / rows["squared_norm"])
    rates = np.array([0.03, 0.1, 0.3]) * 0.01
    norms = np.sqrt(300 * np.exp(-(4 * rates**-0.15) / 2))
    waits = rows["n_train"].isin([1000, 2000, 4000])
    x = np.array([v for v in HELD if v >= 1])
    assert_planted(
        "S15",
        s15(held(), races),
        clock_exponent_off=0.15,
        spread_of_ticks_over_log_ratio=2.5,  # at the end; at generalization it is 3
        correlation=np.corrcoef(ticks, fall)[0, 1],
        share_with_fall=1 - 3 / waits.sum(),
        exponential_error_held=left_out(x, np.log([HELD[v] for v in x])),
        norm_spread_by_lr=np.ptp(norms) / norms.mean(),
        delay_with_ample_data=Measured(0.3, 20),
        exponential_error_held_logistic=0.0,  # all at one time
    )


def test_a_setting_whose_norm_grows_is_under_no_law():
    races = dials()
    grows = (races["n_train"] == 700) & (races["loss"] == "hinge")
    for column in ("squared_norm", "squared_norm_at_generalization"):
        races.loc[grows, column] = 400.0
    assert s15(held(), races)["spread_of_ticks_over_log_ratio"] == np.inf


def test_other_races_join_if_they_differ_in_nothing_but_the_dials():
    more = pd.DataFrame([{"n_bits": 50, "seed": 1000} | race(10.0, 300.0)])
    odd = more.assign(start="sparse", n_bits=60)
    found = settings(dials(), more, odd, more.assign(n_bits=40))
    assert set(found["n_bits"]) == {40, 50}
    assert set(found["batch_size"]) == {32}
    usual = found[(found["n_bits"] == 40) & (found["weight_decay"] == 0.01) & (found["lr"] == 0.1)]
    first = usual[(usual["n_train"] == 1000) & (usual["seed"] == 1000)]
    assert first["memorization_epoch"].item() != pytest.approx(10)  # the first table's counts


def logistic(times):
    calls = grid(held=[1.0, *times], loss=["hinge", "logistic"], **SEEDS)

    def row(held, loss, seed):
        time = times.get(held, 1e3) if loss == "logistic" else 7.0
        late = 1e5 if seed >= FIRST + 15 else time
        return race(5.0, np.nan if seed >= FIRST + 18 else late)

    return table(calls, row)


def test_the_logistic_norms_are_all_four_and_none_may_be_missing():
    times = {1.4: 180.0, 2.0: 150.0, 2.8: 400.0, 4.0: 900.0}  # the least is not the first
    x = np.array(list(times))
    found = s15_logistic(logistic(times))["exponential_error_held_logistic"]
    assert found == pytest.approx(left_out(x, np.log(list(times.values()))))
    rows = logistic(times)
    half = (rows["held"] == 4.0) & (rows["seed"] % 2 == 0)
    rows.loc[half, "generalization_epoch"] = np.nan
    few = Measured(np.nan, reading=Reading.FEW)
    assert_read(s15_logistic(rows)["exponential_error_held_logistic"], few)


def test_with_ample_data_that_never_generalize_the_delay_is_at_least_what_was_followed():
    races = dials().assign(last_epoch=90.0)
    ample = races["n_train"] == 25_000
    races.loc[ample, ["memorization_epoch", "generalization_epoch"]] = 20.0, np.nan
    assert_read(s15(held(), races)["delay_with_ample_data"], at_least(90 / 20 - 1, 20))
