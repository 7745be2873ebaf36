"""S15: the delay as a logarithm of a ratio of norms."""

import numpy as np
import pandas as pd

from experiments.decides.event_times import alike, log, log_ratio, median, median_of, medians, timed
from experiments.decides.fits import left_out_error, line
from experiments.measured import Measured, Reading

LOGISTIC = (1.4, 2.0, 2.8, 4.0)  # held norms of the runs with the logistic loss
SETTING = ["lr", "weight_decay", "n_train", "n_bits", "width"]


def settings(*tables: pd.DataFrame) -> pd.DataFrame:
    """Return the races of several tables that differ in nothing but `SETTING`, in one table."""
    paper = {"lr": 0.1, "weight_decay": 0.01, "n_train": 1000, "n_bits": 40, "width": 1000}
    paper |= {"batch_size": 32}
    usual = {"loss": "hinge", "initial_scale": 1.0, "start": "dense", "batch_size": 32}
    whole = alike(tables, usual, paper)
    return timed(whole.drop_duplicates([*SETTING, "seed"]))


def s15(
    held: pd.DataFrame, dials: pd.DataFrame, *others: pd.DataFrame, chosen_on: tuple | None = None
) -> dict:
    """Return what decides S15, from the tables of held norms, of dials, and of other races.

    The norm that counts as that after the fall is the one whose ratio spreads less in the tables
    that it is `chosen_on`.
    """
    races = settings(dials, *others)
    rows = _free(races)
    looked_at = _free(settings(*chosen_on[1:])) if chosen_on else rows
    norms_after = ("squared_norm_at_generalization", "squared_norm")
    after = min(norms_after, key=lambda norm: _spread(looked_at, norm))
    hinge = dials[dials["loss"] == "hinge"]
    clock = timed(hinge)
    base = (clock["n_train"] == 1000) & (clock["batch_size"] == 32) & (clock["weight_decay"] > 0)
    clock = clock[base & (clock["weight_decay"] <= 0.01)]
    delays = clock.groupby(["lr", "weight_decay"])["delay_steps"].apply(median)
    rate = np.array([lr * decay for lr, decay in delays.index])
    lrs = clock[clock["weight_decay"] == 0.01]
    norms = np.sqrt(lrs["squared_norm_at_generalization"]).groupby(lrs["lr"]).median()
    delayed = rows[rows["relative_delay"] >= 1]
    fell = log_ratio(delayed, "squared_norm_at_generalization") > 0
    ample = timed(hinge[hinge["n_train"] == 25_000])
    return {
        "clock_exponent_off": abs(line(-np.log(rate), log(delays))[0] - 1),
        "spread_of_ticks_over_log_ratio": _spread(rows, after),
        "correlation": Measured(
            np.corrcoef(rows["delay_ticks"], log_ratio(rows, after))[0, 1], len(rows)
        ),
        "share_with_fall": Measured(fell.mean(), len(delayed)),
        "exponential_error_held": _held_error(timed(held[held["loss"] == "hinge"])),
        **s15_logistic(held),
        "norm_spread_by_lr": (norms.max() - norms.min()) / norms.mean(),
        "delay_with_ample_data": median_of(ample, "relative_delay"),
    }


def _free(races):
    """Return the races with weight decay that generalize, without those with ample examples."""
    free = (races["weight_decay"] > 0) & races["generalized"]
    return races[free & (races["n_train"] <= 4000)]


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


def s15_logistic(held: pd.DataFrame) -> dict:
    """Return what else decides S15: the error of an exponential in a norm held with that loss.

    Of the four norms above the grokked network's; not a number, that is not judged, if at any of
    them half of the runs never generalize.
    """
    rows = timed(held[(held["loss"] == "logistic") & held["held"].isin(LOGISTIC)])
    times = medians(rows, "held", "generalization_epoch")
    error = left_out_error(times.index, np.log(times))
    reading = Reading.NUMBER if np.isfinite(error) else Reading.FEW
    return {"exponential_error_held_logistic": Measured(error, reading=reading)}
