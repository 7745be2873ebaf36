"""A stored row made again in the page: equal where it is the run, and told where it is not."""

import json

import pandas as pd
import pytest
from test_dot import PAGE

from experiments import recompute
from experiments.tables.delays import measure
from lab import sources
from lab.widgets import recompute as offered

CHANGES = {"n_bits": 12, "k_relevant": 2, "n_train": 150, "width": 60}


def made(seed, steps=600, **more):
    """Return a row of a table of races, as it would be stored."""
    return CHANGES | more | {"seed": seed} | measure(seed, steps, **CHANGES, **more)


@pytest.fixture(scope="module")
def rows():
    return pd.DataFrame([made(5), made(6), made(5, steps=15), made(5, lr=0.2)])


def test_rows_are_offered_by_setting_and_seed(rows):
    widget = offered(rows)
    assert [setting["changes"] for setting in widget.settings] == [CHANGES, CHANGES | {"lr": 0.2}]
    (seed, memorized, generalized, last), other, censored = widget.settings[0]["runs"]
    assert [seed, other[0], censored[0]] == [5, 6, 5]
    events = rows.loc[0, ["memorization_epoch", "generalization_epoch", "last_epoch"]]
    assert [memorized, generalized, last] == events.tolist()
    assert censored[1:3] == [None, None]
    json.dumps(widget.settings)


def test_rows_that_the_page_cannot_train_are_left_out(rows):
    others = [rows.assign(loss="logistic"), rows.assign(n_bits=161), rows.assign(last_epoch=None)]
    assert offered(pd.concat([rows, *others])).settings == offered(rows).settings
    with pytest.raises(ValueError, match="none of its rows"):
        offered(rows.assign(optimizer="adamw"))
    with pytest.raises(ValueError, match="last_epoch"):
        offered(rows.drop(columns="last_epoch"))


WAIT = """const found = [];
for (const settings of given) {
  found.push(await new Promise((end) => {
    const waiter = new Waiter({ settings: { ...PAPER, ...settings } }, (told) => {
      if (!told.done) return;
      waiter.turns.port.port1.close(); // else Node would wait for another message
      end(told.events);
    });
  }));
}
tell(found);"""


@pytest.mark.parametrize("name", recompute.TABLES)
def test_what_is_offered_of_a_stored_table_is_the_run(node, name):
    runs = [
        (dict(setting["changes"]) | {"seed": seed, "epochs": last}, [memorized, generalized])
        for setting in recompute.recompute(name).settings
        for seed, memorized, generalized, last in setting["runs"]
    ]
    usual = {"n_train": 1000, "n_bits": 40, "width": 1000}

    def cost(run):
        settings = usual | run[0]
        return settings["epochs"] * settings["n_train"] * settings["n_bits"] * settings["width"]

    runs.sort(key=cost)
    waited = [run for run in runs if None not in run[1] and run[1][0] < run[1][1]]
    some = [runs[0], waited[0], *[run for run in runs if None in run[1]][:1]]
    found = node("worker/waiter shared/given", WAIT, [settings for settings, _ in some])
    for (settings, epochs), events in zip(some, found, strict=True):
        assert [events["memorization"], events["generalization"]] == epochs, settings


def test_a_table_of_other_runs_is_refused(monkeypatch):
    with pytest.raises(ValueError, match="tickets"):
        recompute.races("tickets")
    monkeypatch.setitem(recompute.TABLES, "tickets", ({}, {"mask": "dense"}))
    with pytest.raises(ValueError, match="argument"):
        recompute.races("tickets")
    assert set(recompute.races("widths")["start"]) == {"dense"}


@pytest.fixture
def opened(chromium, tmp_path):
    """Open a page with rows from a disk, on a phone, and see that nothing fails."""
    tabs, faults = [], []

    def at(table):
        state = {"settings": offered(table).settings}
        source = json.dumps(sources.page_source("row")).replace("</", "<\\/")
        text = PAGE % {"css": sources.style(), "source": source, "state": json.dumps(state)}
        (tmp_path / "row.html").write_text(text, encoding="utf-8")
        tabs.append(chromium.new_page(viewport={"width": 390, "height": 844}))
        tabs[-1].on("pageerror", lambda error: faults.append(str(error)))
        tabs[-1].goto((tmp_path / "row.html").as_uri())
        return tabs[-1]

    yield at
    for tab in tabs:
        tab.close()
    assert not faults


def test_a_row_is_made_again_and_a_wrong_one_is_told(opened, rows):
    wrong = rows.iloc[[1]].assign(generalization_epoch=rows["generalization_epoch"][1] + 1)
    tab = opened(pd.concat([rows, wrong]))
    setting, run = tab.get_by_label("A stored setting"), tab.get_by_label("Its seed")
    assert setting.locator("option").all_inner_texts() == [
        "the paper’s settings",
        "Learning rate: 0.2",
    ]
    assert run.locator("option").all_inner_texts() == ["5", "6", "5", "6"]
    watch = tab.get_by_role("link", name="Watch this run in the lab")
    for place, said in enumerate(["Equal to the last digit"] * 3 + ["Not equal."]):
        run.select_option(str(place))
        assert not watch.is_visible()
        tab.get_by_role("button", name="Recompute it").click()
        tab.locator(".gl-status", has_text=said).wait_for(timeout=60_000)
        assert tab.locator("tbody tr").count() == 2
    setting.select_option("1")
    assert run.locator("option").all_inner_texts() == ["5"]
    tab.get_by_role("button", name="Recompute it").click()
    tab.locator(".gl-status", has_text="Equal").wait_for(timeout=60_000)
    query = watch.get_attribute("href").removeprefix("lab.html?")
    last = int(rows["last_epoch"][3])
    assert set(query.split("&")) == {
        *(f"{name}={value}" for name, value in CHANGES.items()),
        *("lr=0.2", "seed=5", f"epochs={last}"),
    }
    tab.get_by_role("button", name="One at random").click()
    tab.locator(".gl-status", has_text="qual").wait_for(timeout=60_000)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
