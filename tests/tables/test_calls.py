"""The runs of the later tables fit together, and what decides the claims finds its rows."""

from importlib import import_module

import numpy as np
import pandas as pd
import pytest
from tiny import SEED, TINY

from experiments.claims import CLAIMS
from experiments.decides import (
    s01_scales,
    s02_kernels,
    s03_norms,
    s04_concealment,
    s05_updates,
    s06_transfers,
    s07_efficiency,
    s08_widths,
    s09_wrong_labels,
    s15_clock,
    s16_regimes,
)
from experiments.make import TABLES
from experiments.tables import followed
from grokutils.parity.race import network

NAMES = TABLES[TABLES.index("scales") :]


@pytest.mark.parametrize("name", NAMES)
def test_the_runs_of_a_table_fit_together_and_go_seed_by_seed(name):
    calls = import_module(f"experiments.tables.{name}").calls()
    assert len({tuple(call.items()) for call in calls}) == len(calls)
    assert {tuple(call) for call in calls} == {tuple(calls[0])}
    seeds = pd.Series([call["seed"] for call in calls])
    assert seeds.min() == 1000  # which no other table uses
    assert seeds.nunique() >= 20
    changes = (seeds.diff().fillna(1) != 0).sum()
    assert changes <= 3 * seeds.nunique()  # not setting by setting


def filled(name):
    """A table with the runs that there will be, and any numbers as what they measured."""
    calls = pd.DataFrame(import_module(f"experiments.tables.{name}").calls())
    rng = np.random.default_rng(0)
    net = network(TINY, SEED)
    columns = [
        *followed.followed(net, [], TINY.task),
        "mean_margin",
        "narrow_steps",
        "narrow_width",
    ]
    columns += ["held_norm", "gap_by_norm", "gap_at_random", "wrong_fitted", "wrong_lost_epoch"]
    columns += [
        f"kernel_{w}_{e}" for w in ("moved", "accuracy") for e in ("memorization", "generalization")
    ]
    columns = [column for column in columns if column not in calls]
    numbers = pd.DataFrame(rng.uniform(0.1, 1, (len(calls), len(columns))), columns=columns)
    numbers["memorization_epoch"] = 30.0
    numbers["generalization_epoch"] = 100 + 10 * numbers["generalization_epoch"]
    return pd.concat([calls, numbers], axis=1)


def test_what_decides_the_claims_finds_its_rows_in_the_tables_that_there_will_be():
    t = {name: filled(name) for name in NAMES if name != "paths"}
    found = {
        "S1": s01_scales.s1(t["scales"]),
        "S2": s02_kernels.s2(t["tangents"], t["scales"]),
        "S3": s03_norms.s3(t["held"], t["scales"], t["accelerators"]),
        "S4": s04_concealment.s4(t["concealment"]),
        "S5": s05_updates.s5(t["accelerators"]),
        "S6": s06_transfers.s6(t["transfers"], t["biases"]),
        "S7": s07_efficiency.s7(t["returns"], t["capacities"], t["examples"]),
        "S8": s08_widths.s8(t["widths"]),
        "S9": s09_wrong_labels.s9(t["noise"]),
        "S15": s15_clock.s15(t["dials"], t["concealment"], t["widths"], held=t["held"]),
        "S16": s16_regimes.s16(t["widths"], t["capacities"]),
    }
    for claim, measured in found.items():
        assert set(measured) == {c.quantity for c in CLAIMS[claim].criteria}
    unknown = {k for measured in found.values() for k, value in measured.items() if np.isnan(value)}
    # Where all runs generalize there is no half, and no rank of halves that are all the same.
    assert unknown <= {
        "late_above",
        "crossing_off",
        "exponential_error_held",
        "examples_saved_by_width",
        "examples_saved_by_sparse_start",
        "critical_size_by_width",
        "capacity_growth",
        "threshold_ratio",
    }
