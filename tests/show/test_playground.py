"""The reader's own experiments: work runs beside the kernel, stops and may fail; maps count."""

import math
import re
import threading
from dataclasses import replace
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from matplotlib.figure import Figure

from grokutils.parity.config import TrainConfig
from grokutils.parity.task import ParityTask
from grokutils.show import playground
from grokutils.show.playground import Playground, race_seed, sweep

CHAPTERS = sorted((Path(__file__).parents[2] / "chapters").glob("[0-9]*.ipynb"))
SMALL = TrainConfig(task=ParityTask(n_bits=8, k_relevant=2, n_train=60), width=15, epochs=12)


def count(low, high):
    if low > high:
        raise ValueError(f"high = {high}: must be at least <{low}>")
    for number in range(low, high + 1):
        table = pd.DataFrame({"train": range(low, number + 1)}).rename_axis("step")
        yield (number - low + 1) / (high - low + 1), table


def finish(shown):
    shown.manual_button.click()
    shown.thread.join(60)
    return shown.results


def test_a_run_ends_with_its_results_drawn_and_described():
    shown = Playground(count, action="Count", low=1, high=3)
    shown.fields["high"].value = 7
    assert shown.thread is None  # nothing runs but by the button
    assert finish(shown)["train"].tolist() == [*range(1, 8)]
    assert shown.bar.value == 1
    assert "Done. step 6: train 7." in shown.status.value
    assert 'alt="step 6: train 7." src="data:image/webp' in shown.plot.value
    assert shown.stop.disabled


def test_what_is_wrong_is_said_below_the_fields_until_it_is_mended():
    shown = Playground(count, low=1, high=0)
    finish(shown)
    assert "⚠ high = 0: must be at least &lt;1&gt;" in shown.status.value
    assert 'role="alert"' in shown.status.value
    shown.fields["high"].value = 2
    finish(shown)
    assert "Done." in shown.status.value


def test_a_text_and_a_choice_start_nothing_when_they_are_left():
    shown = Playground(
        lambda **given: iter([(1, given)]), numbers="1, 2", loss=("hinge", "squared")
    )
    shown.fields["numbers"].value = "3"
    shown.fields["loss"].value = "squared"
    assert shown.thread is None
    assert finish(shown) == {"numbers": "3", "loss": "squared"}


def test_the_plot_grows_and_stop_stops(monkeypatch):
    monkeypatch.setattr(playground, "REDRAW", 0)
    go, drawn = threading.Semaphore(0), []

    def work(last):
        for share, table in count(0, last):
            go.acquire(timeout=60)
            yield share, table

    shown = Playground(work, last=1000)
    shown.plot.observe(lambda change: drawn.append(change.new), "value")
    shown.manual_button.click()
    assert not shown.stop.disabled
    go.release(5)
    while len(drawn) < 5:
        assert shown.thread.is_alive()
    assert len(set(drawn)) == 5  # a new picture each time
    shown.stop.click()
    go.release()
    shown.thread.join(60)
    assert "Stopped. step 5" in shown.status.value
    assert shown.stop.disabled


def test_a_second_click_stops_the_first_run_and_never_runs_beside_it():
    go, begun, steps = threading.Event(), [], []

    def work(seed):
        begun.append(threading.current_thread())
        for share in (0, 1):
            go.wait(60)
            steps.append(seed)
            yield share, pd.DataFrame({"seed": [seed]}).rename_axis("n")

    shown = Playground(work, seed=0)
    shown.manual_button.click()
    first = shown.thread
    shown.fields["seed"].value = 1
    shown.manual_button.click()
    go.set()
    shown.thread.join(60)
    assert begun == [first, shown.thread]
    assert steps == [0, 1, 1]
    assert "Done. n 0: seed 1." in shown.status.value


def outcome(config, seed):
    """Happen at epoch n_train + seed, but never without weight decay."""
    return {"delay": config.task.n_train + seed if config.weight_decay else math.nan}


def form(**options):
    return sweep("delay", outcome, config=SMALL, n_train=[50, 60], weight_decay=[0, 0.1], **options)


def test_a_sweep_runs_every_pair_with_every_seed():
    shown = form()
    shown.fields["n_train"].value = "100, 200,300"
    shown.fields["seeds"].value = 2
    rows = finish(shown).set_index(["n_train", "weight_decay", "seed"])["delay"].sort_index()
    assert len(rows) == 12
    assert rows.loc[200, 0.1].tolist() == [200, 201]
    assert rows.xs(0, level="weight_decay").isna().all()
    assert "12 runs: delay by n_train and weight_decay." in shown.status.value


def test_the_map_fills_in_and_counts_the_seeds_in_which_it_happened():
    shown, texts = form(), []
    steps = shown.work(n_train="50, 60", weight_decay="0, 0.1", seeds=3)
    for _ in range(6):  # of 12: the first seed's four pairs, and two of the second's
        _, rows = next(steps)
        figure = Figure()
        shown.draw(rows, figure)
        texts.append([text.get_text() for text in figure.axes[0].texts])
    assert texts[0] == ["0 of 1"]
    assert texts[3] == ["0 of 1", "50\n1 of 1", "0 of 1", "60\n1 of 1"]
    assert texts[5] == ["0 of 2", "50.5\n2 of 2", "0 of 1", "60\n1 of 1"]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("n_train", ""),
        ("n_train", "100, many"),
        ("n_train", "100, 100"),
        ("weight_decay", "0.1, -1"),
        ("seeds", 0),
    ],
)
def test_wrong_values_of_a_sweep_are_told_before_any_run(field, text):
    shown = form()
    shown.fields[field].value = text
    assert finish(shown) is None
    assert f"⚠ {field} = " in shown.status.value


def test_a_diverging_run_is_told():
    shown = sweep("last_epoch", config=replace(SMALL, lr=1e200), width=[15], epochs=[12])
    finish(shown)
    assert "⚠ training diverged" in shown.status.value


def test_a_race_of_the_form_is_that_of_the_book():
    assert race_seed(SMALL, 0)["last_epoch"] == 12


def test_it_begins_by_saying_that_it_needs_a_kernel():
    assert "needs a running kernel" in form().children[0].value


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_chapter_has_a_cell_that_a_kernel_brings_to_life(chapter):
    cells = nbformat.read(chapter, as_version=4).cells
    assert any(re.search(r"^(Playground|sweep)\(", cell.source, re.MULTILINE) for cell in cells)
