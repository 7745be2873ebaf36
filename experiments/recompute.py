"""Stored races that a reader's browser can make again, beside the table that they are rows of."""

import pandas as pd

from experiments import stored
from experiments.make import arguments
from grokutils.check import check_choice
from lab.address import RULES
from lab.widgets import Row
from lab.widgets import recompute as offered

# Of each table the setting that no column says, and the kind of run that the lab trains.
TABLES: dict[str, tuple[dict, dict]] = {
    "delays": ({}, {}),
    "scales": ({}, {}),
    "dials": ({}, {}),
    "concealment": ({"n_test": 1000}, {}),
    "noise": ({}, {}),
    "capacities": ({}, {}),
    "widths": ({}, {"start": "dense"}),
}
HORIZON = "steps"  # the row says itself when its race ended


def races(name: str) -> pd.DataFrame:
    """Return the rows of one of `TABLES`, of both draws, by the names that the lab has.

    Raises
    ------
    ValueError
        If the table has an argument that is no setting of the lab: its rows would be other runs.
    """
    check_choice("table", name, TABLES)
    also, kind = TABLES[name]
    for argument in set(arguments(name)) - {HORIZON} - kind.keys():
        check_choice("argument", argument, (*RULES["fields"], *RULES["fixed"]))
    rows = stored.table(name)
    for column, value in kind.items():
        rows = rows[rows[column] == value]
    return rows.assign(**also)


def recompute(name: str) -> Row:
    """Let the reader train a row of one of `TABLES` in the page, beside what is stored."""
    return offered(races(name))
