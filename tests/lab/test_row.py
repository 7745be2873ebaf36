"""A stored row made again in the page: equal where it is the run, and told where it is not."""

import json
import math

import pandas as pd
import pytest
from test_dot import PAGE

import lab
from experiments.tables.delays import measure
from grokutils.show.row import recompute

CHANGES = {"n_bits": 12, "k_relevant": 2, "n_train": 150, "width": 60}


def made(seed, steps=600, **more):
    """Return a row of a table of races, as it would be stored."""
    return CHANGES | more | {"seed": seed} | measure(seed, steps, **CHANGES, **more)


@pytest.fixture(scope="module")
def rows():
    return pd.DataFrame([made(5), made(6), made(5, steps=15)])


def test_rows_that_the_page_cannot_train_are_left_out(rows):
    widget = recompute(pd.concat([rows, rows.assign(loss="logistic"), rows.assign(n_bits=161)]))
    assert len(widget.rows) == len(rows)
    told = widget.rows[0]
    assert told["changes"] == CHANGES | {"seed": 5}
    assert told["generalization"] == rows["generalization_epoch"][0]
    assert math.isnan(rows["generalization_epoch"][2])
    assert widget.rows[2]["generalization"] is None
    with pytest.raises(ValueError, match="none of its rows"):
        recompute(rows.assign(optimizer="adamw"))
    with pytest.raises(ValueError, match="last_epoch"):
        recompute(rows.drop(columns="last_epoch"))


def test_a_row_is_made_again_and_a_wrong_one_is_told(chromium, tmp_path, rows):
    wrong = rows.iloc[[1]].assign(generalization_epoch=rows["generalization_epoch"][1] + 1)
    state = {"rows": recompute(pd.concat([rows, wrong])).rows}
    source = json.dumps(lab.page_source("row")).replace("</", "<\\/")
    text = PAGE % {"css": lab.style(), "source": source, "state": json.dumps(state)}
    (tmp_path / "row.html").write_text(text, encoding="utf-8")
    tab, faults = chromium.new_page(viewport={"width": 390, "height": 844}), []
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.goto((tmp_path / "row.html").as_uri())
    for place, said in enumerate(["Equal to the last digit"] * 3 + ["Not equal."]):
        tab.get_by_label("A stored run").select_option(str(place))
        tab.get_by_role("button", name="Recompute it").click()
        tab.locator(".gl-status", has_text=said).wait_for(timeout=60_000)
        assert tab.locator("tbody tr").count() == 2
    tab.get_by_label("A stored run").select_option("2")
    tab.get_by_role("button", name="One at random").click()
    tab.locator(".gl-status", has_text="qual").wait_for(timeout=60_000)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    assert not faults
    tab.close()
