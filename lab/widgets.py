"""Two smaller widgets of the page: a dot of the reader's own, and a stored run made again.

Either trains in the reader's browser, by the lab's engine.
"""

import anywidget
import pandas as pd
import traitlets

from grokutils.check import check_choice
from lab import sources
from lab.address import RULES, can_train, changes_of

PLACE = ["n_bits", "n_train", "k_relevant"]
EVENTS = ("memorization_epoch", "generalization_epoch")


class Dot(anywidget.AnyWidget):
    """Ask for a run and a prediction, train the run, and put it on the picture, see `dot`."""

    _esm = sources.page_source("dot")
    _css = sources.style()
    points = traitlets.List(traitlets.Dict()).tag(sync=True)
    line = traitlets.Dict().tag(sync=True)
    horizons = traitlets.Dict().tag(sync=True)


class Row(anywidget.AnyWidget):
    """Let the reader recompute a row of a table, see `recompute`."""

    _esm = sources.page_source("row")
    _css = sources.style()
    settings = traitlets.List(traitlets.Dict()).tag(sync=True)


def dot(points: pd.DataFrame, line: dict[str, float], horizons: dict[int, float]) -> Dot:
    """Show waits over N / n^p, and let the reader add a run to them; display it as an output.

    Parameters
    ----------
    points : pandas.DataFrame
        A row a setting: `n_bits`, `n_train`, `k_relevant` and `delay_ticks`, the median from
        memorization to generalization in ticks, infinite where it has not come within
        `later_than` ticks.
    line : dict
        `constant`, `n_train`, `n_bits` and `power` of the line of 3 bits,
        ln delay = constant + n_train ln N + n_bits ln n, which is a line over N / n^power.
    horizons : dict
        For how many ticks a run is followed, by the numbers of relevant bits to choose from.

    Raises
    ------
    ValueError
        If a column or a part of the line is missing, or a horizon is for a number of bits that
        the page does not train.
    """
    for name in (*PLACE, "delay_ticks"):
        check_choice("column", name, list(points))
    for name in ("constant", "n_train", "n_bits", "power"):
        check_choice("part", name, list(line))
    bits = RULES["dot"]["k_relevant"]
    for k_relevant in horizons:
        check_choice("k_relevant", k_relevant, range(bits["least"], bits["most"] + 1))
    rows = points.reindex(columns=[*PLACE, "delay_ticks", "later_than"]).to_dict("records")
    return Dot(
        points=[{name: _told(value) for name, value in row.items()} for row in rows],
        line={name: float(line[name]) for name in ("constant", "n_train", "n_bits", "power")},
        horizons={str(k): float(ticks) for k, ticks in horizons.items()},
    )


def _told(value):
    """Return a number as JSON has it, None for one that is infinite or missing."""
    return None if pd.isna(value) or value == float("inf") else float(value)


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
