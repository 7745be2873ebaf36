"""Words and numbers that sentences of a chapter take from its code."""

import pandas as pd
from myst_nb import glue

from grokutils.store.paths import DATA
from grokutils.store.table import origin, read


class Words(str):
    """Text that stands in a sentence without quotation marks."""

    __slots__ = ()
    __repr__ = str.__str__


def say(**values) -> None:
    """Keep values under their names for ``{glue:text}`` in a sentence; show nothing.

    A number is kept as a float or an integer, which the sentence formats, all else as words.
    """
    for name, value in values.items():
        kept = Words(value) if isinstance(value, str) else value
        glue(name, kept.item() if hasattr(kept, "item") else kept, display=False)


def stored(*names) -> pd.DataFrame:
    """Return the number of rows of tables in `data/`, and when and by what they were made."""
    rows = {}
    for name in names:
        made = origin(DATA / f"{name}.csv")
        rows[name] = len(read(DATA / f"{name}.csv")), made["date"], made["command"]
    return pd.DataFrame(rows, index=["rows", "made on", "by"]).T
