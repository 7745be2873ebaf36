"""Figures: labelled data in, axes out; one colour for each thing in the whole book."""

import matplotlib.pyplot as plt
import seaborn as sns

from grokutils.show.displays import use_displays

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
    """Set the book's figure style, and how a notebook shows tables (see `show.displays`)."""
    use_displays()
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


def epoch_axis(ax, last) -> None:
    """Make the epoch axis logarithmic, with epoch 0 at its left end."""
    ax.set_xscale("symlog", linthresh=1, linscale=0.3)
    ax.set_xlim(0, last)
    ticks = [t for t in (0, 1, 10, 100, 1000, 10_000) if t <= last]
    ax.set_xticks(ticks, [str(t) for t in ticks])
    ax.set_xlabel("epoch")


def seed_curves(curves, kind, ax, label=None) -> None:
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
    colour = COLOURS[kind]
    ax.fill_between(epoch, mean - deviation, mean + deviation, color=colour, alpha=0.2, lw=0)
    ax.plot(epoch, curves.transpose("epoch", "seed"), color=colour, lw=0.5, alpha=0.5)
    ax.plot(epoch, mean, color=colour, ls=DASHES[kind], lw=2, label=label or kind)
    epoch_axis(ax, float(epoch[-1]))


def quartiles(groups, ax, colour, label, alpha=0.2) -> None:
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
    ax.fill_between(places, low, high, alpha=alpha, color=colour)
    ax.plot(places, middle, color=colour, label=label)


def plain_ticks(axis, ticks) -> None:
    """Label a logarithmic axis at these ticks alone, as plain numbers."""
    axis.set_ticks(ticks, [f"{tick:g}" for tick in ticks])
    axis.set_ticks([], minor=True)


def learning_curves(history, quantity, ax) -> None:
    """Draw `loss` or `accuracy` of both splits over the epochs (Fig. 2 of the paper)."""
    for split in history["split"].values:
        seed_curves(history[quantity].sel(split=split), split, ax)
    ax.set_ylabel(quantity)
    ax.legend()


def side_by_side(n_panels=2, **options) -> plt.Axes:
    """Return the axes of a row of panels: an array of them, or one alone."""
    return plt.subplots(1, n_panels, **options)[1]
