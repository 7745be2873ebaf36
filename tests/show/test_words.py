"""Words: a sentence takes from the code what a reader is to read, and nothing of Python's."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from grokutils.show import words
from grokutils.store.paths import DATA
from grokutils.store.table import read


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("partly", "partly"),
        (np.float64(0.25), "0.25"),
        (np.int64(7), "7"),
        (pd.Series([3, 4]).max(), "4"),
        (xr.DataArray(2.5), "2.5"),
        (5, "5"),
        (np.inf, "inf"),
    ],
)
def test_a_sentence_shows_values_as_they_are_read(monkeypatch, value, text):
    kept = {}
    monkeypatch.setattr(words, "glue", lambda name, value, display: kept.update({name: value}))
    words.say(found=value)
    assert repr(kept["found"]) == text


def test_stored_tables_are_listed_with_their_rows_and_commands():
    found = words.stored("switches", "pictures")
    assert found.index.tolist() == ["switches", "pictures"]
    assert found.loc["switches", "rows"] == len(read(DATA / "switches.csv"))
    assert found.loc["pictures", "by"].endswith(" pictures")
    assert found["made on"].str.fullmatch(r"\d{4}-\d\d-\d\d").all()
