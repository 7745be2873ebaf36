"""The data of a figure is what was drawn, under its names; what does not read back is refused."""

import io

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from grokutils.show.figure_data import as_csv, carry
from grokutils.show.panels import delay_map
from grokutils.show.plots import fields, quartiles


def read(figure):
    return pd.read_csv(io.StringIO(as_csv(figure)))


@pytest.fixture
def ax():
    ax = Figure().subplots()
    ax.set(xlabel="epoch", ylabel="loss")
    return ax


def test_curves_come_back_under_the_names_of_the_axes_and_the_legend(ax):
    ax.plot([0, 1, 2], [3, np.inf, np.nan], label="train")
    ax.plot([0, 1], [[5, 6], [7, 8]], label=["_seed 3", "_seed 4"])  # thin, not in the legend
    ax.plot([9], [9], "o")
    table = read(ax.figure)
    assert list(table) == ["mark", "label", "epoch", "loss"]
    assert as_csv(ax.figure).splitlines()[1:4] == [
        "curve,train,0,3",
        "curve,train,1,inf",
        "curve,train,2,nan",
    ]
    assert table["mark"].tolist() == ["curve"] * 7 + ["point"]
    assert table["label"].tolist()[3:] == ["seed 3", "seed 3", "seed 4", "seed 4", "1"]


def test_a_number_of_a_thousand_million_keeps_six_digits(ax):
    ax.plot([1_234_567_890], [0.123456789])
    assert read(ax.figure)[["epoch", "loss"]].values.tolist() == [[1_234_567_890, 0.123457]]


def test_one_point_is_a_point_with_its_colour(ax):
    points = ax.scatter([4], [2], c=[0.5])
    ax.figure.colorbar(points, label="overlap")
    table = read(ax.figure)
    assert table.to_dict("records") == [
        {"mark": "point", "label": 1, "epoch": 4, "loss": 2, "overlap": 0.5}
    ]


@pytest.mark.parametrize(("draw", "x", "y"), [("bar", "epoch", "loss"), ("barh", "loss", "epoch")])
def test_a_bar_knows_its_direction(ax, draw, x, y):
    getattr(ax, draw)([5], [9])
    ax.axvspan(1, 2)  # a shade behind it is no bar
    assert read(ax.figure)[[x, y]].values.tolist() == [[5, 9]]


def test_a_band_has_two_edges_and_its_gaps(ax):
    groups = pd.Series([0, 1, 2, 10, 20, 30]).groupby([0, 0, 0, 7, 7, 7])
    quartiles(groups, ax, "red", "a name")
    table = read(ax.figure)
    band = table[table["mark"] == "band"].dropna(axis=1)
    assert list(band) == ["mark", "label", "epoch", "loss, from", "loss, to"]
    assert band.iloc[:, 2:].values.tolist() == [[0, 0.5, 1.5], [7, 15, 25]]
    ax.clear()
    ax.fill_between([0, 1, 2, 3, 4], [1, 1, np.nan, 1, 1], [2, 3, np.nan, 5, 6])
    assert read(ax.figure)["y, to"].tolist() == [2, 3, 5, 6]


def test_a_line_across_the_panel_has_one_coordinate(ax):
    ax.axvline(120)
    ax.axhline(0.5)
    table = read(ax.figure)
    assert set(table["mark"]) == {"across"}  # a curve has both
    assert table["epoch"].dropna().tolist() == [120]
    assert table["loss"].dropna().tolist() == [0.5]


def test_panels_keep_their_names_apart():
    left, right = Figure().subplots(1, 2, sharex=True)
    left.plot([1], [2])
    left.set(ylabel="loss", xlabel="epoch")
    right.plot([1], [3])
    right.set_ylabel("accuracy")
    lines = as_csv(left.figure).splitlines()
    assert lines == ["panel,mark,label,epoch,loss,accuracy", "1,curve,1,1,2,", "2,curve,1,1,,3"]


def test_a_map_carries_its_values_and_not_its_colours():
    ratio = pd.DataFrame([[np.inf, 59.07], [np.nan, 3.84]], index=[0.0, 0.01], columns=[500, 1000])
    ratio = ratio.rename_axis(index="weight decay", columns="examples")
    ax = Figure().subplots()
    delay_map(ratio, ax)
    assert as_csv(ax.figure).splitlines() == [
        "weight decay,examples,delay / memorization epoch",
        "0,500,inf",
        "0,1000,59.07",
        "0.01,500,nan",
        "0.01,1000,3.84",
    ]


def test_fields_are_named_by_what_they_stand_at():
    left, right = Figure().subplots(1, 2)
    for seed, ax in enumerate((left, right)):
        table = pd.DataFrame([[1.5, -9.0]], index=[7], columns=["+-", "--"])
        fields(table, ax, ("neuron", "pattern"), "vote", at={"seed": seed}, vmin=-2, vmax=2)
        ax.axhline(0.5)  # a line between the fields is no data
    table = read(left.figure)
    assert list(table) == ["panel", "neuron", "pattern", "vote", "seed"]
    assert table.values.tolist()[1:3] == [[1, 7, "--", -9.0, 0], [2, 7, "+-", 1.5, 1]]


def test_what_is_carried_goes_before_what_is_drawn(ax):
    ax.plot([1], [1])
    carry(ax, pd.Series([5.0], name="loss", index=pd.Index([8], name="seed")))
    assert as_csv(ax.figure).splitlines() == ["seed,loss", "8,5"]


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: ax.imshow([[1.0, 2.0]]),
        lambda ax: ax.pcolormesh([[1.0, 2.0]]),
        lambda ax: ax.hist([1, 2], histtype="step"),
        lambda ax: ax.hlines([1], 0, 2),
        lambda ax: (ax.plot([1.1, 2.1], [3, 4]), ax.set_xticks([1, 2], ["own", "fresh"])),
        lambda ax: ax.bar(["own", "fresh"], [3, 4]),
        lambda ax: (ax.plot([1], [2]), ax.set(xlabel="share", ylabel="share")),
    ],
)
def test_what_does_not_read_back_is_refused(ax, draw):
    draw(ax)
    with pytest.raises(NotImplementedError, match="carry its data"):
        as_csv(ax.figure)
    carry(ax, pd.DataFrame({"seed": [1]}))
    assert as_csv(ax.figure) == "seed\n1\n"


def test_an_empty_figure_has_the_header_alone():
    assert read(Figure()).empty
