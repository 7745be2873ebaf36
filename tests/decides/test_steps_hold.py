"""S4, S5 and S6: tables made to agree with a claim, and tables made to speak against it."""

import numpy as np
import pandas as pd
import pytest
from made import SEEDS, race, table, updates, verdict

from experiments.decides import s04_concealment, s05_updates, s06_transfers
from grokutils.store.table import grid


def test_s4_tells_an_exponential_from_a_power_law():
    calls = grid(n_bits=[10, 20, 30, 40, 50], n_train=1000, **SEEDS)
    calls += grid(n_bits=20, n_train=500, **SEEDS) + grid(n_bits=30, n_train=750, **SEEDS)
    calls += grid(n_bits=50, n_train=1250, **SEEDS) + grid(n_bits=60, n_train=1500, **SEEDS)

    def concealed(delay):
        def row(n_bits, n_train, seed):
            steps_per_epoch = np.ceil(n_train / 32)
            wait = delay(n_bits) / (steps_per_epoch * 0.001)
            rise = {"rise_epoch": 10 + 0.5 * wait, "train_rise_epoch": 8.0}
            return race(10.0, 10 + wait, **rise)

        return table(calls, row)

    exponential = s04_concealment.s4(concealed(lambda n: 0.2 * np.exp(0.08 * n)))
    assert exponential["exponential_error"] < 1e-9
    assert exponential["growth_at_equal_share"] == pytest.approx(1)
    assert verdict("S4", exponential) == "holds here"
    power = s04_concealment.s4(concealed(lambda n: 1e-4 * n**2.8))
    assert power["exponential_over_power"] > 100
    assert verdict("S4", power) == "contradicted here"


def test_s5_asks_each_update_for_its_twin():
    assert verdict("S5", s05_updates.s5(updates())) == "holds here"
    measured = s05_updates.s5(updates(slow=60.0))
    assert measured["slow_over_twin"] == 1
    assert verdict("S5", measured) == "holds here in part"
    assert verdict("S5", s05_updates.s5(updates(slow=140.0))) == "contradicted here"


def test_s6_counts_what_the_narrow_network_costs():
    times = {"none": 140.0, "untrained": 150.0, "memorized": 100.0, "weak": 20.0, "oracle": 10.0}
    calls = grid(source=list(times), **SEEDS)

    def row(narrow_steps):
        def made(source, seed):
            narrow = {"narrow_steps": narrow_steps, "narrow_width": 20}
            return race(15.0, times[source], **narrow)

        return table(calls, made)

    biases = pd.DataFrame({"biases": [0, 1], "k_relevant": [3, 3], "fresh_accuracy": [0.8, 1.0]})
    assert verdict("S6", s06_transfers.s6(row(10_000), biases)) == "holds here"
    measured = s06_transfers.s6(row(500_000), biases)
    assert measured["cost_saved"] == pytest.approx(140 * 32 / (20 * 32 + 10_000))
    assert verdict("S6", measured) == "contradicted here"  # the delay has moved
