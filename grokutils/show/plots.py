"""Figures: labelled data in, axes out; one colour for each thing in the whole book."""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr
from IPython import get_ipython
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import FigureBase
from matplotlib.image import AxesImage
from pandas.core.groupby import SeriesGroupBy

from grokutils.show.figure_data import CsvFormatter, as_csv, carry
from grokutils.show.tables import typeset
from lab.field_links import LinksFormatter, field_links, opens

# Okabe and Ito's colours, told apart with every common colour blindness.
COLOURS = {
    "train": "#0072B2",
    "test": "#D55E00",
    "sparse": "#009E73",
    "complement": "#CC79A7",
    "control": "#7F7F7F",
    "full": "#222222",
    # The test pairs of an operator in two: those whose swapped pair is trained on, all others.
    "swapped": "#56B4E9",
    "others": "#E69F00",
}
# A second mark beside colour, for print in grey.
DASHES = {
    "train": "--",
    "test": "-",
    "sparse": "-",
    "complement": "--",
    "control": ":",
    "full": "-",
}


def use_style() -> None:
    """Set the book's figure style; a notebook typesets tables and keeps the data of figures."""
    if shell := get_ipython():
        display = shell.display_formatter
        for kind in (pd.DataFrame, pd.Series):
            display.formatters["text/html"].for_type(kind, typeset)
        csv = display.formatters["text/csv"] = CsvFormatter(parent=display)
        csv.for_type(FigureBase, as_csv)  # what is set for Figure is lost when a backend starts
        links = LinksFormatter(parent=display)
        display.formatters[links.format_type] = links
        links.for_type(FigureBase, field_links)
        display.active_types = list(display.formatters)
    import seaborn as sns  # brings ipywidgets and scipy, which no plot needs

    sns.set_theme(
        context="notebook",
        style="ticks",
        rc={
            "figure.figsize": (8, 3.4),
            "figure.dpi": 150,
            "figure.constrained_layout.use": True,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "legend.frameon": False,
            "savefig.facecolor": "white",
            # Seaborn's white edges would hide arrows and eat into narrow bars.
            "patch.edgecolor": "black",
            "patch.force_edgecolor": False,
        },
    )


def epoch_axis(ax: Axes, last: float) -> None:
    """Make the epoch axis logarithmic, with epoch 0 at its left end."""
    ax.set_xscale("symlog", linthresh=1, linscale=0.3)
    ax.set_xlim(0, last)
    ticks = [t for t in (0, 1, 10, 100, 1000, 10_000) if t <= last]
    ax.set_xticks(ticks, [str(t) for t in ticks])
    ax.set_xlabel("epoch")


def seed_curves(curves: xr.DataArray, kind: str, ax: Axes, label: str | None = None) -> None:
    """Draw the mean over seeds, a band of one standard deviation, and every seed by itself.

    Parameters
    ----------
    curves : xarray.DataArray (seed, epoch)
    kind : str
        A key of `COLOURS`.
    ax : matplotlib.axes.Axes
    label : str, optional
        For the legend; `kind` by default.
    """
    epoch, mean, deviation = curves["epoch"], curves.mean("seed"), curves.std("seed")
    colour, label = COLOURS[kind], label or kind
    band = ax.fill_between(epoch, mean - deviation, mean + deviation, color=colour, alpha=0.2, lw=0)
    band.set_label(f"_{label}, mean ± standard deviation")
    seeds = [f"_{label}, seed {seed}" for seed in curves["seed"].values]
    thin = curves.transpose("epoch", "seed")
    ax.plot(epoch, thin, color=colour, lw=0.5, alpha=0.5, label=seeds)
    ax.plot(epoch, mean, color=colour, ls=DASHES[kind], lw=2, label=label)
    epoch_axis(ax, float(epoch[-1]))


def quartiles(groups: SeriesGroupBy, ax: Axes, colour: str, label: str, alpha: float = 0.2) -> None:
    """Draw the median of each group, and a band from its first quartile to its third.

    Parameters
    ----------
    groups : pandas.core.groupby.SeriesGroupBy
        Such as the values of all seeds by epoch.
    ax : matplotlib.axes.Axes
    colour, label : str
    alpha : float
        How opaque the band is.
    """
    low, middle, high = groups.quantile([0.25, 0.5, 0.75]).unstack().to_numpy().T
    places = list(groups.groups)
    band = f"_{label}, quartiles"
    ax.fill_between(places, low, high, alpha=alpha, color=colour, label=band)
    ax.plot(places, middle, color=colour, label=label)


def fields(
    table: Any,
    ax: Axes,
    names: tuple[str, str],
    value: str,
    *,
    words: pd.DataFrame | None = None,
    at: dict | None = None,
    runs: pd.DataFrame | None = None,
    **look: Any,
) -> AxesImage:
    """Draw a table as a map, a field a value, that of infinity or of none empty; `ax` carries it.

    Parameters
    ----------
    table : pandas.DataFrame or array (row, column)
        Rows and columns of an array are counted from 1.
    ax : matplotlib.axes.Axes
    names : tuple of str
        What the rows and the columns are.
    value : str
        What is in a field.
    words : pandas.DataFrame, optional
        What is written in the fields; rows and columns then have ticks.
    at : dict, optional
        Columns of one value in the data, such as a seed.
    runs : pandas.DataFrame, optional
        The runs that a field stands for, by the table's own names of its axes: in the rendered
        book a field opens the lab on one of them, see `lab.field_links.opens`.
    **look
        For ``ax.imshow``.
    """
    frame = pd.DataFrame(table)
    if not isinstance(table, pd.DataFrame):
        frame.index, frame.columns = (range(1, 1 + n) for n in frame.shape)
    if runs is not None:
        opens(ax, frame, runs)
    frame = frame.rename_axis(index=names[0], columns=names[1])
    carry(ax, frame.stack().rename(value), **at or {})
    image = ax.imshow(frame.replace(np.inf, np.nan), **look)
    if words is not None:
        for axis, labels in ((ax.yaxis, frame.index), (ax.xaxis, frame.columns)):
            axis.set_ticks(range(len(labels)), [f"{label:g}" for label in labels])
            axis.set_label_text(labels.name)
        colours = image.to_rgba(np.ma.array(image.get_array()))
        for row, column in np.ndindex(frame.shape):
            *rgb, alpha = colours[row, column]
            ink = "black" if alpha * (1 - np.dot(rgb, (0.3, 0.6, 0.1))) < 0.5 else "white"
            text = words.iloc[row, column]
            ax.text(column, row, text, ha="center", va="center", color=ink)
    return image


def plain_ticks(axis: Axis, ticks: Sequence[float]) -> None:
    """Label a logarithmic axis at these ticks alone, as plain numbers."""
    axis.set_ticks(ticks, [f"{tick:g}" for tick in ticks])
    axis.set_ticks([], minor=True)


def side_by_side(n_panels: int = 2, **options: Any) -> np.ndarray | Axes:
    """Return the axes of a row of panels: an array of them, or one alone."""
    return plt.subplots(1, n_panels, **options)[1]
