"""Plots: a band is where it says, an axis has the ticks it was given and no others."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from grokutils.show.plots import COLOURS, fields, plain_ticks, quartiles

ROOT = Path(__file__).parents[2]
HEX = r"#[0-9a-f]{6}\b"


def colours(file, rule):
    """Find what a rule captures of a file, in small letters: a name and its colour."""
    return re.findall(rule, (ROOT / file).read_text(encoding="utf-8").lower())


def test_the_lab_draws_in_the_books_colours():
    rule = rf'(\w+): "({HEX})"'
    of_lab = dict(colours("lab/page/line_charts.js", rule))
    assert set(of_lab) >= {"train", "test", "sparse", "complement", "control"}
    assert of_lab == {name: COLOURS[name].lower() for name in of_lab}
    keys = colours("lab/page/lab.css", rf"gl-(?:key|tiles)[^{{]*{{[^}}]*({HEX})")
    assert len(keys) > 5
    weights = dict(colours("lab/page/weight_chart.js", rule))  # negative and positive
    assert set(keys) <= {colour.lower() for colour in COLOURS.values()} | set(weights.values())


@pytest.mark.parametrize("file", ["assets/reading.css", "course/build/slides.css"])
def test_a_verdict_has_one_colour_in_the_pages_and_on_the_slides(file):
    grades = dict(colours(file, rf"\.(yes|partly|no|against) {{\s*[\w-]+: ({HEX})"))
    expected = {"yes": "sparse", "partly": "others", "no": "test"}
    expected = {grade: COLOURS[name].lower() for grade, name in expected.items()}
    assert grades == expected | {"against": "#882255"}  # darker than any, for no curve


def test_a_plot_needs_neither_torch_nor_widgets():
    code = "import sys, grokutils.show.panels; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert not {"torch", "ipywidgets", "numba"} & set(loaded.stdout.split())


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


def test_what_is_written_in_a_map_can_be_read_on_its_colour():
    table = pd.DataFrame([[0.0, 1.0], [np.inf, np.nan]], index=[0.5, 2], columns=[10, 20])
    ax = Figure().subplots()
    words = pd.DataFrame([["a", "b"], ["c", "d"]])
    fields(table, ax, ("lr", "width"), "share", words=words, cmap="gray")
    inks = [(text.get_text(), text.get_color()) for text in ax.texts]
    assert inks == [("a", "white"), ("b", "black"), ("c", "black"), ("d", "black")]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["0.5", "2"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("width", "lr")
