"""Stored tables: what a chapter says of them, and what it makes anew, is what is on disk."""

import pytest

from experiments import stored
from experiments.sweeps.table import read
from experiments.tables import delays
from grokutils.store.paths import DATA


def test_stored_tables_are_listed_with_their_rows_and_commands():
    found = stored.origins("switches", "pictures")
    assert found.index.tolist() == ["switches", "pictures"]
    assert found.loc["switches", "rows"] == len(read(DATA / "switches.csv"))
    assert found.loc["pictures", "by"].endswith(" pictures")
    assert found.loc["pictures", "made on"] == "2026-11-24 and 2026-11-29"  # a draw each
    assert stored.origins("margins").loc["margins", "made on"] == "2026-11-29"


def test_rows_made_anew_hold_their_arguments_in_the_order_of_the_grid():
    setting = delays.SETTING | {"width": [10, 20], "n_train": 100, "steps": 80, "seed": 0}
    now = stored.anew(delays.measure, **setting)
    assert now["width"].tolist() == [10, 20]  # a row each, in the order of the grid
    alone = stored.anew(delays.measure, **setting | {"width": 20})
    assert now.iloc[[1]].reset_index(drop=True).equals(alone)


@pytest.mark.slow
def test_a_row_made_anew_equals_its_stored_row():
    now = stored.anew(delays.measure, **delays.SETTING | {"seed": 0})
    assert len(now.merge(stored.table("delays"), on=list(now.columns))) == 1
