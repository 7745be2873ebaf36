"""Panels of many runs: the paper's picture, curves of survival, a map of delays."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm

from grokutils.show.figure_data import carry
from grokutils.show.plots import COLOURS, seed_curves
from grokutils.stats import survival

DELAYS = LogNorm(0.05, 50)  # colours of delays over memorization epochs


def picture(run: xr.Dataset) -> np.ndarray:
    """Draw accuracy, loss, effective sparsity, mean norms and faithfulness on test inputs.

    Parameters
    ----------
    run : xarray.Dataset
        From `grokutils.seeds.dissect`.

    Returns
    -------
    numpy.ndarray of matplotlib.axes.Axes
        Six; the last holds the legend.
    """
    axes = plt.subplots(2, 3, figsize=(10, 5))[1].flatten()
    for split in ("train", "test"):
        seed_curves(run["accuracy"].sel(split=split), split, axes[0])
        seed_curves(run["loss"].sel(split=split), split, axes[1])
    seed_curves(run["effective_sparsity"].rename(sparsity_epoch="epoch"), "full", axes[2])
    for kind in run["subnetwork"].values:
        seed_curves(run["mean_norm"].sel(subnetwork=kind), kind, axes[3])
        faithful = run["faithfulness"].sel(split="test", subnetwork=kind)
        seed_curves(faithful, kind, axes[4])
    names = "accuracy", "loss", "effective sparsity", "mean norm", "faithfulness"
    for ax, name in zip(axes, names, strict=False):
        ax.set_ylabel(name)
    splits, kinds = (axes[place].get_legend_handles_labels() for place in (0, 3))
    axes[5].legend(splits[0] + kinds[0], splits[1] + kinds[1], loc="center")
    axes[5].axis("off")
    return axes


def survival_curve(
    rows: pd.DataFrame, ax: Axes, horizon: float, *, scale: float = 1, **look: object
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


def delay_map(ratio: pd.DataFrame, ax: Axes) -> None:
    """Draw a map of delays over memorization epochs, each field with its number.

    Parameters
    ----------
    ratio : pandas.DataFrame
        Infinite (∞) where half of a field's runs or more never generalize, NaN (–) where they do
        not even memorize.
    ax : matplotlib.axes.Axes
    """
    carry(ax, ratio.stack().rename("delay / memorization epoch"))
    colours = ratio.replace(np.inf, np.nan).clip(DELAYS.vmin, DELAYS.vmax)
    image = ax.pcolormesh(colours.values, cmap="cividis", norm=DELAYS, ec="white")
    for (row, column), value in np.ndenumerate(ratio.values):
        text = "–" if np.isnan(value) else "∞" if np.isinf(value) else f"{value:.1f}"
        light = not np.isfinite(value) or value > 1.5
        look = {"ha": "center", "va": "center", "color": "black" if light else "white"}
        ax.text(column + 0.5, row + 0.5, text, **look)
    ax.set_xticks(np.arange(len(ratio.columns)) + 0.5, ratio.columns)
    ax.set_yticks(np.arange(len(ratio)) + 0.5, [f"{value:g}" for value in ratio.index])
    ax.figure.colorbar(image, label="delay / memorization epoch")


def mark(ratio: pd.DataFrame, ax: Axes, row: float, column: float) -> None:
    """Put a frame around one field of a map, by its row's and its column's value."""
    place = list(ratio.columns).index(column), list(ratio.index).index(row)
    ax.add_patch(plt.Rectangle(place, 1, 1, fill=False, lw=2.5, ec=COLOURS["test"]))
