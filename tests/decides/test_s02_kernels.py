"""S2 on made tables: the kernel at each event, delays by output scale, runs without decay."""

import pandas as pd
from made import SEEDS, around, assert_planted, never, of_the_first, race, table

from experiments.decides.s02_kernels import s2
from grokutils.store.table import grid

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
