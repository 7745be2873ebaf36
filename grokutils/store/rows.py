"""Rows as CSV text, and back: every value as it was, to the digit and to the type.

Strings are quoted and numbers are not, so that "1" stays a string and "#1" is no comment.
"""

import csv
import io
import re

import numpy as np
import pandas as pd

_FIELD = re.compile(r'("(?:[^"]|"")*"|[^,]*)(?:,|$)')
_NO_LINE = re.compile(r"[\x00-\x08\x0a-\x1f\ud800-\udfff]")


def kind(value) -> type:
    """Return the type of column, str, bool or float, that holds a value.

    Raises
    ------
    ValueError
        If a CSV file cannot hold it faithfully.
    """
    if isinstance(value, str) and not _NO_LINE.search(value):
        return str
    if isinstance(value, bool | np.bool_):
        return bool
    whole = isinstance(value, int | np.integer)
    if isinstance(value, float | np.floating) or (whole and abs(value) <= 2**53):
        return float
    raise ValueError(f"{value!r} cannot be kept in a table: only numbers and strings of one line")


def kinds(row) -> dict:
    """Return the type of each column that holds a row, a dict; its names are identifiers."""
    found = {}
    for name, value in row.items():
        if not name.isidentifier():
            raise ValueError(f"{name!r} cannot be the name of a column")
        try:
            found[name] = kind(value)
        except ValueError as error:
            raise ValueError(f"{name} = {error}") from None
    return found


def text(rows, types) -> str:
    """Return rows, dicts, as the lines of a CSV file with columns of `types`.

    Raises
    ------
    ValueError
        If a row does not fit these columns.
    """
    for row in rows:
        found = kinds(row)
        if list(found) != list(types):
            raise ValueError(f"the columns {list(found)} are not the table's, {list(types)}")
        for name in found:
            if found[name] is not types[name]:
                raise ValueError(f"{name} = {row[name]!r}: the column is of {types[name].__name__}")
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerows([np.asarray(value).item() for value in row.values()] for row in rows)
    return written.getvalue()


def types_of(body) -> dict:
    """Return the type of each column of a CSV text, as its first row has it."""
    names, *first = [line for line in body.split("\n", 3) if line][:2] or [""]
    fields = _FIELD.findall(first[0]) if first else []
    return {name: _of_field(field) for name, field in zip(names.split(","), fields, strict=False)}


def parse(body) -> pd.DataFrame:
    """Return the rows of a CSV text, its first line the names of the columns."""
    types = types_of(body)
    if not types:
        return pd.DataFrame()
    strings = {name: str for name in types if types[name] is str}
    return pd.read_csv(
        io.StringIO(body),
        dtype=strings,
        keep_default_na=False,
        na_values={name: ["", "nan"] for name in types if name not in strings},
    )


def _of_field(field):
    if field in ("True", "False"):
        return bool
    try:
        float(field or "nan")
    except ValueError:  # quoted, or a word
        return str
    return float
