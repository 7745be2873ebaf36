"""Fields of a map that open a run: the first seed that the lab trains, where the field is drawn."""

import io

import numpy as np
import pandas as pd
import pytest
from IPython.core.pylabtools import print_figure
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from PIL import Image

from grokutils.show.panels import delay_map, mark
from grokutils.show.plots import fields
from lab.address import check_address
from lab.field_links import field_links

COLOURS = [(200, 0, 0), (0, 200, 0), (0, 0, 200), (200, 200, 0), (0, 200, 200), (200, 0, 200)]
DRAWN = pd.DataFrame(
    np.arange(6).reshape(2, 3),
    index=pd.Index([0.001, 0.01], name="weight_decay"),
    columns=pd.Index([500, 1000, 2000], name="n_train"),
)


def runs_of(drawn, seeds=(4, 3, 5)):
    """Return runs of all fields, the least seed not the first."""
    rows = [
        {"weight_decay": decay, "n_train": size, "seed": seed, "last_epoch": 100.0 + seed}
        for seed in seeds
        for decay in drawn.index
        for size in drawn.columns
    ]
    return pd.DataFrame(rows).assign(loss="hinge", steps=9600)


def shown(drawn=DRAWN, runs=None, **look):
    figure = Figure(figsize=(8, 3.6), dpi=150, layout="constrained")
    ax = figure.subplots()
    look |= {"cmap": ListedColormap(np.array(COLOURS) / 255), "aspect": "auto"}
    image = fields(drawn, ax, ("a", "b"), "value", runs=runs, **look)
    figure.colorbar(image)
    ax.set(xlabel="training samples", ylabel="weight decay")
    return figure


@pytest.mark.parametrize("origin", ["upper", "lower"])
def test_a_link_lies_on_its_field(origin):
    figure = shown(runs=runs_of(DRAWN), origin=origin)
    found = field_links(figure)["fields"]
    png = print_figure(figure, "png", bbox_inches="tight")
    with Image.open(io.BytesIO(png)) as image:
        pixels = np.asarray(image.convert("RGB"))
    assert len(found) == DRAWN.size
    for field, colour in zip(found, COLOURS, strict=True):
        left, top, width, height = field["box"]
        for across, down in [(0.5, 0.5), (0.03, 0.03), (0.97, 0.97), (0.03, 0.97), (0.97, 0.03)]:
            x = (left + across * width) / 100 * pixels.shape[1]
            y = (top + down * height) / 100 * pixels.shape[0]
            assert tuple(pixels[int(y), int(x)]) == colour


def test_a_field_opens_its_first_seed_that_the_lab_trains():
    runs = runs_of(DRAWN)
    at = (runs["weight_decay"] == 0.01) & (runs["n_train"] == 500)
    runs.loc[at & (runs["seed"] == 3), "loss"] = "logistic"
    runs.loc[(runs["weight_decay"] == 0.001) & (runs["n_train"] == 500), "last_epoch"] = np.nan
    runs = runs[~((runs["weight_decay"] == 0.001) & (runs["n_train"] == 2000))]
    found = [field["query"] for field in field_links(shown(runs=runs))["fields"]]
    assert [set(query.split("&")) for query in found] == [
        {"weight_decay=0.001", "seed=3", "epochs=103"},
        {"n_train=500", "seed=4", "epochs=104"},
        {"seed=3", "epochs=103"},
        {"n_train=2000", "seed=3", "epochs=103"},
    ]
    for query in found:
        check_address(query)


def test_a_label_says_which_run_it_is_and_a_map_without_runs_has_no_links():
    (*_, last) = field_links(shown(runs=runs_of(DRAWN)))["fields"]
    assert last["label"] == ("weight decay 0.01, training samples 2000: watch seed 3 in the lab")
    assert field_links(shown()) is None
    assert field_links(Figure()) is None


def test_a_map_of_delays_opens_its_runs_whatever_it_is_filled_with():
    ratio = DRAWN.astype(float)
    ratio.iloc[0, 0], ratio.iloc[1, 1] = np.inf, np.nan
    ax = Figure(layout="constrained").subplots()
    delay_map(ratio, ax, runs_of(DRAWN))
    mark(ratio, ax, row=0.01, column=1000)
    assert len(field_links(ax.figure)["fields"]) == ratio.size
