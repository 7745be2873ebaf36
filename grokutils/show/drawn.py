"""The numbers behind a figure, read back from what was drawn."""

import numpy as np
import pandas as pd

COLUMNS = ["panel", "mark", "label", "x", "y", "value"]
CSV = {"float_format": "%.6g"}  # six digits a number


def drawn(figure) -> pd.DataFrame:
    """Return every curve, point, bar and field of a matplotlib figure, a row each point.

    Columns are `panel` (from 1), `mark` (curve, point, bar, field, area), `label` (as in the
    legend, or a number), `x`, `y` and, of a field of a map, `value`. Of a bar, `x` is its middle
    and `y` its height; the outline of a band is an area.
    """
    rows = []
    for panel, ax in enumerate(figure.axes, start=1):
        if ax.get_label() == "<colorbar>":
            continue
        for mark, artists in _artists(ax).items():
            for place, artist in enumerate(artists, start=1):
                label = str(artist.get_label())
                label = str(place) if label.startswith("_") or not label else label
                points = READ[mark](artist)
                rows.append(pd.DataFrame(points).assign(panel=panel, mark=mark, label=label))
    filled = [table.dropna(axis=1, how="all") for table in rows if len(table)]
    return pd.concat(filled, ignore_index=True).reindex(columns=COLUMNS) if filled else _empty()


def as_csv(figure) -> str:
    """Return `drawn` as text."""
    return drawn(figure).to_csv(index=False, **CSV)


def _empty():
    return pd.DataFrame(columns=COLUMNS)


def _artists(ax):
    """Return the artists of an axes by the mark that they make."""
    scattered = [c for c in ax.collections if len(c.get_offsets()) > 1]
    maps = [*ax.images, *(c for c in ax.collections if hasattr(c, "get_coordinates"))]
    areas = [c for c in ax.collections if c not in scattered and c not in maps]
    bars = [patch for patch in ax.patches if hasattr(patch, "get_height")]
    return {"curve": ax.lines, "point": scattered, "bar": bars, "field": maps, "area": areas}


def _curve(line):
    x, y = np.broadcast_arrays(*(np.atleast_1d(line.get_xdata()), np.atleast_1d(line.get_ydata())))
    return {"x": x, "y": y}


def _point(collection):
    x, y = np.ma.filled(collection.get_offsets(), np.nan).T
    values = collection.get_array()
    return {"x": x, "y": y} | ({} if values is None else {"value": np.asarray(values)})


def _bar(patch):
    return {"x": [patch.get_x() + patch.get_width() / 2], "y": [patch.get_height()]}


def _field(image):
    values = np.ma.filled(np.ma.asarray(image.get_array(), dtype=float), np.nan)
    values = values.reshape(values.shape[0], -1)
    y, x = np.indices(values.shape)
    return {"x": x.ravel(), "y": y.ravel(), "value": values.ravel()}


def _area(collection):
    outline = [path.vertices for path in collection.get_paths()]
    x, y = np.concatenate(outline).T if outline else ([], [])
    return {"x": x, "y": y}


READ = {"curve": _curve, "point": _point, "bar": _bar, "field": _field, "area": _area}
