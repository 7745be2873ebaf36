"""The runs of the later tables fit together, and what decides the claims finds its rows."""

from importlib import import_module

import numpy as np
import pandas as pd
import pytest
from tiny import SEED, TINY

from experiments.decides import (
    s01_scales,
    s02_kernels,
    s03_norms,
    s04_concealment,
    s06_transfers,
    s07_efficiency,
    s08_widths,
    s09_wrong_labels,
    s11_tickets,
    s15_clock,
    s16_regimes,
)
from experiments.make import TABLES
from experiments.measured import Reading
from experiments.registry import CLAIMS
from experiments.tables import followed
from grokutils.parity.race import network

NAMES = TABLES[TABLES.index("scales") :]
FORETOLD = {n for n in NAMES if n.startswith("law_")} | {"margins", "told"}  # on seeds of their own


@pytest.mark.parametrize("name", NAMES)
def test_the_runs_of_a_table_fit_together_and_go_seed_by_seed(name):
    calls = import_module(f"experiments.tables.{name}").calls()
    assert len({tuple(call.items()) for call in calls}) == len(calls)
    assert {tuple(call) for call in calls} == {tuple(calls[0])}
    seeds = pd.Series([call["seed"] for call in calls])
    assert seeds.min() == (5000 if name == "law_soon" else 4000 if name in FORETOLD else 1000)
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
        "agrees_with_first_kernel",
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
    t = {name: filled(name) for name in NAMES if name not in FORETOLD | {"paths"}}
    found = {
        "S1": s01_scales.s1(t["scales"], t["kernel_starts"]),
        "S2": s02_kernels.s2(t["tangents"], t["scales"]),
        "S3": s03_norms.s3(t["held"], t["scales"], t["accelerators"], t["small_starts"]),
        "S4": s04_concealment.s4(t["concealment"]),
        "S6": s06_transfers.s6(t["transfers"], t["biases"]),
        "S7": s07_efficiency.s7(t["returns"], t["capacities"], t["examples"]),
        "S8": s08_widths.s8(t["widths"]),
        "S9": s09_wrong_labels.s9(t["noise"]),
        "S11": s11_tickets.s11(t["tickets"]),
        "S15": s15_clock.s15(t["held"], t["dials"], t["concealment"], t["widths"]),
        "S16": s16_regimes.s16(t["widths"], t["capacities"]),
    }
    for claim, measured in found.items():
        assert set(measured) == {c.quantity for c in CLAIMS[claim].criteria}
    unknown = {k for measured in found.values() for k, value in measured.items() if np.isnan(value)}
    # Where all runs generalize there is no half, no rank of halves that are all the same, and
    # of a ratio of two that are beyond the sizes nothing is known.
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


def test_what_else_decides_finds_its_rows_in_them_too():
    t = {name: filled(name) for name in ("concealment", "transfers", "noise")}
    assert s04_concealment.ratio_by_range(t["concealment"]).index.tolist() == [
        *(10, 15, 20, 25, 30, 35, 40)
    ]
    assert len(s09_wrong_labels.that_lose(t["noise"])) == 2 * 100  # of two draws
    assert s06_transfers.gap_left(t["transfers"]).reading is Reading.NUMBER
    unfinished = t["transfers"].assign(narrow_steps=s06_transfers.LIMIT)
    assert s06_transfers.gap_left(unfinished).reading is Reading.FEW
