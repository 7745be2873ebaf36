"""M1: a held norm and the scale of the output, apart."""

from itertools import combinations

import numpy as np
import pandas as pd

from experiments.decides.event_times import medians, timed
from experiments.decides.fits import rank_correlation, ratio
from experiments.tables.margins import NORMS

USUAL = 0.1
NEAR = 0.02  # of an epoch, by which rounding may move it


def clocked(margins: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with `clock`, their time of generalization on the clock of directions.

    In epochs of the usual rate at the grokked norm and no scale; infinite for one that is not
    done.
    """
    rows = timed(margins)
    factor = rows["output_scale"] / rows["held"] ** 2 * rows["lr"] / USUAL
    return rows.assign(clock=rows["generalization_epoch"] * factor)


def at_usual_rate(margins: pd.DataFrame, loss: str) -> pd.DataFrame:
    """Return the rows of one loss at the usual rate, on the clock."""
    rows = clocked(margins)
    return rows[np.isclose(rows["lr"], USUAL) & (rows["loss"] == loss)]


def spread(rows: pd.DataFrame) -> float:
    """Return the largest over the smallest median over the norms; not a number if all are never."""
    found = medians(rows, "held", "clock")
    return ratio(found.max(), found.min())


def share_alike(rows: pd.DataFrame) -> float:
    """Return the least share of seeds, over pairs of norms, that generalize at one time."""
    by_norm = rows.pivot(index="seed", columns="held", values="clock")
    shares = []
    for one, other in combinations((by_norm[norm] for norm in NORMS), 2):
        with np.errstate(invalid="ignore"):
            near = np.abs(one - other) <= NEAR * np.minimum(one, other)
        shares.append((near | (np.isinf(one) & np.isinf(other))).mean())
    return min(shares)


def m1(margins: pd.DataFrame) -> dict:
    """Return what decides M1, from the table of margins."""
    hinge, logistic = (at_usual_rate(margins, loss) for loss in ("hinge", "logistic"))
    done = hinge["generalized"].groupby([hinge["output_scale"], hinge["held"]]).mean().unstack()
    scaled = logistic[logistic["output_scale"] >= 1]
    late = medians(scaled, ["output_scale", "held"], "clock")
    at_one = [spread(rows[rows["output_scale"] == 1]) for rows in (hinge, logistic)]
    at_one.append(spread(logistic[logistic["output_scale"] == 2]))
    rows = clocked(margins)
    of_clock = rows["output_scale"] / rows["held"] ** 2 * rows["lr"]
    kept = rows[np.isclose(of_clock, USUAL) & (rows["loss"] == "hinge")]
    return {
        "share_in_zone": done.loc[1].min(),
        "share_out_of_zone": done.drop(index=1)[1.0].max(),
        "order_by_scale": rank_correlation(late.index.get_level_values(0), late),
        "spread_at_one_scale": np.nan if np.isnan(at_one).all() else np.nanmax(at_one),
        "share_alike": min(share_alike(kept[kept["output_scale"] == s]) for s in (1, 2)),
    }
