"""The tables in `data/`, as a chapter uses them: read, with their origins, a few rows made anew."""

from collections.abc import Callable

import pandas as pd

from grokutils.store import cache
from grokutils.store.paths import DATA
from grokutils.store.table import grid, origin, read


def table(name: str) -> pd.DataFrame:
    """Return one of the tables."""
    return read(DATA / f"{name}.csv")


def origins(*names: str) -> pd.DataFrame:
    """Return the number of rows of tables, and when and by what they were made."""
    rows = {}
    for name in names:
        made = origin(DATA / f"{name}.csv")
        rows[name] = len(table(name)), made["date"], made["command"]
    return pd.DataFrame(rows, index=["rows", "made on", "by"]).T


def anew(measure: Callable, **columns: object) -> pd.DataFrame:
    """Return the rows of a grid of runs, see `grokutils.store.table.grid`, made here and now.

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
