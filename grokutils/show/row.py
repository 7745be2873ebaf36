"""Check a number of this book: a stored race, trained again in the reader's browser."""

import anywidget
import pandas as pd
import traitlets

from grokutils.check import check_choice
from lab import sources
from lab.address import can_train, changes_of

EVENTS = ("memorization_epoch", "generalization_epoch")


class Row(anywidget.AnyWidget):
    """Let the reader recompute a row of a table, see `recompute`."""

    _esm = sources.page_source("row")
    _css = sources.style()
    settings = traitlets.List(traitlets.Dict()).tag(sync=True)


def recompute(table: pd.DataFrame) -> Row:
    """Offer the rows of a table of races to be trained in the page, beside what is stored.

    Parameters
    ----------
    table : pandas.DataFrame
        A race a row: `seed`, fields of `TrainConfig` and `ParityTask` where they are not the
        paper's, `memorization_epoch`, `generalization_epoch` and `last_epoch`. Rows of another
        loss, optimizer or precision than the page has, or beyond its bounds, and rows of runs
        that diverged are left out.

    Raises
    ------
    ValueError
        If a column is missing, or no row is left.
    """
    for name in ("seed", "last_epoch", *EVENTS):
        check_choice("column", name, list(table))
    settings: dict[tuple, dict] = {}
    for row in table.astype(object).where(table.notna(), None).to_dict("records"):
        if row["last_epoch"] is None or not can_train(row):
            continue
        changes = changes_of(row)
        seed = changes.pop("seed")
        of_setting = settings.setdefault(tuple(changes.items()), {"changes": changes, "runs": []})
        epochs = [row[name] for name in (*EVENTS, "last_epoch")]
        of_setting["runs"].append([seed, *(None if at is None else int(at) for at in epochs)])
    if not settings:
        raise ValueError("table: the page can train none of its rows")
    return Row(settings=list(settings.values()))
