"""The data of a figure is what was drawn."""

import io

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from grokutils.show.drawn import as_csv, drawn


def test_curves_points_bars_and_fields_come_back():
    left, right = Figure().subplots(1, 2)
    left.plot([0, 1, 2], [3, 4, 5], label="train")
    left.scatter([1, 2], [7, 8])
    left.bar([5], [9])
    image = right.imshow(np.arange(6).reshape(2, 3))
    left.figure.colorbar(image)
    table = drawn(left.figure)
    curve = table[table["label"] == "train"]
    assert curve[["x", "y"]].values.tolist() == [[0, 3], [1, 4], [2, 5]]
    assert table[table["mark"] == "point"]["y"].tolist() == [7, 8]
    assert table[table["mark"] == "bar"][["x", "y"]].values.tolist() == [[5, 9]]
    field = table[table["panel"] == 2]
    assert field["value"].tolist() == [0, 1, 2, 3, 4, 5]
    assert field["x"].tolist() == [0, 1, 2, 0, 1, 2]
    assert set(table["panel"]) == {1, 2}  # the colour bar shows no data of its own


def test_a_band_is_an_area_and_not_data_points():
    ax = Figure().subplots()
    ax.fill_between([0, 1], [0, 0], [1, 2])
    assert set(drawn(ax.figure)["mark"]) == {"area"}


def test_an_empty_figure_has_the_header_alone():
    assert pd.read_csv(io.StringIO(as_csv(Figure()))).empty
