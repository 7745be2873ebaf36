"""Rows as CSV text, and back: every value as it was, to the digit and to the type.

Strings are quoted and numbers are not, so that "1" stays a string and "#1" is no comment.
"""

import csv
import io
import re
from typing import Any

import numpy as np
import pandas as pd

_NO_LINE = re.compile(r"[\x00-\x08\x0a-\x1f\ud800-\udfff]")


def kind(value: Any) -> str:
    """Return the type of column, "str", "bool" or "float", that holds a value.

    Raises
    ------
    ValueError
        If a CSV file cannot hold it faithfully.
    """
    if isinstance(value, str) and not _NO_LINE.search(value):
        return "str"
    if isinstance(value, bool | np.bool_):
        return "bool"
    whole = isinstance(value, int | np.integer)
    if isinstance(value, float | np.floating) or (whole and abs(value) <= 2**53):
        return "float"
    raise ValueError(f"{value!r} cannot be kept in a table: only numbers and strings of one line")


def kinds(row: dict[str, Any]) -> dict[str, str]:
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


def text(rows: list[dict], types: dict[str, str]) -> str:
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
            if found[name] != types[name]:
                raise ValueError(f"{name} = {row[name]!r}: the column is of {types[name]}")
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerows([np.asarray(value).item() for value in row.values()] for row in rows)
    return written.getvalue()


def parse(body: str, types: dict[str, str]) -> pd.DataFrame:
    """Return the rows of a CSV text, its first line the names of the columns."""
    if not body:
        return pd.DataFrame()
    strings = {name: str for name in types if types[name] == "str"}
    return pd.read_csv(
        io.StringIO(body),
        dtype=strings,
        keep_default_na=False,
        na_values={name: ["", "nan"] for name in types if name not in strings},
    )


def again(rows: list[dict]) -> pd.DataFrame:
    """Return rows, dicts, as a table that they are written to gives them back."""
    types = kinds(rows[0])
    return parse(",".join(types) + "\n" + text(rows, types), types)
