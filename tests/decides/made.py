"""Tables made up: what a claim says of such a table is known beforehand."""

import pandas as pd

from experiments.claims import CLAIMS
from grokutils.store.table import grid

SEEDS = {"seed": range(1000, 1020)}


def verdict(claim, measured):
    assert set(measured) == {c.quantity for c in CLAIMS[claim].criteria}
    return CLAIMS[claim].verdict(measured)


def table(calls, row):
    """A table of the calls, each with the columns that `row` makes of it."""
    return pd.DataFrame([call | row(**call) for call in calls])


def race(memorized, generalized, **others):
    return {"memorization_epoch": memorized, "generalization_epoch": generalized} | others


def updates(**epochs):
    times = {"plain": 140.0, "slow": 40.0, "longer": 60.0, "momentum": 80.0} | epochs
    times |= {"plain, small": 300.0, "equal": 50.0, "as long as equal": 100.0}
    times |= {"flips 1 %": 100.0, "flips 5 %": 90.0}
    calls = [
        {"update": u, "loss": "hinge", "lr": 0.1, "weight_decay": 0.01, "seed": s}
        for u in times
        for s in SEEDS["seed"]
    ]
    calls += grid(
        update=["perpendicular", "perpendicular, as long"],
        loss=["hinge", "logistic"],
        lr=0.1,
        weight_decay=0.0,
        **SEEDS,
    )
    return table(calls, lambda update, **_: race(30.0, times.get(update, 50.0)))
