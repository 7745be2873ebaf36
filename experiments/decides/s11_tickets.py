"""S11: masks of single large weights, and their controls."""

import pandas as pd

from experiments.decides.event_times import median, medians, timed
from experiments.decides.fits import ratio


def times_under(tickets: pd.DataFrame) -> pd.Series:
    """Return the median generalization epoch by mask, event, weight decay and share."""
    return medians(timed(tickets), ["mask", "at", "weight_decay", "share"], "generalization_epoch")


def best_share(tickets: pd.DataFrame) -> float:
    """Return the share of weights kept whose ticket generalizes first."""
    return float(times_under(tickets)["ticket", "end", 0.01].idxmin())


def s11(tickets: pd.DataFrame) -> dict:
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
