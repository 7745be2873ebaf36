"""Check a number of this book: a stored race, trained again in the reader's browser."""

import anywidget
import pandas as pd
import traitlets

import lab
from grokutils.check import check_choice
from lab.address import RULES, paper

EVENTS = {"memorization": "memorization_epoch", "generalization": "generalization_epoch"}


class Row(anywidget.AnyWidget):
    """Let the reader recompute a row of a table, see `recompute`."""

    _esm = lab.page_source("row")
    _css = lab.style()
    rows = traitlets.List(traitlets.Dict()).tag(sync=True)


def recompute(table: pd.DataFrame) -> Row:
    """Offer the rows of a table of races to be trained in the page, beside what is stored.

    Parameters
    ----------
    table : pandas.DataFrame
        A race a row: `seed`, fields of `TrainConfig` and `ParityTask` where they are not the
        paper's, `memorization_epoch`, `generalization_epoch` and `last_epoch`. Rows of another
        loss, optimizer or precision than the page has, or beyond its bounds, are left out.

    Raises
    ------
    ValueError
        If a column is missing, or no row is left.
    """
    for name in ("seed", "last_epoch", *EVENTS.values()):
        check_choice("column", name, list(table))
    stored = [_known(row) for row in table.to_dict("records")]
    rows = [_told(row) for row in stored if _can_train(row)]
    if not rows:
        raise ValueError("table: the page can train none of its rows")
    return Row(rows=rows)


def _known(row):
    """Return the fields that a row has; of others, and of events, there is none."""
    return {name: value for name, value in row.items() if not pd.isna(value)}


def _can_train(row):
    fixed = all(row.get(name, value) == value for name, value in RULES["fixed"].items())
    return fixed and all(
        row[name] <= rule["most"] for name, rule in RULES["fields"].items() if name in row
    )


def _told(row):
    usual = paper() | {"seed": None, "epochs": None}
    changes = {name: row[name] for name in usual if name in row and row[name] != usual[name]}
    return {
        "changes": {name: _number(value) for name, value in changes.items() if name != "epochs"},
        **{name: int(row[at]) if at in row else None for name, at in EVENTS.items()},
        "last": int(row["last_epoch"]),
    }


def _number(value):
    return int(value) if float(value).is_integer() else float(value)
