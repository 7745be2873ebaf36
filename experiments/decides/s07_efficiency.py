"""S7: output for the norm, of networks that memorize and that generalize."""

import math

import pandas as pd

from experiments.decides.event_times import timed
from experiments.decides.fits import half_point, to_twelve_digits
from experiments.decides.success import (
    beyond_ends,
    longest,
    measured_half,
    nearest_half,
    share_between,
)
from experiments.measured import Measured, Reading, divided


def efficiency(capacities: pd.DataFrame) -> pd.DataFrame:
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


def s7(returns: pd.DataFrame, capacities: pd.DataFrame, examples: pd.DataFrame) -> dict:
    """Return what decides S7, from the tables of returns, capacities, and examples.

    From scratch, the runs that were followed longest: what is half-way then is not on its way.
    """
    given = efficiency(capacities)
    share = (given["true"][1000] / (given["true"][1000] + given["random"])).dropna()
    from_scratch = measured_half(timed(longest(examples)))
    hinge = returns[(returns["loss"] == "hinge") & (returns["which"] == "subset")]
    subset = hinge[hinge["ticks"] == hinge["ticks"].min()]
    at_paper = subset[subset["weight_decay"] == 0.01]
    fallen = (at_paper["fresh_accuracy"] < 0.75).groupby(at_paper["n_left"]).mean()
    ends = subset.groupby(["n_left", "weight_decay"])["fresh_accuracy"].median().unstack().dropna()
    crossing = beyond_ends(half_point(share.index, share), share.index)
    threshold = beyond_ends(half_point(fallen.index, 1 - fallen), fallen.index)
    return {
        "memorizing_efficiency_left": divided(given["random"][1000], given["random"][100]),
        "generalizing_efficiency_left": divided(given["true"][4000], given["true"][1000]),
        "crossing_off": _off(divided(crossing, from_scratch)),
        "share_ungrokked": fallen.max(),
        "accuracy_off_by_decay": (ends.max(axis=1) - ends.min(axis=1)).max(),
        "threshold_ratio": to_twelve_digits(divided(threshold, from_scratch)),
        "share_semi_grokked": share_between(nearest_half(longest(examples))),
    }


def _off(ratio):
    """Return the size of a ratio's logarithm; one censored towards 1 tells nothing of it."""
    towards_one = Reading.AT_MOST if ratio > 1 else Reading.AT_LEAST
    if ratio.reading is towards_one or not ratio > 0:
        return Measured(math.nan, ratio.runs)
    reading = ratio.reading if ratio.reading is Reading.NUMBER else Reading.AT_LEAST
    return Measured(abs(math.log(ratio)), ratio.runs, reading)
