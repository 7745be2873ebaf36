"""S1, S2, S3 and S15: the scale of the weights, their kernel, and the law of the delay."""

import numpy as np
import pandas as pd

from experiments.decides.fits import left_out_error, line, ratio
from experiments.decides.times import alike, log, log_ratio, median, medians, timed

SETTING = ["lr", "weight_decay", "n_train", "n_bits", "width"]


def s1(scales) -> dict:
    """Return what decides S1, from the table of initial scales."""
    rows = timed(scales[scales["loss"] == "hinge"])
    usual, small = rows[np.isclose(rows["lr"], 0.1)], rows[np.isclose(rows["lr"], 0.025)]
    offs = [_slope_off(usual[usual["weight_decay"] == decay]) for decay in (0.003, 0.01)]
    large = _largest_scale(usual[usual["weight_decay"] == 0.01])
    rise = (large["generalization_epoch"] - large["rise_epoch"]) / large["rise_epoch"]
    return {
        "slope_off": max(offs) if not np.isnan(offs).any() else np.nan,
        "slope_off_small_steps": _slope_off(small[small["weight_decay"] == 0.01]),
        "direction_kept": large["direction_kept"].median(),
        "rise_over_wait": median(rise.dropna()) if rise.notna().any() else np.nan,
    }


def slope_on_log_scale(rows) -> float:
    """Return the slope of the median generalization time in ticks on ln α, over α of at least 1."""
    times = medians(rows[rows["initial_scale"] >= 1], "initial_scale", "generalization_ticks")
    return line(np.log(times.index), times)[0]


def _slope_off(rows):
    return abs(slope_on_log_scale(rows) - 1)


def _largest_scale(rows):
    """Return the rows of the largest scale at which most runs memorize."""
    times = medians(rows, "initial_scale", "memorization_epoch")
    return rows[rows["initial_scale"] == times.index[np.isfinite(times)].max()]


def by_output_scale(scales) -> pd.DataFrame:
    """Return the rows that are runs with a scaled output, with `output_scale` as a column.

    With two layers, an output α f(θ), trained at learning rate η/α², is the network that starts
    from √α θ, trained at η/α: the same outputs at every step.
    """
    scale = scales["initial_scale"]
    same = np.isclose(scales["lr"], 0.1 / scale**2) & (scales["loss"] == "hinge")
    return timed(scales[same]).assign(output_scale=scale[same] ** 2)


def s2(tangents, scales) -> dict:
    """Return what decides S2, from the tables of tangent kernels and of initial scales."""
    rows = by_output_scale(scales)
    with_decay = rows[rows["weight_decay"] == 0.01]
    relative = medians(with_decay, "output_scale", "relative_delay")
    ticks = medians(with_decay, "output_scale", "delay_ticks")
    without = rows[rows["weight_decay"] == 0].groupby("output_scale")["generalized"].mean()
    at = ("memorization", "generalization")
    return {
        **{f"kernel_moved_at_{e}": tangents[f"kernel_moved_{e}"].median() for e in at},
        **{f"kernel_accuracy_at_{e}": tangents[f"kernel_accuracy_{e}"].median() for e in at},
        "delay_of_the_rich": min(relative[1 / 4], relative[1 / 16]),
        "delay_ratio_of_the_lazy": ratio(ticks[4], ticks[1]),
        "share_generalized_without_decay": without.max(),
    }


def s3(held, scales, updates) -> dict:
    """Return what decides S3, from the tables of held norms, initial scales and updates."""
    rows = timed(held[held["loss"] == "hinge"])
    times = medians(rows, "held", "generalization_epoch")
    shares = rows.groupby("held")["generalized"].mean()
    zone = times.idxmin()
    above = times[np.isclose(times.index, 2 * zone)]
    memorized = medians(rows, "held", "memorization_epoch")[zone]
    small = timed(scales[(scales["weight_decay"] == 0) & scales["initial_scale"].isin([0.25, 0.5])])
    small = small[np.isclose(small["lr"], 0.1) & (small["loss"] == "hinge")]
    usual = (updates["loss"] == "hinge") & (updates["weight_decay"] > 0)
    by_update = medians(timed(updates[usual]), "update", "generalization_epoch")
    flipped = by_update[by_update.index.str.startswith("flips")].min()
    return {
        "share_generalized_in_zone": shares.max(),
        "generalization_over_memorization": ratio(times[zone], memorized),
        "late_above": ratio(above.iloc[0], times[zone]) if len(above) else np.nan,
        "share_generalized_below": shares[shares.index.min()],
        "share_generalized_from_small": small.groupby("initial_scale")["generalized"].mean().max(),
        "speed_up_by_flips": ratio(by_update["plain"], flipped),
    }


def settings(*tables) -> pd.DataFrame:
    """Return the races of several tables that differ in nothing but `SETTING`, in one table."""
    paper = {"lr": 0.1, "weight_decay": 0.01, "n_train": 1000, "n_bits": 40, "width": 1000}
    paper |= {"batch_size": 32}
    usual = {"loss": "hinge", "initial_scale": 1.0, "start": "dense", "batch_size": 32}
    whole = alike(tables, usual, paper)
    return timed(whole.drop_duplicates([*SETTING, "seed"]))


def s15(dials, *others, held) -> dict:
    """Return what decides S15, from the table of dials, other races, and the held norms."""
    races = settings(dials, *others)
    rows = races[(races["weight_decay"] > 0) & races["generalized"] & (races["n_train"] <= 4000)]
    spreads = {a: _spread(rows, a) for a in ("squared_norm_at_generalization", "squared_norm")}
    after = min(spreads, key=spreads.get)
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
