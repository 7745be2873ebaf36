"""S11 and S14: parts of a network, by masks of single weights and by its sparse set."""

import pandas as pd

from experiments.decides.fits import ratio
from experiments.decides.times import median, medians, timed

SHIFTED = ["biased 0.7", "biased 0.9", "all +1"]


def times_under(tickets) -> pd.Series:
    """Return the median generalization epoch by mask, event, weight decay and share."""
    return medians(timed(tickets), ["mask", "at", "weight_decay", "share"], "generalization_epoch")


def best_share(tickets) -> float:
    """Return the share of weights kept whose ticket generalizes first."""
    return float(times_under(tickets)["ticket", "end", 0.01].idxmin())


def s11(tickets) -> dict:
    """Return what decides S11, from the table of tickets."""
    share, times, rows = best_share(tickets), times_under(tickets), timed(tickets)
    ticket = times["ticket", "end", 0.01, share]
    end = rows[(rows["at"] == "end") & (rows["weight_decay"] == 0.01)]
    delays = end[(end["share"] == share) & (end["mask"] == "ticket")]["delay_epoch"]
    dense = end[end["mask"] == "dense"]["delay_epoch"]
    without = (rows["mask"] == "ticket") & (rows["weight_decay"] == 0) & (rows["share"] == share)
    controls = {"same_norm": "same norm", "shuffled": "shuffled", "random": "random"}
    controls |= {"columns": "columns", "fresh": "fresh"}
    return {
        "delay_left": ratio(median(delays), median(dense)),
        "over_memorization": ratio(times["ticket", "memorization", 0.01, share], ticket),
        **{
            f"over_{name}": ratio(times[mask, "end", 0.01, share], ticket)
            for name, mask in controls.items()
        },
        "share_generalized_without_decay": rows[without]["generalized"].mean(),
    }


def gaps(illusions, column="agrees_sparse") -> pd.DataFrame:
    """Return one less an agreement, by event and seed (rows) and kind of inputs (columns)."""
    rows = illusions.assign(gap=1 - illusions[column])
    return rows.pivot(index=["at", "seed"], columns="inputs", values="gap")


def s14(illusions) -> dict:
    """Return what decides S14, from the table of illusions."""
    sparse, random = gaps(illusions), gaps(illusions, "agrees_random")
    largest = sparse[SHIFTED].max(axis=1)
    beyond = largest - sparse["fresh"]
    return {
        "gap_on_shifted": largest["end"].median(),
        "gap_on_shifted_at_generalization": largest["generalization"].median(),
        "gap_on_chosen": sparse["chosen"]["end"].median(),
        "shifted_beyond_fresh": beyond["generalization"].median(),
        "random_over_sparse": ratio(
            random[SHIFTED].max(axis=1)["end"].median(), largest["end"].median()
        ),
    }
