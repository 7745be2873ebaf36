"""S7, S8 and S16: how many examples, and how wide."""

import numpy as np
import pandas as pd

from experiments.decides.fits import deepest_valley, half_point, log_of, rank_correlation, ratio
from experiments.decides.times import median, medians, timed


def success(rows, by) -> pd.Series:
    """Return the share of runs that generalize, for each value of a column."""
    return rows.groupby(by)["generalized"].mean()


def half_size(rows) -> float:
    """Return the number of examples at which half of the runs generalize; see `half_point`."""
    shares = success(rows, "n_train")
    return half_point(shares.index, shares)


def shortest(examples) -> pd.DataFrame:
    """Return the rows that were followed for the fewest steps, which are those of all seeds."""
    return examples[examples["steps"] == examples["steps"].min()]


def nearest_half(examples) -> pd.DataFrame:
    """Return the rows, with times, of the number of examples whose success is nearest a half."""
    rows = timed(shortest(examples))
    return rows[rows["n_train"] == (success(rows, "n_train") - 0.5).abs().idxmin()]


def share_between(rows, low=0.65, high=0.95) -> float:
    """Return the share of runs that end between two accuracies on fresh inputs."""
    return rows["fresh_accuracy"].between(low, high).mean()


def efficiency(capacities) -> pd.DataFrame:
    """Return the median of mean margin over squared norm, by labels and number of examples.

    Of networks of the paper's width, as a table (n_train, kind of labels): `random` labels,
    which can only be memorized, and `true` ones, of networks that generalize.
    """
    rows = timed(capacities[capacities["width"] == 1000])
    ratio = rows["mean_margin"] / rows["squared_norm"]
    random = rows["label_noise"] == 0.5
    kinds = {"random": random, "true": ~random & rows["generalized"]}
    of = {kind: ratio[mask].groupby(rows["n_train"]).median() for kind, mask in kinds.items()}
    return of["random"].to_frame("random").join(of["true"].rename("true"), how="outer")


def s7(returns, capacities, examples) -> dict:
    """Return what decides S7, from the tables of returns, capacities, and examples."""
    given = efficiency(capacities)
    share = given["true"][1000] / (given["true"][1000] + given["random"])
    from_scratch = half_size(timed(shortest(examples)))
    hinge = returns[(returns["loss"] == "hinge") & (returns["which"] == "subset")]
    subset = hinge[hinge["ticks"] == hinge["ticks"].min()]
    at_paper = subset[subset["weight_decay"] == 0.01]
    fallen = (at_paper["fresh_accuracy"] < 0.75).groupby(at_paper["n_left"]).mean()
    ends = subset.groupby(["n_left", "weight_decay"])["fresh_accuracy"].median().unstack().dropna()
    crossing = half_point(share.index, share)
    return {
        "memorizing_efficiency_left": ratio(given["random"][1000], given["random"][100]),
        "generalizing_efficiency_left": ratio(given["true"][4000], given["true"][1000]),
        "crossing_off": abs(log_of(ratio(crossing, from_scratch))),
        "share_ungrokked": fallen.max(),
        "accuracy_off_by_decay": (ends.max(axis=1) - ends.min(axis=1)).max(),
        "threshold_ratio": ratio(half_point(fallen.index, 1 - fallen), from_scratch),
        "share_semi_grokked": share_between(nearest_half(examples)),
    }


def s8(widths) -> dict:
    """Return what decides S8, from the table of widths."""
    rows = timed(widths)
    dense, sparse = (rows[rows["start"] == start] for start in ("dense", "sparse"))
    halves = dense.groupby("width").apply(half_size, include_groups=False)
    shares = success(dense, ["n_train", "width"]).unstack("n_train")
    at_paper = dense[dense["n_train"] == 1000]
    times = medians(at_paper, "width", "generalization_steps")
    wide = sparse[(sparse["n_train"] == 1000) & (sparse["width"] == 1000)]
    sizes = sparse["n_train"].unique()
    same = dense[(dense["width"] == 100) & dense["n_train"].isin(sizes)]
    return {
        "examples_saved_by_width": ratio(halves[30], halves[1000]),
        "largest_loss_by_width": -min(shares.diff().min().min(), 0),
        "steps_saved_by_width": ratio(times[100], times[1000]),
        "examples_saved_by_sparse_start": ratio(
            half_size(same), half_size(sparse[sparse["width"] == 100])
        ),
        "steps_saved_by_sparse_start": ratio(times[1000], median(wide["generalization_steps"])),
    }


def regime(rows) -> str:
    """Name the regime of a field of the map over width and examples, from its runs with times."""
    delay = median(rows["relative_delay"])
    if np.isfinite(delay):
        return "grokked" if delay >= 1 else "together"
    if np.isinf(median(rows["memorization_epoch"])):
        return "neither"
    accuracy = rows["fresh_accuracy"].median()
    return "memorized" if accuracy < 0.65 else "half" if accuracy < 0.95 else "neither"


def s16(widths, capacities) -> dict:
    """Return what decides S16, from the tables of widths and capacities."""
    rows = timed(widths[widths["start"] == "dense"])
    halves = rows.groupby("width").apply(half_size, include_groups=False)
    random = capacities[capacities["label_noise"] == 0.5]
    fits = random["memorization_epoch"].notna().groupby([random["width"], random["n_train"]]).mean()
    capacity = {
        width: half_point(f.unstack().columns, f, falling=True)
        for width, f in fits.groupby("width")
    }
    fields = rows.groupby(["width", "n_train"]).apply(regime, include_groups=False)
    accuracy = rows.groupby(["n_train", "width"])["fresh_accuracy"].median().unstack("width")
    any_width = rows.groupby(["n_train", "width"])["generalized"].mean().unstack("width")
    fewest = any_width.index[(any_width >= 0.5).any(axis=1)].min()
    return {
        "critical_size_by_width": rank_correlation(halves.index, halves),
        "capacity_growth": ratio(capacity[1000], capacity[30]),
        "regimes_seen": len(set(fields) - {"neither"}),
        "dip_with_few_examples": deepest_valley(accuracy.loc[fewest].dropna()),
        "dip_with_many_examples": deepest_valley(accuracy.iloc[-1].dropna()),
    }
