"""The arguments of a run: found again as they were, or refused."""

import math

import numpy as np
import pandas as pd
import pytest
from sweeps import xs


def test_a_row_is_found_again_whatever_its_arguments(call):
    pairs = [{"rate": rate, "kind": kind} for rate in (1, 0.1 + 0.2, 1e-7) for kind in "ab"]
    rows, computed = call("pair", pairs)
    assert len(computed) == 6
    again, computed = call("pair", pairs)
    assert computed == []
    pd.testing.assert_frame_equal(again, rows, check_exact=True)
    assert rows[["rate", "kind"]].to_dict("records") == pairs


@pytest.mark.parametrize(
    "values",
    [
        [
            "1",
            "1.0",
            "NA",
            "None",
            "",
            "nan",
            "#1",
            "#",
            "True",
            ' a "b", c;\t',
            "Größe λ ≤ 1 – 数",
        ],
        ["Größe", "a"],
        [1, 2.5, 0.1 + 0.2, 1e-7, -3, 2**53],
        [math.nan, math.inf, 1.0],
        [True, False],
    ],
)
def test_an_argument_of_any_kind_is_found_again_as_it_was(call, values):
    rows, computed = call("echo", xs(*values))
    assert len(computed) == len(values)
    again, computed = call("echo", xs(*values))
    assert computed == []
    pd.testing.assert_frame_equal(again, rows, check_exact=True)
    for column in ("x", "y"):
        assert list(map(repr, rows[column].astype(object))) == list(
            map(repr, pd.Series(values).astype(object))
        )
    assert len(pd.read_csv(call.table, comment="#")) == len(values)


def test_numbers_that_are_equal_are_the_same_argument(call):
    call("echo", xs(1, 2))
    assert call("echo", xs(1.0, np.int64(2), np.float64(1)))[1] == []


@pytest.mark.parametrize("value", ["two\nlines", "\r", None, 2**53 + 1, [1], "\ud800", {}])
def test_an_argument_that_a_table_cannot_hold_is_refused(call, value):
    with pytest.raises(ValueError, match=r"x = .* cannot be kept in a table"):
        call("echo", xs(value))
    assert not call.table.exists()


def test_arguments_of_two_types_are_refused(call):
    with pytest.raises(ValueError, match=r"calls: \{'x': '1'\} has not the types of the first"):
        call("echo", xs(1, "1"))
    call("echo", xs(1))
    with pytest.raises(ValueError, match="does not fit the columns of"):
        call("echo", xs("1"))
