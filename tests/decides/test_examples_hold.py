"""S7, S8, S9 and S16: tables made to agree with a claim, and tables made to speak against it."""

import numpy as np
import pandas as pd
import pytest
from made import SEEDS, race, table, verdict

from experiments.decides import s07_efficiency, s08_widths, s09_wrong_labels, s16_regimes
from grokutils.store.table import grid


def returns(n_critical, decay_matters=False):
    calls = grid(n_left=[20, 40, 80, 160, 320], which=["subset", "fresh"], ticks=8, **SEEDS)
    calls = [c | {"weight_decay": decay} for c in calls for decay in (0.003, 0.01, 0.03)]

    def row(n_left, weight_decay, **_):
        fell = n_left < n_critical * (weight_decay / 0.01 if decay_matters else 1)
        return {"fresh_accuracy": 0.55 if fell else 1.0, "loss": "hinge"}

    return table(calls, row)


def capacities():
    calls = grid(width=1000, label_noise=[0.0, 0.5], n_train=[100, 300, 1000, 4000], **SEEDS)
    calls += grid(width=30, label_noise=0.5, n_train=[100, 300, 1000, 4000], **SEEDS)

    def row(width, label_noise, n_train, seed):
        squared = 20.0 if label_noise == 0 else 10 * (n_train / 150) ** 0.5
        fits = n_train <= (3000 if width == 1000 else 500) or label_noise == 0
        known = label_noise == 0 and n_train >= 1000
        ends = {"squared_norm": squared, "mean_margin": 1.0}
        return race(30.0 if fits else np.nan, 140.0 if known else np.nan, **ends)

    return table(calls, row)


def from_scratch(shares, middling=0):
    calls = grid(n_train=list(shares), seed=range(1000, 1100))

    def row(n_train, seed):
        works = seed - 1000 < 100 * shares[n_train]
        between = not works and seed >= 1100 - 100 * middling
        accuracy = 1.0 if works else 0.8 if between else 0.52 + 0.0004 * (seed - 1000)
        end = {"fresh_accuracy": accuracy, "steps": 16_000}
        return race(30.0, 200.0 if works else np.nan, **end)

    longer = table(grid(n_train=[500, 600], **SEEDS), lambda **_: race(30.0, 900.0))
    longer = longer.assign(fresh_accuracy=1.0, steps=64_000)  # which all get there in the end
    return pd.concat([table(calls, row), longer], ignore_index=True)


EXAMPLES = {500: 0.0, 550: 0.2, 600: 0.5, 650: 0.8, 700: 1.0}


def test_s7_compares_the_sizes_at_which_circuits_cross_nets_grok_and_ungrok():
    measured = s07_efficiency.s7(returns(400), capacities(), from_scratch(EXAMPLES, middling=0.3))
    assert measured["share_semi_grokked"] == pytest.approx(0.3)
    assert measured["memorizing_efficiency_left"] == pytest.approx(10**-0.5)
    assert measured["crossing_off"] < 0.01  # at 600, by construction
    assert np.isinf(measured["threshold_ratio"])  # above all sizes
    between = s07_efficiency.s7(returns(200), capacities(), from_scratch(EXAMPLES, middling=0.3))
    assert between["threshold_ratio"] == pytest.approx((160 * 320) ** 0.5 / 600)
    less = s07_efficiency.s7(returns(200, True), capacities(), from_scratch(EXAMPLES))
    assert less["accuracy_off_by_decay"] == pytest.approx(0.45)
    assert verdict("S7", less) == "contradicted here"
    never = s07_efficiency.s7(returns(0), capacities(), from_scratch(EXAMPLES))
    assert never["threshold_ratio"] == 0
    assert never["share_ungrokked"] == 0


def widths(needed, time):
    widths_of = [10, 30, 100, 300, 1000]
    calls = grid(width=widths_of, n_train=[600, 800, 1000, 1500, 2500], start="dense", **SEEDS)
    calls += grid(width=[100, 1000], n_train=[600, 1000, 1500], start="sparse", **SEEDS)

    def row(width, n_train, start, seed):
        enough = n_train >= needed(width) * (0.6 if start == "sparse" else 1)
        faster = 0.5 if start == "sparse" else 1
        accuracy = 1.0 if enough else 0.55
        return race(30.0, time(width) * faster if enough else np.nan, fresh_accuracy=accuracy)

    return table(calls, row)


def test_s8_asks_for_fewer_examples_and_steps_with_width():
    wider = widths(lambda width: 2800 / width**0.2, lambda width: 400 - 0.2 * width)
    measured = s08_widths.s8(wider)
    assert measured["largest_loss_by_width"] == 0
    assert verdict("S8", measured) == "holds here"
    same = s08_widths.s8(widths(lambda width: 700, lambda width: 140.0))
    assert same["steps_saved_by_width"] == 1
    assert verdict("S8", same) == "contradicted here"


def test_s16_reads_the_same_map():
    table = widths(lambda width: 2800 / width**0.2, lambda width: 400 - 0.2 * width)
    measured = s16_regimes.s16(table, capacities())
    assert measured["critical_size_by_width"] < -0.9
    assert measured["capacity_growth"] == pytest.approx((1000 * 4000) ** 0.5 / 300**0.5 / 1000**0.5)
    assert measured["regimes_seen"] == 2  # memorized only, and grokked
    assert measured["dip_with_few_examples"] == 0
    dip = table.copy()
    dip.loc[(dip["width"] == 300) & (dip["start"] == "dense"), "fresh_accuracy"] -= 0.3
    assert s16_regimes.s16(dip, capacities())["dip_with_many_examples"] == pytest.approx(0.3)


def noise(wrong_fitted_without_decay):
    calls = grid(label_noise=[0.0, 0.1], n_train=[2000, 4000], weight_decay=[0.0, 0.01], **SEEDS)

    def row(label_noise, n_train, weight_decay, seed):
        fitted = 0.05 if weight_decay else wrong_fitted_without_decay
        ends = {"fresh_accuracy": 0.99, "wrong_fitted": fitted, "wrong_lost_epoch": 300.0}
        return race(30.0, 100.0, **ends, gap_by_norm=0.9, gap_at_random=0.1)

    return table(calls, row)


def test_s9_asks_for_both_at_once_and_for_what_undoes_it():
    assert verdict("S9", s09_wrong_labels.s9(noise(0.99))) == "holds here"
    assert verdict("S9", s09_wrong_labels.s9(noise(0.5))) == "contradicted here"
    early = noise(0.99).assign(wrong_lost_epoch=50.0)
    assert s09_wrong_labels.s9(early)["share_in_two_stages"] == 0
