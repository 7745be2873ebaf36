"""L10 on made tables: which settings are soon, which off, and to which side."""

import numpy as np
import pytest
from made import assert_planted, table

from experiments.decides import l10_soon
from experiments.decides.l10_soon import compared, foretold, l10
from experiments.measured import Measured, Reading
from experiments.tables.law_soon import calls

PLACES = list(foretold().index)
WAITS = foretold()["foretold"].to_dict()


def races(memorized=None, times=None):
    """A table in which a setting memorizes after so many ticks, and waits so many times the line.

    By default as was foretold: on the line, and soon where it was put.
    """
    put = foretold()["put_soon"]
    until = {place: 1.0 if put[place] else 4.0 for place in PLACES} | (memorized or {})
    factor = dict.fromkeys(PLACES, 1.0) | (times or {})

    def row(n_bits, n_train, k_relevant, steps, seed):
        place = n_bits, n_train
        an_epoch = np.ceil(n_train / 32) * 0.001
        spread = 1 + 0.02 * (seed - 5009.5)  # whose median is 1
        start, wait = until[place], WAITS[place] * factor[place] * spread
        ends = start / an_epoch, (start + wait) / an_epoch
        return {
            "memorization_epoch": ends[0],
            "generalization_epoch": ends[1],
            "last_epoch": ends[1] + 2 / an_epoch,
        }

    return table(calls(), row)


def test_all_as_foretold():
    nothing = Measured(np.nan, reading=Reading.NOTHING)  # none that is off
    planted = {"share_off_soon": 0, "share_sooner": nothing, "share_as_sorted": 1}
    assert_planted("L10", l10(races()), **planted, bias_of_line=1)


def test_a_setting_is_where_its_own_runs_put_it_and_off_to_either_side():
    one, other, (late, later) = PLACES[0], PLACES[1], PLACES[-2:]
    memorized, times = {one: 2.5}, {one: 0.5, other: 1.6, late: 0.6, later: 2.0}
    found = l10(races(memorized, times))
    bias = 1.6 ** (1 / 11)  # of eleven that are soon
    planted = {"share_off_soon": 1 / 11, "share_sooner": 2 / 3, "share_as_sorted": 15 / 16}
    assert_planted("L10", found, **planted, bias_of_line=bias)
    below = dict.fromkeys(PLACES, 1 / 1.2)
    assert l10(races(times=below))["bias_of_line"] == pytest.approx(1.2)


def test_two_ticks_divide_and_where_few_are_soon_nothing_is_said():
    for ticks, soon in ((1.99, 16), (2.01, 0)):
        assert compared(races(dict.fromkeys(PLACES, ticks)))["soon"].sum() == soon
    few = dict.fromkeys(PLACES, 3.0) | dict.fromkeys(PLACES[:7], 1.0)
    found = l10(races(few))
    assert found["share_off_soon"].reading is found["bias_of_line"].reading is Reading.FEW
    assert len(PLACES) == 16
    assert l10_soon.LEAST == 8


def test_no_setting_and_no_seed_was_run_before():
    from experiments import stored

    before = stored.table("law_waits")
    assert not set(PLACES) & set(zip(before["n_bits"], before["n_train"], strict=True))
    assert not {call["seed"] for call in calls()} & set(before["seed"])
