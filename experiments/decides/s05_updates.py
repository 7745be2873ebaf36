"""S5a, S5b, S5c: changed gradients, each beside the twin that has nothing but its step."""

import numpy as np
import pandas as pd

from experiments.decides.event_times import median_of, medians, timed
from experiments.measured import Measured, Reading, divided, not_run


def s5a(updates: pd.DataFrame) -> dict:
    """Return what decides S5a, from the table of updates; of the two twins the better."""
    times = _times(updates)
    twins = min(times["longer"], times["momentum"])
    return {
        "slow_over_plain": divided(times["plain"], times["slow"]),
        "slow_over_twin": divided(twins, times["slow"]),
    }


def s5b(
    updates: pd.DataFrame,
    starts: pd.DataFrame,
    adamw: pd.DataFrame,
    chosen_on: tuple | None = None,
) -> dict:
    """Return what decides S5b, from the tables of updates and of steps across the weights.

    Of the two ways to remove the part along the weights, the better on the table that it is
    `chosen_on`. From a quarter of the usual start the lesser share of two losses, and with AdamW
    that of two precisions.
    """
    shares = _shares(updates)
    best = (_shares(chosen_on[0]) if chosen_on else shares).groupby("loss").idxmax()
    inside = starts[np.isclose(starts["initial_scale"], 0.25)] if len(starts) else starts
    return {
        "share_generalized_perpendicular": shares[best["hinge"]],
        "share_generalized_perpendicular_logistic": shares[best["logistic"]],
        **_lesser(inside, "inside", "loss", ["hinge", "logistic"]),
        **_lesser(adamw, "adamw", "dtype", ["float32", "float64"], Reading.AT_LEAST),
    }


def s5c(updates: pd.DataFrame, bits: pd.DataFrame, rates: pd.DataFrame) -> dict:
    """Return what decides S5c, from the tables of updates, of equal values on bits and over rates.

    The best learning rate of each update is chosen on the even seeds, and the ratio is of the
    medians of the odd ones.
    """
    times = _times(updates)
    return {
        "equal_over_plain": divided(times["plain, small"], times["equal"]),
        "equal_over_twin": divided(times["as long as equal"], times["equal"]),
        **(
            {"equal_over_plain_100": _plain_over_equal(timed(bits))}
            if len(bits)
            else not_run("equal_over_plain_100")
        ),
        **(
            {"equal_over_plain_best": _plain_over_equal(_at_best_rates(timed(rates)))}
            if len(rates)
            else not_run("equal_over_plain_best")
        ),
    }


def _times(updates):
    """Return the median generalization epoch of each update, with the hinge and weight decay."""
    rows = timed(updates)
    usual = rows[(rows["loss"] == "hinge") & (rows["weight_decay"] > 0)]
    return {name: median_of(of, "generalization_epoch") for name, of in usual.groupby("update")}


def _shares(updates):
    """Return the share that generalizes without weight decay, by loss and perpendicular update."""
    free = timed(updates[updates["weight_decay"] == 0])
    across = free[free["update"].str.startswith("perpendicular")]
    return across.groupby(["loss", "update"])["generalized"].mean()


def _lesser(rows, name, by, values, reading=Reading.NUMBER):
    """Return the lesser share of two kinds of perpendicular runs, over the runs of one kind.

    It is `AT_LEAST` what it is of runs that end long before those of the claim's source.
    """
    quantity = f"share_generalized_perpendicular_{name}"
    if rows.empty:
        return not_run(quantity)
    rows = timed(rows[(rows["update"] == "perpendicular") & (rows["weight_decay"] == 0)])
    shares = rows.groupby(by)["generalized"].mean().reindex(values)
    share = shares.min(skipna=False)
    reading = reading if share == share else Reading.NOTHING
    return {quantity: Measured(share, len(rows) // len(values), reading)}


def _at_best_rates(rows):
    """Return the odd seeds' runs at the rate of each update that is best for the even seeds."""
    even, odd = rows[rows["seed"] % 2 == 0], rows[rows["seed"] % 2 == 1]
    best = {
        name: medians(of, "lr", "generalization_epoch").idxmin()
        for name, of in even.groupby("update")
    }
    return odd[odd["lr"] == odd["update"].map(best)]


def _plain_over_equal(rows):
    of = dict(iter(rows.groupby("update")))
    found = divided(*(median_of(of[name], "generalization_epoch") for name in ("plain", "equal")))
    return Measured(found, len(of["equal"]), found.reading)
