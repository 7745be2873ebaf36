"""S19 on made tables: exponents of three dials, two of them together, and SGD's beside."""

import numpy as np
import pytest
from made import SEEDS, around, assert_planted, left_out, race, table

from experiments.decides.s19_powers import s19
from experiments.measured import Measured, Reading, not_run
from experiments.registry import CLAIMS
from experiments.tables import dials, three_dials

POWERS = {"lr": -1.2, "batch_size": 0.7, "weight_decay": -0.9}
SGD = {"lr": -1.0, "batch_size": 0.1, "weight_decay": -1.0}
BASE = three_dials.BASE


def calls_of(module):
    return [call for call in module.calls() if call["seed"] in SEEDS["seed"]]


def raced(call, powers, base, factor=1.0):
    steps = 1000 / call["batch_size"]
    over = np.prod([(call[dial] / base[dial]) ** power for dial, power in powers.items()])
    delay = around(4000.0 * over * factor, call["seed"]) / np.ceil(steps)
    return race(15.0, 15.0 + delay)


def adamw():
    def row(**call):
        crooked = call["batch_size"] == 64 and call["weight_decay"] == BASE["weight_decay"]
        two = sum(call[dial] != BASE[dial] for dial in POWERS) == 2
        odd = 1.3 if crooked else 0.5 if two and call["batch_size"] == 16 else 1.0
        return raced(call, POWERS, BASE, odd)

    return table(calls_of(three_dials), row)


def sgd():
    def row(**call):
        odd = call["loss"] == "logistic" or call["n_train"] != 1000 or call["weight_decay"] == 0.02
        return raced(call, SGD, dials.SETTING | {"n_train": 1000}, 30.0 if odd else 1.0)

    return table(calls_of(dials), row)


def batch():
    """Batch sizes and median delays in steps, of which the last is not on the power."""
    sizes = np.array(three_dials.DIALS["batch_size"], float)
    delays = 4000 * (sizes / 32) ** 0.7 * np.where(sizes == 64, 1.3, 1.0)
    return np.log(sizes), np.log(delays)


def test_each_quantity_is_of_its_rows():
    power = np.polyfit(*batch(), 1)[0]
    halved = 2 * (16 / 32) ** (power - 0.7)  # at 16, half of the power of 0.7
    doubled = 2 ** abs(power - 0.7)  # at 64
    assert_planted(
        "S19",
        s19(adamw(), sgd()),
        rate_error=0.0,
        batch_error=left_out(*batch()),
        decay_error=0.0,
        together_off=Measured(max(halved, doubled), 20),
        rate_exponent_off=0.2,
        decay_exponent_off=0.1,
        from_sgd=power - 0.1,
    )


def test_a_table_without_rows_is_not_run():
    quantities = [criterion.quantity for criterion in CLAIMS["S19"].criteria]
    assert_planted("S19", s19(adamw().iloc[:0], sgd()), **not_run(*quantities))


def test_a_rate_at_which_half_never_come_or_that_is_missing_leaves_no_power():
    rows = adamw().assign(last_epoch=2000.0)
    slow = (rows["lr"] == 0.001) & (rows["weight_decay"] == 0.3) & (rows["batch_size"] == 32)
    late = rows.assign(generalization_epoch=rows["generalization_epoch"].mask(slow))
    for found in (s19(late, sgd()), s19(rows[~slow], sgd())):
        assert found["rate_error"].reading is Reading.FEW
        assert found["decay_error"] == pytest.approx(0.0, abs=1e-9)
    found = s19(late, sgd())
    assert np.isnan(found["rate_exponent_off"])
    assert np.isnan(found["from_sgd"])
    assert found["together_off"].reading is Reading.NOTHING


def test_without_the_base_nothing_is_foretold():
    rows = adamw()
    base = np.logical_and.reduce([np.isclose(rows[dial], value) for dial, value in BASE.items()])
    assert s19(rows[~base], sgd())["together_off"].reading is Reading.NOTHING


def test_two_dials_cut_short_are_at_least_as_far_off_as_they_were_followed():
    rows = adamw().assign(last_epoch=50_000.0)
    slow = (rows["lr"] == 0.0055) & (rows["weight_decay"] == 0.17)
    rows.loc[slow & (rows["seed"] % 2 == 0), "generalization_epoch"] = np.nan
    found = s19(rows, sgd())["together_off"]
    assert found.reading is Reading.AT_LEAST
    rows.loc[slow, "generalization_epoch"] = 15.0  # no delay at all
    assert s19(rows, sgd())["together_off"] == np.inf
