"""L3, L4: the exponents of n at a fixed number of examples a bit, of 2 to 6 bits."""

import numpy as np
import pandas as pd

from experiments.decides.l01_line import at_wall
from experiments.decides.law_line import FROZEN
from experiments.decides.law_waits import epoch, exponent, later_than, median_delays, miss

FORETOLD = {int(k): q for k, q in FROZEN["exponents"]["foretold"].items()}


def grid_of(waits: pd.DataFrame, k: int) -> pd.DataFrame:
    """Return the rows of one number of relevant bits, on its grid of n and N/n."""
    bits, ratios = (FROZEN["exponents"][name][str(k)] for name in ("n_bits", "examples_a_bit"))
    rows = waits[waits["k_relevant"] == k].drop(at_wall(waits).index, errors="ignore")
    return rows[rows["n_bits"].isin(bits) & (rows["n_train"] / rows["n_bits"]).isin(ratios)]


def exponents(waits: pd.DataFrame, *relevant: int) -> dict[int, dict]:
    """Return the exponent for each number of relevant bits; see `law_waits.exponent`."""
    return {k: exponent(grid_of(waits, k)) for k in relevant}


def collapsed(waits: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each setting: N/n, and its wait in ticks over the power of n foretold.

    `known` is "is"; or "later", where half of its runs are not done and the wait is longer than
    they were followed; or "sooner", where it is less than an epoch, which is put in its place.
    """
    found = []
    for k, of_bits in waits.groupby("k_relevant"):
        for rows in (of_bits.drop(at_wall(of_bits).index), at_wall(of_bits)):
            until = later_than(rows)
            for (n, size), median in median_delays(rows).items():
                least = float(epoch(rows[rows["n_train"] == size]).iloc[0])
                known = "later" if median == np.inf else "sooner" if median < least else "is"
                ticks = until[n, size] if known == "later" else max(median, least)
                over = ticks / n ** FORETOLD[k]
                found.append((k, n, size, known, ticks, size / n, over))
    columns = ["k_relevant", "n_bits", "n_train", "known", "ticks", "examples_a_bit", "over_power"]
    return pd.DataFrame(found, columns=columns)


def share_apart(one: pd.Series, other: pd.Series, factor: float) -> float:
    """Return in which share of the settings two medians are more than a factor apart.

    If one of them is beyond its horizon they are, and if both are they are not.
    """
    both = np.isinf(one) & np.isinf(other)
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.abs(np.log(one / other)) > np.log(factor)
    return float((apart & ~both).mean())


def l3(waits: pd.DataFrame) -> dict:
    """Return what decides L3, from the table of waits."""
    found = exponents(waits, 2, 3, 4)
    three, four = (median_delays(grid_of(waits, k)) for k in (3, 4))
    return {
        **{f"miss_{k}": miss(e, FORETOLD[k]) for k, e in found.items()},
        **{f"off_{k}": abs(e["q"] - FORETOLD[k]) for k, e in found.items()},
        "widest": max(e["high"] - e["low"] for e in found.values()),
        "share_off_three": share_apart(four, three, 2.0),
    }


def l4(waits: pd.DataFrame) -> dict:
    """Return what decides L4, from the table of waits."""
    found = exponents(waits, 3, 5, 6)
    five, six = found[5], found[6]
    return {
        "off_5": abs(five["q"] - FORETOLD[5]),
        "off_6": abs(six["q"] - FORETOLD[6]),
        "apart_56": abs(six["q"] - five["q"]),
        "miss_56": max(miss(five, FORETOLD[5]), miss(six, FORETOLD[6])),
        "steeper": min(five["q"], six["q"]) - found[3]["q"],
        "widest_56": max(e["high"] - e["low"] for e in (five, six)),
    }
