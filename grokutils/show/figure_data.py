"""The data of a figure: what its drawing says, or what reads back truly from what was drawn."""

import re
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from IPython.core.formatters import BaseFormatter
from matplotlib.axes import Axes
from matplotlib.category import StrCategoryFormatter
from matplotlib.collections import FillBetweenPolyCollection, PathCollection
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from traitlets import ObjectName, Unicode

NO_LABEL = re.compile(r"(_(child|container)\d+|_nolegend_)?")
_carried: WeakKeyDictionary[Axes, pd.DataFrame] = WeakKeyDictionary()


class CsvFormatter(BaseFormatter):
    """Puts the data of a figure beside its picture; the rendered book offers both."""

    format_type = Unicode("text/csv")
    print_method = ObjectName("_repr_csv_")


def carry(ax: Axes, table: pd.DataFrame | pd.Series, **at: object) -> None:
    """Say that a table is the data of an axes: its columns, its named index, and what it is `at`.

    `at` are columns of one value, such as ``seed=3``.
    """
    frame = pd.DataFrame(table)
    _carried[ax] = frame.reset_index(drop=frame.index.names == [None]).assign(**at)


def figure_data(figure: Figure) -> pd.DataFrame:
    """Return the data of all panels as text; blank is what a panel or a mark does not have.

    Columns of panels that carry none are `mark` (curve, point, bar, band, across), `label` (of the
    legend, or a number) and those that the axes are labelled with. A band has two for its edges;
    what goes across the panel has one coordinate.

    Raises
    ------
    NotImplementedError
        Naming what does not read back, such as a map, whose axes must `carry` its data.
    """
    panels = [ax for ax in figure.axes if ax.get_label() != "<colorbar>"]
    tables = {
        ax.get_title() or place: table
        for place, ax in enumerate(panels, start=1)
        if len(table := _carried[ax].map(_text) if ax in _carried else _read(ax))
    }
    if len(tables) < 2:
        return next(iter(tables.values()), pd.DataFrame(columns=["mark", "label"]))
    return pd.concat(tables, names=["panel"]).reset_index("panel")


def as_csv(figure: Figure) -> str:
    """Return `figure_data` as CSV: six digits a number, `inf` for infinity, `nan` for a gap."""
    return figure_data(figure).to_csv(index=False)


def _text(value):
    return f"{value:.6g}" if isinstance(value, float | np.floating) else str(value)


def _read(ax):
    names = {"x": _name(ax, "x"), "y": _name(ax, "y")}
    if names["x"] == names["y"]:
        _refuse("a pair of axes with one name")
    names |= {end: f"{names['y']}, {end}" for end in ("from", "to")}
    rows, unlabelled = [pd.DataFrame()], 0
    for mark, artist, points in _marks(ax):
        label = str(artist.get_label()).removeprefix("_")
        if NO_LABEL.fullmatch(artist.get_label()):
            label = unlabelled = unlabelled + 1
        columns = {names.get(name, name): values for name, values in points.items()}
        rows.append(pd.DataFrame({"mark": mark, "label": label, **columns}).map(_text))
    if len(rows) > 1 and not _numbered(ax):
        _refuse("an axis with words for numbers")
    return pd.concat(rows)


def _marks(ax):
    """Yield mark, artist and coordinates of all that stands where its data say."""
    for line in ax.lines:
        found = _curve(ax, line)
        mark = "point" if line.get_linestyle() == "None" else "curve"
        yield mark if len(found) == 2 else "across", line, found
    bars = [container for container in ax.containers if isinstance(container, BarContainer)]
    for container in bars:
        middle, value = np.array([bar.get_center() for bar in container]).T, container.datavalues
        upright = container.orientation == "vertical"
        columns = {"x": middle[0], "y": value} if upright else {"x": value, "y": middle[1]}
        yield "bar", container, columns
    for collection in ax.collections:
        kind = type(collection)
        if kind is PathCollection:
            yield "point", collection, _points(collection)
        elif kind is FillBetweenPolyCollection and collection.t_direction == "x":
            yield "band", collection, _band(collection)
        else:
            _refuse(kind.__name__)
    in_bars = {bar for container in bars for bar in container}
    loose = [patch for patch in ax.patches if patch.get_data_transform() == ax.transData]
    for artist in {*ax.images, *loose} - in_bars:
        _refuse(type(artist).__name__)


def _curve(ax, line):
    x, y = map(np.atleast_1d, line.get_data())
    if line.get_transform() == ax.transData:
        return {"x": x, "y": y}
    # Of a line across the panel one coordinate is a place in the panel, and no data.
    axis = "x" if line.get_transform() == ax.get_xaxis_transform() else "y"
    values = {"x": x, "y": y}[axis]
    return {axis: values if len({*values}) > 1 else values[:1]}


def _points(collection):
    x, y = np.ma.filled(collection.get_offsets(), np.nan).T
    values, scale = collection.get_array(), collection.colorbar
    if values is None:
        return {"x": x, "y": y}
    name = scale.ax.get_ylabel() if scale else "colour"
    return {"x": x, "y": y, name: np.ma.filled(values, np.nan)}


def _band(collection):
    edges = []
    for path in collection.get_paths():  # there along one edge, and back along the other
        n = (len(path.vertices) - 3) // 2
        (x, low), (_, high) = path.vertices[1 : n + 1].T, path.vertices[-2 : -n - 2 : -1].T
        edges.append([x, low, high])
    return dict(zip(("x", "from", "to"), np.concatenate(edges, axis=1), strict=True))


def _name(ax, axis):
    """Return the label of an axis, which panels that share it or the figure may bear."""
    panels = getattr(ax, f"get_shared_{axis}_axes")().get_siblings(ax)
    labels = [getattr(panel, f"get_{axis}label")() for panel in (ax, *panels)]
    return next(filter(None, [*labels, getattr(ax.figure, f"get_sup{axis}label")(), axis]))


def _numbered(ax):
    """Whether ticks that were given words have those of the numbers that they stand at."""
    for axis in (ax.xaxis, ax.yaxis):
        formatter, places = axis.get_major_formatter(), axis.get_majorticklocs()
        if isinstance(formatter, FuncFormatter | StrCategoryFormatter):
            try:
                words = np.array(formatter.format_ticks(places), float)
            except ValueError:
                return False
            if not np.allclose(words, places, rtol=1e-3):
                return False
    return True


def _refuse(what):
    raise NotImplementedError(f"{what} does not read back: carry its data (show.figure_data)")
