"""S15: the delay as a logarithm of a ratio of norms."""

import numpy as np
import pandas as pd

from experiments.decides.event_times import alike, log, log_ratio, median, medians, timed
from experiments.decides.fits import left_out_error, line

SETTING = ["lr", "weight_decay", "n_train", "n_bits", "width"]


def settings(*tables: pd.DataFrame) -> pd.DataFrame:
    """Return the races of several tables that differ in nothing but `SETTING`, in one table."""
    paper = {"lr": 0.1, "weight_decay": 0.01, "n_train": 1000, "n_bits": 40, "width": 1000}
    paper |= {"batch_size": 32}
    usual = {"loss": "hinge", "initial_scale": 1.0, "start": "dense", "batch_size": 32}
    whole = alike(tables, usual, paper)
    return timed(whole.drop_duplicates([*SETTING, "seed"]))


def s15(dials: pd.DataFrame, *others: pd.DataFrame, held: pd.DataFrame) -> dict:
    """Return what decides S15, from the table of dials, other races, and the held norms."""
    races = settings(dials, *others)
    rows = races[(races["weight_decay"] > 0) & races["generalized"] & (races["n_train"] <= 4000)]
    spreads = {a: _spread(rows, a) for a in ("squared_norm_at_generalization", "squared_norm")}
    after = min(spreads, key=spreads.__getitem__)
    hinge = dials[dials["loss"] == "hinge"]
    clock = timed(hinge)
    base = (clock["n_train"] == 1000) & (clock["batch_size"] == 32) & (clock["weight_decay"] > 0)
    clock = clock[base & (clock["weight_decay"] <= 0.01)]
    delays = clock.groupby(["lr", "weight_decay"])["delay_steps"].apply(median)
    rate = np.array([lr * decay for lr, decay in delays.index])
    lrs = clock[clock["weight_decay"] == 0.01]
    norms = np.sqrt(lrs["squared_norm_at_generalization"]).groupby(lrs["lr"]).median()
    delayed = rows[rows["relative_delay"] >= 1]
    ample = timed(hinge[hinge["n_train"] == 25_000])
    return {
        "clock_exponent_off": abs(line(-np.log(rate), log(delays))[0] - 1),
        "spread_of_ticks_over_log_ratio": spreads[after],
        "correlation": np.corrcoef(rows["delay_ticks"], log_ratio(rows, after))[0, 1],
        "share_with_fall": (log_ratio(delayed, "squared_norm_at_generalization") > 0).mean(),
        "exponential_error_held": _held_error(timed(held[held["loss"] == "hinge"])),
        "norm_spread_by_lr": (norms.max() - norms.min()) / norms.mean(),
        "delay_with_ample_data": median(ample["relative_delay"]),
    }


def _spread(rows, after):
    """Return largest over least setting of the median of delay in ticks over log norm ratio.

    Of the settings in which at least ten runs generalize, with a delay to speak of.
    """
    keys = [rows[column] for column in SETTING]
    shares = (rows["delay_ticks"] / log_ratio(rows, after)).groupby(keys)
    known = (shares.count() >= 10) & (rows["relative_delay"].groupby(keys).median() >= 0.5)
    by_setting = shares.median()[known]
    return by_setting.max() / by_setting.min() if (by_setting > 0).all() else np.inf


def _held_error(held):
    times = medians(held, "held", "generalization_epoch")
    times = times[times.index >= times.idxmin()]
    return left_out_error(times.index, np.log(times))
