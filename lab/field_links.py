"""Fields of a map that open a run in the lab: which run, and where they lie in the picture."""

from itertools import product
from typing import Any
from weakref import WeakKeyDictionary

import matplotlib as mpl
import pandas as pd
from IPython.core.formatters import BaseFormatter
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from traitlets import ObjectName, Unicode

from lab.address import RULES, address_of, can_train

KIND = "application/vnd.grokutils.fields+json"
_runs: WeakKeyDictionary[Axes, list[dict[str, Any]]] = WeakKeyDictionary()


class LinksFormatter(BaseFormatter):
    """Puts the links of a figure's fields beside its picture; the rendered book lays them on it."""

    format_type = Unicode(KIND)
    print_method = ObjectName("_repr_fields_")
    _return_type = dict


def opens(ax: Axes, drawn: pd.DataFrame, runs: pd.DataFrame) -> None:
    """Say that each field of a map opens the lab on one of its runs, that of its first seed.

    A field none of whose runs the lab can train opens nothing.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where `drawn` is an image.
    drawn : pandas.DataFrame (row, column)
        What is drawn; its axes have the names of two columns of `runs`.
    runs : pandas.DataFrame
        A run a row, with its `seed`, its `last_epoch` and what it changes of the paper's settings.
    """
    names = [str(drawn.index.name), str(drawn.columns.name)]
    told = runs.astype(object).where(runs.notna(), None).sort_values("seed", kind="stable")
    trained = [row for row in told.to_dict("records") if row["last_epoch"] and can_train(row)]
    first = {tuple(row[name] for name in names): row for row in reversed(trained)}
    _runs[ax] = [
        {"place": (x, y), "query": address_of(row), "label": _label(names, row)}
        for (y, of_row), (x, of_column) in product(enumerate(drawn.index), enumerate(drawn.columns))
        if (row := first.get((of_row, of_column)))
    ]


def field_links(figure: Figure) -> dict[str, list[dict]] | None:
    """Return the links of a figure's fields; None where no map of it opens runs.

    Returns
    -------
    dict
        `fields`, each with its `label`, the `query` of the lab's address and its `box`: left, top,
        width and height in hundredths of the picture, as `bbox_inches="tight"` cuts it out.
    """
    panels = [ax for ax in figure.axes if ax in _runs]
    if not panels:
        return None
    figure.draw_without_rendering()  # or the layout has not been made
    picture = figure.get_tightbbox().padded(mpl.rcParams["savefig.pad_inches"])
    found = []
    for ax in panels:
        for run in _runs[ax]:
            x, y = run["place"]
            corners = ax.transData.transform([(x - 0.5, y - 0.5), (x + 0.5, y + 0.5)])
            (left, right), (bottom, top) = map(sorted, corners.T / figure.dpi)
            box = [left - picture.x0, picture.y1 - top, right - left, top - bottom]
            sizes = [picture.width, picture.height] * 2
            shares = [round(float(100 * at / size), 3) for at, size in zip(box, sizes, strict=True)]
            found.append({"label": run["label"], "query": run["query"], "box": shares})
    return {"fields": found}


def _label(names, row):
    told = [f"{_word(name)} {row[name]:g}" for name in names]
    return f"{', '.join(told)}: watch seed {row['seed']:g} in the lab"


def _word(name):
    rule = RULES["fields"].get(name, {"label": name.replace("_", " ")})
    return rule["label"].lower()
