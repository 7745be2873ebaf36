"""Words and numbers that sentences of a chapter take from its code."""

import pandas as pd
from myst_nb import glue

from grokutils.store.paths import DATA
from grokutils.store.table import origin, read


class Words(str):
    """Text that stands in a sentence without quotation marks."""

    __slots__ = ()
    __repr__ = str.__str__


def say(**values):
    """Keep values under their names for ``{glue:text}`` in a sentence; show nothing.

    A number is kept as a float or an integer, which the sentence formats, all else as words.
    """
    for name, value in values.items():
        kept = (
            Words(value) if isinstance(value, str) else getattr(value, "item", lambda v=value: v)()
        )
        glue(name, kept, display=False)


def stored(*names):
    """Return for each table in `data/` how many rows it has and the command that made it."""
    paths = {name: DATA / f"{name}.csv" for name in names}
    rows = {name: [len(read(path)), origin(path)["command"]] for name, path in paths.items()}
    return pd.DataFrame(rows, index=["runs", "made by"]).T
