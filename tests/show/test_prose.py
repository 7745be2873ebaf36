"""Words: a sentence takes from the code what a reader is to read, and nothing of Python's."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from grokutils.show import prose


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
    monkeypatch.setattr(prose, "glue", lambda name, value, display: kept.update({name: value}))
    prose.say(found=value)
    assert repr(kept["found"]) == text


def test_a_function_is_shown_as_it_is_written():
    shown = prose.source(prose.say)
    assert shown.data.startswith("def say(**values: object)")
    assert "highlight" in shown._repr_html_()  # coloured as Python
