"""Words and numbers that sentences of a chapter take from its code, and code that it shows."""

import inspect
from collections.abc import Callable

from IPython.display import Code
from myst_nb import glue


class Words(str):
    """Text that stands in a sentence without quotation marks."""

    __slots__ = ()
    __repr__ = str.__str__


def say(**values: object) -> None:
    """Keep values under their names for ``{glue:text}`` in a sentence; show nothing.

    A number is kept as a float or an integer, which the sentence formats, all else as words.
    """
    for name, value in values.items():
        kept = Words(value) if isinstance(value, str) else value
        glue(name, kept.item() if hasattr(kept, "item") else kept, display=False)


def source(function: Callable) -> Code:
    """Return the source of a function, for a chapter to show."""
    return Code(inspect.getsource(function), language="python")
