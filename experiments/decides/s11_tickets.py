"""S11: masks of single large weights, and their controls."""

import pandas as pd

from experiments.decides.event_times import median_of, medians, timed
from experiments.measured import divided


def times_under(tickets: pd.DataFrame) -> pd.Series:
    """Return the median generalization epoch by mask, event, weight decay and share."""
    return medians(timed(tickets), ["mask", "at", "weight_decay", "share"], "generalization_epoch")


def best_share(tickets: pd.DataFrame) -> float:
    """Return the share of weights kept whose ticket generalizes first."""
    return float(times_under(tickets)["ticket", "end", 0.01].idxmin())


def s11(tickets: pd.DataFrame, chosen_on: tuple | None = None) -> dict:
    """Return what decides S11, from the table of tickets.

    Of the share of weights whose ticket is first in the table that it is `chosen_on`.
    """
    share = best_share(tickets if chosen_on is None else chosen_on[0])
    of = dict(iter(timed(tickets).groupby(["mask", "at", "weight_decay", "share"])))
    ticket, dense = of["ticket", "end", 0.01, share], _dense(of)
    controls = {"same_norm": "same norm", "shuffled": "shuffled", "random": "random"}
    others = {name: of[mask, "end", 0.01, share] for name, mask in controls.items()}
    others |= {name: of[name, "end", 0.01, share] for name in ("columns", "fresh")}
    others |= {"memorization": of["ticket", "memorization", 0.01, share]}
    first = median_of(ticket, "generalization_epoch")
    return {
        "delay_left": divided(*(median_of(rows, "delay_epoch") for rows in (ticket, dense))),
        **{
            f"over_{name}": divided(median_of(rows, "generalization_epoch"), first)
            for name, rows in others.items()
        },
        "share_generalized_without_decay": of["ticket", "end", 0.0, share]["generalized"].mean(),
    }


def _dense(of):
    """Return the runs without a mask, of whatever share; with weight decay."""
    return next(rows for (mask, _, decay, _), rows in of.items() if mask == "dense" and decay)
