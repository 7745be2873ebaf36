"""The tables in `data/`, as a chapter uses them: read, with their origins, a few rows made anew."""

from collections.abc import Callable

import pandas as pd

from experiments.make import arguments, module
from experiments.sweeps.table import grid, origin, read
from grokutils.store import cache
from grokutils.store.paths import DATA

# The seeds of each draw, see tables.grid; of the last are the runs of what was foretold.
DRAWS = {"first": range(2000), "second": range(2000, 4000), "fresh": range(4000, 6000)}


def table(name: str, draw: str | None = None) -> pd.DataFrame:
    """Return one of the tables: all of its rows, or those of a draw, a key of `DRAWS`."""
    whole = read(DATA / f"{name}.csv")
    if draw is None:
        return whole
    seeds = DRAWS[draw]
    return whole[whole["seed"].between(seeds[0], seeds[-1])].reset_index(drop=True)


def complete(name: str, draw: str) -> bool:
    """Return whether a table has all runs of a draw that it is to have, or is not made at all."""
    calls, rows = pd.DataFrame(module(name).calls()), table(name)
    wanted = calls[calls["seed"].isin(DRAWS[draw])]
    return rows.empty or len(rows[list(calls)].drop_duplicates().merge(wanted)) == len(wanted)


def finished(name: str) -> pd.DataFrame:
    """Return the fresh runs of a table by which what was foretold is judged; none until all are."""
    rows = table(name, "fresh")
    return rows if complete(name, "fresh") else rows.iloc[:0]


def deciding(*names: str) -> str:
    """Return the draw that decides by some tables: the second, once all have all of its runs."""
    whole = all(len(table(name, "second")) and complete(name, "second") for name in names)
    return "second" if whole else "first"


def shown(name: str) -> pd.DataFrame:
    """Return the rows of a table that are of the draw that decides by it."""
    return table(name, deciding(name))


def seeds_of(name: str, rows: pd.DataFrame) -> int:
    """Return how many seeds each setting of some rows of a table has, the fewest if they differ."""
    setting = [column for column in arguments(name) if column != "seed"]
    if not setting or rows.empty:
        return rows["seed"].nunique()
    return int(rows.groupby(setting)["seed"].nunique().min())


def origins(*names: str) -> pd.DataFrame:
    """Return the number of rows of tables, and when and by what they were made."""
    rows = {}
    for name in names:
        made = origin(DATA / f"{name}.csv")
        days = sorted({made["date"], *(later["date"] for later in made["extended"])})
        rows[name] = len(table(name)), " and ".join(days), made["command"]
    return pd.DataFrame(rows, index=["rows", "made on", "by"]).T


def anew(measure: Callable, **columns: object) -> pd.DataFrame:
    """Return the rows of a grid of runs, see `experiments.sweeps.table.grid`, made here and now.

    Parameters
    ----------
    measure : callable
        Of a module in `experiments.tables`, one row a run; what it found before is in the cache.
    **columns
        Its arguments, each a value or a list of values.
    """
    calls = grid(**columns)
    rows = cache.compute(measure, calls)
    return pd.DataFrame([call | row for call, row in zip(calls, rows, strict=True)])
