"""A field of a map in the rendered book opens its run in the lab: by mouse, finger and keyboard."""

import json
import re
from base64 import b64decode, b64encode
from hashlib import sha256
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import figures
import pandas as pd
import pytest
from IPython.core.pylabtools import print_figure
from matplotlib.figure import Figure

from grokutils.show.panels import delay_map
from lab.address import check_address
from lab.field_links import KIND, field_links

CSS = Path(__file__).parents[2] / "assets/book.css"
RUNS = pd.DataFrame(
    [
        {"n_train": size, "weight_decay": decay, "seed": seed, "last_epoch": 40}
        for size in (100, 150)
        for decay in (0.0, 0.01)
        for seed in (3, 2)
    ]
).assign(n_bits=12, k_relevant=2, width=60)
STROKE = "getComputedStyle(document.activeElement.querySelector('rect')).strokeWidth"
HTML = """<!doctype html><html lang="en"><meta charset="utf-8"><title>map</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>%s</style><a href="#">before</a>%s"""


@pytest.fixture(scope="module")
def drawn():
    """Return a map as a cell's output."""
    figure = Figure(figsize=(8, 3.6), dpi=150, layout="constrained")
    ratio = RUNS.groupby(["weight_decay", "n_train"])["seed"].mean().unstack()
    delay_map(ratio, figure.subplots(), RUNS)
    png = b64encode(print_figure(figure, "png", bbox_inches="tight", base64=False)).decode()
    return {"image/png": png, "text/csv": "a\n1\n", KIND: field_links(figure)}


@pytest.fixture
def body(drawn, tmp_path):
    """Return the body of a page with the map, as the book has it."""
    cell = {"metadata": {"mystnb": {"figure": {"name": "fig-map"}}}, "outputs": [{"data": drawn}]}
    (tmp_path / "jupyter_execute").mkdir()
    executed = tmp_path / "jupyter_execute/page.ipynb"
    executed.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    png = b64decode(drawn["image/png"])
    (tmp_path / f"{sha256(png).hexdigest()}.png").write_bytes(png)
    image = f'<img alt="a map" src="./{sha256(png).hexdigest()}.png"/>'
    shown = f'<figure id="fig-map">{image}<figcaption>what it is</figcaption></figure>'
    context = {"body": shown, "pathto": lambda to, **_: f"{to.rpartition('/')[2]}.html"}
    app = SimpleNamespace(outdir=tmp_path / "html", builder=SimpleNamespace(format="html"))
    figures.add_downloads(app, "page", None, context, object())
    return context["body"]


def test_each_field_is_a_link_that_the_lab_understands(body):
    links = re.findall(r'<a href="lab\.html\?([^"]+)" aria-label="[^"]+, [^"]+">', body)
    assert len(links) == 4
    for query in map(unescape, links):
        check_address(query)
        assert {"seed=2", "epochs=40", "n_bits=12", "width=60"} < set(query.split("&"))
    assert "Each field opens its first seed in the lab. Download: " in body
    assert "style=" not in body  # which a strict content policy forbids
    assert "<script" not in body


def test_a_field_opens_its_run_by_finger_and_by_keyboard(page, show, body, tmp_path):
    lab = page.url
    (tmp_path / "map.html").write_text(
        HTML % (CSS.read_text(encoding="utf-8"), body), encoding="utf-8"
    )
    address = (tmp_path / "map.html").as_uri()
    page.set_viewport_size({"width": 390, "height": 844})
    for way in ("finger", "keyboard"):
        page.goto(address)
        image, fields = page.locator("img").bounding_box(), page.locator(".fields a")
        for field in fields.all():
            box = field.locator("rect").bounding_box()
            assert image["x"] < box["x"] < box["x"] + box["width"] < image["x"] + image["width"]
            assert image["y"] < box["y"] < box["y"] + box["height"] < image["y"] + image["height"]
        if way == "finger":
            fields.nth(3).tap()
        else:
            page.get_by_text("before").focus()
            for _ in range(4):
                page.keyboard.press("Tab")
            assert page.evaluate(STROKE) == "4px"
            page.keyboard.press("Enter")
        page.wait_for_url(f"{lab}?*")
        reader = show()
        asked = {"n_train": 150, "weight_decay": 0.01, "seed": 2, "n_bits": 12, "epochs": 40}
        for name, value in asked.items():
            assert reader.locator(f"[name={name}]").input_value() == str(value)
