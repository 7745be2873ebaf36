"""L1, L2: the frozen line on fresh seeds, and the wall."""

import numpy as np
import pandas as pd

from experiments.decides.fits import half_point, ratio
from experiments.decides.law_line import FROZEN, fitted, predicted
from experiments.decides.law_waits import PLACE, epoch, later_than, median_delays, slope
from experiments.tables.grid import ticks
from experiments.tables.law_waits import AT_WALL, HORIZONS, WALL

LINE, PLACES = FROZEN["line"], FROZEN["wall"]["places"]
SOON = 2  # ticks to memorize in: chosen after the runs, so it decides nothing


def on_line(waits: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of 3 bits that are not at the wall."""
    return waits[(waits["k_relevant"] == 3) & (waits["steps"] == ticks(HORIZONS[3]))]


def at_wall(waits: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of 3 bits that are followed for longest."""
    return waits[(waits["k_relevant"] == 3) & (waits["steps"] == ticks(AT_WALL))]


def foretold() -> pd.DataFrame:
    """Return a row for each setting of the line: its wait in ticks, the band, and its kind."""
    columns = ["n_bits", "n_train", "foretold", "low", "high"]
    kinds = [pd.DataFrame(LINE[k], columns=columns).assign(kind=k) for k in ("old", "new", "ratio")]
    return pd.concat(kinds).set_index(["n_bits", "n_train"])


def compared(waits: pd.DataFrame) -> pd.DataFrame:
    """Return what was `foretold`, with the `median` that came and whether it is `off`.

    A median beyond the horizon is off if the horizon is beyond the band. Before the runs there is
    neither.
    """
    found = foretold()
    if waits.empty:
        return found.assign(median=np.nan, off=np.nan)
    rows = on_line(waits)
    came, until = median_delays(rows), later_than(rows)
    found["median"] = came.reindex(found.index)
    found["off"] = [
        off(row.median, row.low, row.high, until[place])
        for place, row in zip(found.index, found.itertuples(), strict=True)
    ]
    return found


def memorized(waits: pd.DataFrame) -> pd.Series:
    """Return after how many ticks the runs of each setting of the line memorize, their median."""
    rows = on_line(waits)
    until = rows["memorization_epoch"] * epoch(rows)
    return until.groupby([rows[column] for column in PLACE]).median()


def off(median: float, low: float, high: float, until: float) -> bool:
    """Return whether a median is out of a band, one that is later if `until` is."""
    return bool(until > high if median == np.inf else not low <= median <= high)


def left_out_errors(medians: pd.Series) -> dict[str, float]:
    """Return the root mean square errors of a power and of an exponential of n.

    Both with a power of N; of all settings with a number of bits by the line through the rest.
    """
    bits, examples = (
        medians.index.get_level_values(c).to_numpy(float) for c in ("n_bits", "n_train")
    )
    y, found = np.log(medians.to_numpy()), {}
    for name, x in (("power", np.log(bits)), ("exponential", bits)):
        design, errors = np.column_stack([np.ones(len(y)), np.log(examples), x]), []
        for out in np.unique(bits):
            rest = bits != out
            parts = np.linalg.lstsq(design[rest], y[rest], rcond=None)[0]
            errors += list(design[~rest] @ parts - y[~rest])
        found[name] = float(np.sqrt(np.mean(np.square(errors))))
    return found


def l1(waits: pd.DataFrame) -> dict:
    """Return what decides L1, from the table of waits."""
    found = compared(waits)
    known = found["median"][np.isfinite(found["median"]) & (found["median"] > 0)]
    errors = left_out_errors(known)
    return {
        "share_off_line": found["off"].mean(),
        "share_off_new": found["off"][found["kind"] != "old"].mean(),
        "share_off_old": found["off"][found["kind"] == "old"].mean(),
        "variable_off": abs(fitted(known)["power"] - LINE["power"]),
        "power_over_exponential": ratio(errors["power"], errors["exponential"]),
    }


def shares_at_wall(waits: pd.DataFrame) -> pd.DataFrame:
    """Return the share of runs that are done, by n and place, with the number of examples.

    Before the runs it is not a number.
    """
    if waits.empty:
        rows = [(n, N, np.nan) for n, sizes in WALL.items() for N in sizes]
        found = pd.DataFrame(rows, columns=["n_bits", "n_train", "share"])
        return found.assign(place=PLACES * len(WALL))
    done = at_wall(waits)["generalization_epoch"].notna()
    shares = done.groupby([at_wall(waits)[c] for c in ("n_bits", "n_train")]).mean()
    found = shares.rename("share").reset_index()
    return found.assign(place=found.groupby("n_bits").cumcount().map(dict(enumerate(PLACES))))


def wall(waits: pd.DataFrame) -> pd.Series:
    """Return the number of examples with which half of the runs are done, by n."""
    found = shares_at_wall(waits).groupby("n_bits")
    return pd.Series({n: half_point(rows["n_train"], rows["share"]) for n, rows in found})


def l2(waits: pd.DataFrame) -> dict:
    """Return what decides L2, from the table of waits."""
    shares, rows = shares_at_wall(waits), at_wall(waits)
    came, until = median_delays(rows), later_than(rows)
    first = shares[shares["place"] == PLACES[0]]
    times = [
        min(came[place], until[place]) / predicted(LINE, *place)
        for place in zip(first["n_bits"], first["n_train"], strict=True)
    ]
    return {
        "wall_exponent_off": abs(slope(wall(waits)) - FROZEN["wall"]["exponent"]),
        "share_beyond": first["share"].max(),
        "share_within": shares[shares["place"] == PLACES[-1]]["share"].min(),
        "times_line": min(times),
    }
