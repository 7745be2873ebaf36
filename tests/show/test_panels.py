"""Panels: what is drawn is what the rows say, censored runs and all."""

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from grokutils.parity.config import TrainConfig
from grokutils.parity.dissect import dissect_seed
from grokutils.parity.task import ParityTask
from grokutils.show.panels import delay_map, mark, picture, survival_curve
from grokutils.store.cache import single_threaded


@pytest.fixture
def ax():
    return Figure().subplots()


def test_a_curve_of_survival_starts_at_all_and_ends_at_those_that_are_left(ax):
    rows = pd.DataFrame({"generalization_epoch": [10, 30, np.nan, np.nan], "last_epoch": 100})
    survival_curve(rows, ax, 200, scale=2)
    (line,) = ax.lines
    assert line.get_xdata().tolist() == [0, 20, 60, 200]
    assert line.get_ydata().tolist() == [1, 0.75, 0.5, 0.5]
    assert line.get_drawstyle() == "steps-post"


def test_where_no_run_generalizes_the_curve_stays_at_all(ax):
    rows = pd.DataFrame({"generalization_epoch": [np.nan, np.nan], "last_epoch": 100})
    survival_curve(rows, ax, 100)
    assert ax.lines[0].get_ydata().tolist() == [1, 1]


def test_a_map_says_never_and_nothing_learned_apart(ax):
    ratio = pd.DataFrame([[np.inf, 0.3], [np.nan, 3.84]], index=[0.0, 0.01], columns=[500, 1000])
    delay_map(ratio, ax)
    written = {text.get_position(): text.get_text() for text in ax.texts}
    assert written == {(0.5, 0.5): "∞", (1.5, 0.5): "0.3", (0.5, 1.5): "–", (1.5, 1.5): "3.8"}
    assert [label.get_text() for label in ax.get_yticklabels()] == ["0", "0.01"]
    mark(ratio, ax, 0.01, 500)
    assert ax.patches[-1].get_xy() == (0, 1)


def test_a_picture_has_a_curve_for_each_seed_and_set():
    task = ParityTask(n_bits=12, k_relevant=2, n_train=90, n_test=60)
    config = TrainConfig(task=task, width=40, epochs=4)
    run = single_threaded(dissect_seed, config=config, seed=0).expand_dims(seed=[0])
    matplotlib.use("agg")
    axes = picture(run)
    names = [ax.get_ylabel() for ax in axes[:5]]
    assert names == ["accuracy", "loss", "effective sparsity", "mean norm", "faithfulness"]
    drawn = [len(ax.lines) for ax in axes[:5]]
    assert drawn == [4, 4, 2, 6, 6]  # the seed and the mean, for each split or set
    labels = [text.get_text() for text in axes[5].get_legend().get_texts()]
    assert labels == ["train", "test", "sparse", "complement", "control"]
