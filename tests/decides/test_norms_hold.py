"""S1, S2, S3 and S15: tables made to agree with a claim, and tables made to speak against it."""

import numpy as np
import pandas as pd
import pytest
from made import SEEDS, race, table, updates, verdict

from experiments.decides import s01_scales, s02_kernels, s03_norms, s15_clock
from grokutils.store.table import grid


def scales(slope=1.0, law_of_small=True):
    calls = []
    for change in (
        {"initial_scale": [0.25, 0.5, 1.0, 2.0, 4.0, 8.0], "weight_decay": [0.003, 0.01]},
        {"initial_scale": [1.0, 2.0, 4.0], "lr": 0.025},
        {"initial_scale": 0.25, "lr": 1.6, "weight_decay": [0.0, 0.01]},
        {"initial_scale": 0.5, "lr": 0.4, "weight_decay": [0.0, 0.01]},
        {"initial_scale": [0.25, 0.5, 1.0], "weight_decay": 0.0},
    ):
        usual = {"initial_scale": 1.0, "lr": 0.1, "weight_decay": 0.01, "loss": "hinge"}
        calls += grid(**usual | change | SEEDS)

    def row(initial_scale, lr, weight_decay, loss, seed):
        ticks = 4.4 + slope * np.log(initial_scale)
        epoch = ticks / (32 * lr * weight_decay) if weight_decay else 200.0
        rich = initial_scale < 1 and law_of_small
        memorized = 0.8 * epoch if rich else 30.0
        lost = np.nan if weight_decay == 0 and initial_scale == 1 else epoch
        kept = {"rise_epoch": 0.9 * epoch, "direction_kept": 0.95}
        return race(memorized, lost, **kept)

    return table(calls, row)


KERNELS = pd.DataFrame(
    {
        "kernel_moved_memorization": [0.01] * 20,
        "kernel_moved_generalization": [0.7] * 20,
        "kernel_accuracy_memorization": [0.52] * 20,
        "kernel_accuracy_generalization": [0.97] * 20,
    }
)


def test_s1_asks_for_the_slope_of_the_law():
    assert verdict("S1", s01_scales.s1(scales())) == "holds here"
    assert s01_scales.s1(scales(slope=1.2))["slope_off"] == pytest.approx(0.2)
    assert verdict("S1", s01_scales.s1(scales(slope=-0.1))) == "contradicted here"


def test_s2_asks_the_kernel_the_output_scale_and_whether_decay_is_needed():
    measured = s02_kernels.s2(KERNELS, scales())
    # ln 4 / 2 ticks more of 4.4 - memorization: lazier is later, but not by half
    assert measured["delay_ratio_of_the_lazy"] > 1
    assert measured["share_generalized_without_decay"] == 1
    assert measured["delay_of_the_rich"] == pytest.approx(0.25)
    assert verdict("S2", measured | {"delay_ratio_of_the_lazy": 2}) == "holds here"
    still = KERNELS.assign(kernel_moved_generalization=0.05)
    assert verdict("S2", s02_kernels.s2(still, scales())) == "contradicted here"


def held(law):
    calls = grid(held=[0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0], **SEEDS)
    return table(calls, lambda held, seed: race(30.0, law(held), held_norm=5 * held, loss="hinge"))


def zone(held):
    return np.nan if held < 0.9 else 40 * np.exp(1.5 * (held - 1))


def test_s3_asks_for_a_zone_with_late_above_and_none_below():
    measured = s03_norms.s3(held(zone), scales(), updates())
    assert measured["share_generalized_below"] == 0
    assert measured["late_above"] == pytest.approx(np.exp(1.5))
    assert verdict("S3", measured) == "holds here"
    everywhere = s03_norms.s3(held(lambda held: 40.0), scales(), updates())
    assert verdict("S3", everywhere) == "contradicted here"  # below the zone too, and not late


def test_s3_of_a_zone_at_the_largest_norm_is_not_late_above_it():
    only = s03_norms.s3(held(lambda held: 40.0 if held == 4 else np.nan), scales(), updates())
    assert np.isnan(only["late_above"])


def dials(exponent=0.5):
    calls = grid(lr=0.1, weight_decay=[0.001, 0.003, 0.01, 0.02], n_train=1000, **SEEDS)
    calls += grid(lr=[0.03, 0.3], weight_decay=0.01, n_train=1000, **SEEDS)
    calls += grid(lr=0.1, weight_decay=0.01, n_train=[700, 2000, 25_000], **SEEDS)

    def row(lr, weight_decay, n_train, seed):
        ticks = {700: 8.0, 2000: 1.5}.get(n_train, 4.0) * (1 + 0.01 * (seed % 3))
        fall = exponent * ticks  # of the log squared norm
        epoch = ticks / (np.ceil(n_train / 32) * lr * weight_decay)
        norms = {"squared_norm_at_memorization": 300.0}
        norms |= {"squared_norm_at_generalization": 300 * np.exp(-fall)}
        norms |= {"squared_norm": 300 * np.exp(-fall) / 2}
        memorized = epoch if n_train == 25_000 else 0.1 * epoch
        norms |= {"batch_size": 32, "loss": "hinge"}
        return race(memorized, memorized + epoch * (n_train < 25_000), **norms)

    return table(calls, row)


def test_s15_asks_for_one_law_over_all_dials():
    exponential = held(lambda held: 40 * np.exp(1.5 * held))
    measured = s15_clock.s15(dials(), held=exponential)
    assert measured["spread_of_ticks_over_log_ratio"] == pytest.approx(1)
    assert measured["correlation"] == pytest.approx(1)
    assert verdict("S15", measured) == "holds here"
    growing = s15_clock.s15(dials(exponent=-0.5), held=exponential)
    assert growing["share_with_fall"] == 0
    assert verdict("S15", growing) == "contradicted here"


def test_s15_with_the_same_fall_whatever_the_delay_is_no_law():
    races = dials()
    races["squared_norm"] = races["squared_norm_at_generalization"] = 150 + races["seed"] % 2
    spread = s15_clock.s15(races, held=held(zone))["spread_of_ticks_over_log_ratio"]
    assert spread == pytest.approx(8 / 1.5, rel=1e-3)
