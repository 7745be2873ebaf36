"""Plots: a band is where it says, an axis has the ticks it was given and no others."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from grokutils.show.plots import plain_ticks, quartiles


def test_a_band_runs_between_the_quartiles_of_each_group_and_the_line_through_medians():
    rows = pd.DataFrame({"epoch": [0] * 5 + [10] * 5, "value": [0, 1, 2, 3, 40, 5, 6, 7, 8, 90]})
    ax = Figure().subplots()
    quartiles(rows.groupby("epoch")["value"], ax, "red", "a name")
    (line,), (band,) = ax.lines, ax.collections
    assert line.get_xydata().tolist() == [[0, 2], [10, 7]]  # not the means, which one seed moves
    assert line.get_label() == "a name"
    corners = {tuple(corner) for corner in band.get_paths()[0].vertices.tolist()}
    assert corners == {(0, 1), (0, 3), (10, 6), (10, 8)}


def test_a_logarithmic_axis_shows_the_ticks_it_is_given_as_plain_numbers():
    ax = Figure().subplots()
    ax.plot([1, 1000], [0.01, 1])
    ax.set(xscale="log", yscale="log")
    plain_ticks(ax.xaxis, np.array([20, 500]))
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["20", "500"]
    assert len(ax.get_xticks(minor=True)) == 0
    assert len(ax.get_yticks(minor=True)) > 0
