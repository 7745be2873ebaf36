"""Panels: what is drawn is what the rows say, censored runs and all."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from grokutils.show.panels import delay_map, mark, survival_curve


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
    assert written == {(0, 0): "∞", (1, 0): "0.3", (0, 1): "–", (1, 1): "3.8"}
    assert [label.get_text() for label in ax.get_yticklabels()] == ["0", "0.01"]
    mark(ratio, ax, 0.01, 500)
    assert ax.patches[-1].get_xy() == (-0.5, 0.5)
