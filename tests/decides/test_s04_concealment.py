"""S4 on made tables: growth, the better of two laws, equal shares of examples, sharpness."""

import numpy as np
import pandas as pd
import pytest
from made import SEEDS, assert_planted, assert_read, at_least, left_out, never, race, table

from experiments.decides.s04_concealment import decides, ratio_by_range, s4

BITS = np.array([10, 20, 30, 40, 50])
BENT = np.array([0.0, 0.05, -0.1, 0.0, 0.02])  # of the log delay, off the exponential
TO_RISE = dict(zip(BITS, [10.0, 20, 40, 30, 50], strict=True))
SHARPER = dict(zip(BITS, [5.0, 1, 2, 3, 4], strict=True))


def concealment(log_delay):
    fixed = [{"n_bits": n, "n_train": 1000} for n in (10, 20, 30, 40, 50)]
    a_bit = [{"n_bits": n, "n_train": 25 * n} for n in (20, 30, 60)]
    other = [{"n_bits": n, "n_train": 2000} for n in (40, 60)]
    calls = [call | {"seed": seed} for call in fixed + a_bit + other for seed in SEEDS["seed"]]

    def row(n_bits, n_train, seed):
        ticks = np.exp(log_delay(n_bits))
        if n_train == 25 * n_bits:  # half of the growth is left; with 40 bits the two are one
            ticks = np.exp(log_delay(40) + 0.04 * (n_bits - 40))
        if n_train == 2000:
            ticks = 1e-3
        epoch = 1000 + never(ticks, seed) / (np.ceil(n_train / 32) * 0.001)
        rise = TO_RISE.get(n_bits, 1.0)
        train_rise = 1000 - rise * SHARPER.get(n_bits, 1.0)
        return race(1000.0, epoch, rise_epoch=epoch - rise, train_rise_epoch=train_rise)

    return table(calls, row)


def bent(n_bits):
    return 5 + 0.08 * n_bits + np.interp(n_bits, BITS, BENT)


def test_each_quantity_is_of_the_rows_with_as_many_examples_or_as_many_a_bit():
    y = bent(BITS)
    exponential, power = left_out(BITS, y), left_out(np.log(BITS), y)
    assert_planted(
        "S4",
        s4(concealment(bent)),
        growth=np.exp(y[4] - y[1]),
        exponential_over_power=exponential / power,
        exponential_error=exponential,
        growth_at_equal_share=0.04 / np.polyfit(BITS, y, 1)[0],
        softer_with_gap=-0.9,  # ranks of the time to rise: 1, 2, 4, 3, 5
        softer_with_gap_relative=0.0,  # ranks 5, 1, 2, 3, 4
    )


def test_a_delay_without_end_with_50_bits_is_at_least_what_was_followed():
    rows = concealment(bent).assign(last_epoch=1e6)
    rows.loc[rows["n_bits"] == 50, "generalization_epoch"] = np.nan
    known = (1e6 - 1000) * 0.032 / np.exp(bent(20))
    assert_read(s4(rows)["growth"], at_least(known, 20))


def test_a_power_law_is_told_from_an_exponential():
    found = s4(concealment(lambda n_bits: 2.8 * np.log(n_bits)))
    assert found["exponential_over_power"] > 100


def test_a_rise_within_an_epoch_is_no_sharper_than_one_and_one_without_end_not_sharp():
    found = concealment(bent)
    at_once = found.assign(rise_epoch=found["generalization_epoch"] - 0.1 / found["n_bits"])
    assert np.isnan(s4(at_once)["softer_with_gap"])  # all alike, at one epoch
    endless = found.copy()
    endless.loc[endless["n_bits"] == 50, "rise_epoch"] = np.nan
    assert s4(endless)["softer_with_gap"] == pytest.approx(-0.9)


def test_the_ratio_of_each_range_is_of_its_numbers_alone():
    y = bent(BITS)
    found = ratio_by_range(concealment(bent))
    assert found.index.tolist() == [10, 20]  # from 30 on there are three
    for least in (0, 1):
        x, z = BITS[least:], y[least:]
        wanted = left_out(x, z) / left_out(np.log(x), z)
        assert found[BITS[least]] == pytest.approx(wanted, rel=1e-9)
    rows = concealment(bent)
    rows.loc[rows["n_bits"] == 10, "generalization_epoch"] = 1000.0  # a delay of 0 has no logarithm
    assert ratio_by_range(rows).to_dict() == {20: found[20]}
    rows.loc[rows["n_bits"] == 20, "generalization_epoch"] = np.nan
    assert ratio_by_range(rows).empty


@pytest.mark.parametrize(
    ("ratios", "word"),
    [
        ({20: 0.8, 30: 0.7, 40: 0.2}, True),
        ({20: 1.25, 30: 3.0}, True),
        ({20: 3.9, 30: 3.4, 35: 1.9, 40: 0.31}, False),
        ({20: 0.5, 30: 0.81}, False),
        ({20: 0.5, 25: 3.0}, True),  # 25 is no range that is asked for
        ({}, False),
    ],
)
def test_a_law_is_decided_if_each_range_is_on_one_side(ratios, word):
    assert decides(pd.Series(ratios, dtype=float)) is word
