"""S2 on made tables: the kernel at each event, delays by output scale, runs without decay."""

import numpy as np
import pandas as pd
import pytest
from made import (
    SEEDS,
    around,
    assert_planted,
    assert_read,
    at_least,
    at_most,
    never,
    of_the_first,
    race,
    table,
)

from experiments.decides.s02_kernels import chosen_scales, s2
from experiments.measured import Reading
from experiments.sweeps.table import grid

KERNELS = {
    "kernel_moved_memorization": 0.02,
    "kernel_moved_generalization": 0.3,
    "kernel_accuracy_memorization": 0.1,
    "kernel_accuracy_generalization": 0.14,
}
TANGENTS = pd.DataFrame(
    {name: around(value, seed) for name, value in KERNELS.items()} for seed in SEEDS["seed"]
)
# By initial scale: the delay over the memorization epoch, and how many generalize without decay.
RELATIVE = {0.25: 0.6, 0.5: 0.8, 1.0: 0.4, 2.0: 3.2}
WITHOUT = {0.25: 9, 0.5: 13, 1.0: 5, 2.0: 0}


def scales():
    calls = grid(
        initial_scale=list(RELATIVE),
        lr=[0.1, 0.4, 1.6, 0.025],
        weight_decay=[0.0, 0.003, 0.01],
        loss=["hinge", "logistic"],
        **SEEDS,
    )

    def row(initial_scale, lr, weight_decay, loss, seed):
        same = abs(lr - 0.1 / initial_scale**2) < 1e-9 and loss == "hinge"
        if not same or weight_decay == 0.003:
            return race(10.0, 10.0)
        if weight_decay == 0:
            return race(10.0, of_the_first(WITHOUT[initial_scale], seed))
        return race(10.0, 10 + never(10 * RELATIVE[initial_scale], seed))

    return table(calls, row)


def test_each_quantity_is_of_its_event_and_of_the_runs_with_a_scaled_output():
    assert_planted(
        "S2",
        s2(TANGENTS, scales()),
        kernel_moved_at_memorization=0.02,
        kernel_moved_at_generalization=0.3,
        kernel_accuracy_at_memorization=0.1,
        kernel_accuracy_at_generalization=0.14,
        delay_of_the_rich=0.6,  # the shorter of two
        delay_ratio_of_the_lazy=2.0,  # eight times the epochs at a quarter of the learning rate
        share_generalized_without_decay=13 / 20,
    )


def test_a_scale_is_chosen_on_other_runs_and_one_that_never_generalizes_is_not_the_richest():
    others = scales()
    rich = (others["initial_scale"] == 0.25) & (others["lr"] == 1.6)
    others.loc[rich & (others["weight_decay"] == 0.01), "generalization_epoch"] = float("nan")
    others.loc[rich & (others["weight_decay"] == 0.01), "memorization_epoch"] = float("nan")
    others.loc[rich & (others["weight_decay"] == 0), "generalization_epoch"] = 12.0
    assert chosen_scales(others) == (1 / 4, 1 / 16)
    found = s2(TANGENTS, scales(), chosen_on=(TANGENTS, others))
    assert found["delay_of_the_rich"] == pytest.approx(0.8)
    assert found["share_generalized_without_decay"] == 9 / 20


@pytest.mark.parametrize(("scale", "planted"), [(2.0, at_least), (1.0, at_most)])
def test_a_delay_without_end_is_at_least_as_long_as_it_was_followed(scale, planted):
    rows = scales().assign(last_epoch=90.0)
    late = (rows["initial_scale"] == scale) & (rows["weight_decay"] == 0.01)
    rows.loc[late, "generalization_epoch"] = np.nan
    found = s2(TANGENTS, rows)["delay_ratio_of_the_lazy"]
    # In epochs the delays are 32 and 4, of which the late one is 80; four times the epochs a tick.
    assert_read(found, planted(80 / 4 / 4 if scale == 2 else 32 / 80 / 4, 20))


def test_of_two_delays_without_end_nothing_is_known():
    rows = scales().assign(last_epoch=90.0, generalization_epoch=np.nan)
    rows.loc[rows["initial_scale"] < 1, "generalization_epoch"] = 20.0
    assert s2(TANGENTS, rows)["delay_ratio_of_the_lazy"].reading is Reading.NOTHING
