"""Panels of many runs: curves of survival, a map of delays."""

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm

from grokutils.show.plots import COLOURS, fields
from grokutils.stats import survival

DELAYS = LogNorm(0.05, 50, clip=True)  # colours of delays over memorization epochs


def survival_curve(
    rows: pd.DataFrame, ax: Axes, horizon: float, *, scale: float = 1, **look: Any
) -> None:
    """Draw the share of runs that have not generalized yet, as steps.

    Parameters
    ----------
    rows : pandas.DataFrame
        A row for each run with `generalization_epoch` and `last_epoch`, see `experiments.outcomes`.
    ax : matplotlib.axes.Axes
    horizon : float
        Where the curve ends, in units of the axis.
    scale : float or array (run,)
        Units of the axis in an epoch.
    **look
        For ``ax.step``.
    """
    times, left = survival(rows["generalization_epoch"] * scale, rows["last_epoch"] * scale)
    shares = [1.0, *left.astype(float)]
    ax.step([0, *times, horizon], [*shares, shares[-1]], where="post", **look)
    ax.set(xlim=(0, horizon), ylim=(-0.03, 1.03))


def delay_map(ratio: pd.DataFrame, ax: Axes, runs: pd.DataFrame | None = None) -> None:
    """Draw a map of delays over memorization epochs, each field with its number.

    Parameters
    ----------
    ratio : pandas.DataFrame
        Infinite (∞) where half of a field's runs or more never generalize, NaN (–) where they do
        not even memorize.
    ax : matplotlib.axes.Axes
    runs : pandas.DataFrame, optional
        Those of the map, one of which a field opens, see `fields`.
    """
    words = ratio.map("{:.1f}".format).replace({"inf": "∞", "nan": "–"})
    names, name = (ratio.index.name, ratio.columns.name), "delay / memorization epoch"
    image = fields(
        ratio,
        ax,
        names,
        name,
        words=words,
        runs=runs,
        cmap="cividis",
        norm=DELAYS,
        aspect="auto",
        origin="lower",
    )
    ax.figure.colorbar(image, label=name)


def mark(ratio: pd.DataFrame, ax: Axes, row: float, column: float) -> None:
    """Put a frame around one field of a map, by its row's and its column's value."""
    place = list(ratio.columns).index(column) - 0.5, list(ratio.index).index(row) - 0.5
    ax.add_patch(plt.Rectangle(place, 1, 1, fill=False, lw=2.5, ec=COLOURS["test"]))
