"""Tables for a reader: words for names, whole numbers without decimals, points in one column."""

import math
from collections.abc import Sequence
from html import escape
from itertools import groupby
from numbers import Real
from typing import Any

import pandas as pd

from grokutils.show.column_names import WORDS

LONG = 60  # rows; of a longer table the first ten are shown
SHORT = 10  # letters; such a cell takes one line
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def typeset(table: pd.DataFrame | pd.Series, endless: str = "never") -> str:
    """Return a data frame or series as an HTML table.

    Whole numbers have no decimals, infinity is `endless` and a missing value a dash. An index that
    only counts the rows is left out. Of a table longer than `LONG` the first ten rows are shown.
    """
    frame = table.to_frame(table.name or "value") if isinstance(table, pd.Series) else table
    shown = frame.head(10) if len(frame) > LONG else frame
    shown = shown.astype(object).where(shown.notna(), math.nan)
    columns = [shown.iloc[:, place].tolist() for place in range(shown.shape[1])]
    sides = list(map(_side, columns))
    counted = isinstance(frame.index, pd.RangeIndex) and frame.index.name is None
    names = [] if counted else frame.index.names
    rows: list[list[str]] = [[] for _ in range(len(shown))]
    for level in range(len(names)):
        side = _side(shown.index.get_level_values(level))
        for place, length, label in _runs(shown.index, level):
            rows[place].append(_cell(label, side, "th", scope="row", rowspan=length))
    for column, side in zip(columns, sides, strict=True):
        for row, value, text in zip(rows, column, texts(column), strict=True):
            row.append(_cell(endless if value == math.inf else text, side))
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    rest = f"<p>The first 10 of {len(frame)} rows.</p>" if len(shown) < len(frame) else ""
    head = _head(frame.columns, shown.index if names else None, sides)
    return f'<table class="typeset"><thead>{head}</thead><tbody>{body}</tbody></table>{rest}'


def _head(columns, index, sides):
    """Return the rows of the head: the columns' own name, if any, above their labels."""
    levels = [] if index is None else [index.get_level_values(n) for n in range(index.nlevels)]
    blank, rows = "<td></td>" * len(levels), []
    names = "".join(
        "<td></td>"
        if level.name is None
        else _cell(word(level.name), _side(level), "th", scope="col")
        for level in levels
    )
    if columns.nlevels == 1 and columns.name is not None:
        spread = _cell(word(columns.name), "center", "th", scope="colgroup", colspan=len(columns))
        rows.append(blank + spread)
    for level in range(columns.nlevels):
        inner = level == columns.nlevels - 1
        labels = [
            _cell(label, sides[place] if inner else "center", "th", scope="col", colspan=length)
            for place, length, label in _runs(columns, level)
        ]
        rows.append((names if inner else blank) + "".join(labels))
    return "".join(f"<tr>{row}</tr>" for row in rows)


def _runs(labels, level):
    """Yield place, length and text of equal neighbours; in the last level no two are joined."""
    keys = [label if isinstance(label, tuple) else (label,) for label in labels]
    inner = level == labels.nlevels - 1
    for _, run in groupby(range(len(keys)), lambda i: i if inner else keys[i][: level + 1]):
        places = list(run)
        yield places[0], len(places), word(keys[places[0]][level])


def texts(column: Sequence) -> list[str]:
    """Return the values of a column as text.

    Where all numbers are below 10 they have equally many decimals, three at most. Else each has
    what it needs, and blanks of a digit's width bring the points below one another.
    """
    numbers = [v for v in column if _is_number(v) and math.isfinite(v)]
    places = max(map(decimals, numbers), default=0)
    if not all(map(_is_number, column)) or any(0 < abs(v) < 1e-4 for v in numbers):
        return [word(v) for v in column]
    if places <= 3 and all(abs(v) < 10 for v in numbers):
        return [word(v) if v not in numbers else _number(v, places) for v in column]
    return [word(v) + _blank(places, decimals(v)) for v in column]


def word(value: Any) -> str:
    """Return what a table says for a label or a value."""
    if not _is_number(value):
        text = {"True": "yes", "False": "no"}.get(str(value), str(value))
        return WORDS.get(text, text.replace("_", " ") if text.isidentifier() else text)
    if math.isnan(value):
        return "–"
    return _number(value, decimals(value))


def _number(value, places):
    if math.isinf(value):
        return "never" if value > 0 else "−∞"
    if 0 < abs(value) < 1e-4:
        digits, _, power = f"{value:.2g}".partition("e")
        return f"{digits} × 10{str(int(power)).translate(SUPERSCRIPTS)}".replace("-", "−")
    return f"{value:.{places}f}".replace("-", "−")


def decimals(value: float) -> int:
    """Return how many decimals a number needs: at most three, or two digits if it is small."""
    if not math.isfinite(value) or value == 0:
        return 0
    most = max(3, 1 - math.floor(math.log10(abs(value))))
    return next((n for n in range(most) if math.isclose(round(value, n), value)), most)


def _is_number(value):
    """Whether a value is a number, or missing, which is NaN; truth values are words."""
    return isinstance(value, Real) and not isinstance(value, bool)


def _side(values):
    return "right" if all(map(_is_number, values)) else "left"


def _blank(places, own):
    return "\N{PUNCTUATION SPACE}" * (own == 0 < places) + "\N{FIGURE SPACE}" * (places - own)


def _cell(text, side, kind="td", **attributes):
    extra = "".join(f' {k}="{v}"' for k, v in attributes.items() if v != 1)
    in_one_line = len(text) <= SHORT and attributes.get("scope") != "col"
    lines = "white-space: nowrap; " if in_one_line else ""
    return f'<{kind} style="{lines}text-align: {side}"{extra}>{escape(text)}</{kind}>'
