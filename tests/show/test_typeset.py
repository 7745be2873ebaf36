"""Tables: every number is still there, in words and places that a reader expects."""

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from grokutils.show.tables import LONG, texts, typeset, word


def grid(table):
    """Text of the cells of a typeset table, head and body, row by row."""
    soup = BeautifulSoup(typeset(table), "html.parser")
    return [[cell.text for cell in row.find_all(["td", "th"])] for row in soup.find_all("tr")]


def test_counts_are_whole_and_what_never_comes_says_so():
    table = pd.DataFrame({"delay": [91.0, np.inf], "generalized": [20.0, np.nan]}, index=["a", "b"])
    assert grid(table)[1:] == [["a", "91", "20"], ["b", "never", "–"]]


def test_an_integer_column_with_a_gap_keeps_the_gap():
    assert grid(pd.Series([1, None], dtype="Int64"))[1:] == [["1"], ["–"]]


def test_shares_have_equally_many_decimals():
    assert texts([0.5, 0.25, 1.0, np.inf]) == ["0.50", "0.25", "1.00", "never"]


def test_one_small_number_does_not_lengthen_the_others():
    column = texts([-0.986, 2.0, 0.00025])
    assert [text.strip() for text in column] == ["−0.986", "2", "0.00025"]


def test_only_short_cells_take_one_line():
    soup = BeautifulSoup(
        typeset(pd.DataFrame({"said": ["9 of 14", "a longer text"]})), "html.parser"
    )
    assert ["nowrap" in cell["style"] for cell in soup.select("td")] == [True, False]


def test_points_stand_below_one_another():
    column = texts([7.0, 12.5, 1000.25])
    assert [text.strip() for text in column] == ["7", "12.5", "1000.25"]
    # What stands right of the point, or in its place, is equally long.
    assert (
        len({len(text) - len(str(int(v))) for text, v in zip(column, (7, 12, 1000), strict=True)})
        == 1
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1e-17, "1 × 10⁻¹⁷"),
        (-0.25, "−0.25"),
        (0.00123, "0.0012"),
        (1 / 3, "0.333"),
        (42_001.0, "42001"),
        (True, "yes"),
        (np.bool_(False), "no"),
        (np.int64(3), "3"),
        ("memorization_epoch", "memorization (epoch)"),
        ("share_near_zero", "share near zero"),
        ("a_file.csv", "a_file.csv"),
    ],
)
def test_a_value_in_words(value, text):
    assert word(value) == text


def test_no_large_number_loses_a_digit():
    values = [123456.0, 9999.0, 0.5]
    assert [float(text.strip()) for text in texts(values)] == values


def test_names_stand_over_their_columns():
    index = pd.MultiIndex.from_product([["u", "v"], [1, 2]], names=["kind", "seed"])
    rows = grid(pd.DataFrame({"n": range(4)}, index=index))
    assert rows[0] == ["kind", "seed", "n"]
    assert rows[1:3] == [["u", "1", "0"], ["2", "1"]]  # one cell for both rows of u
    spread = pd.DataFrame(
        [[1, 2]], index=pd.Index([3], name="k"), columns=pd.Index([4, 5], name="w")
    )
    assert grid(spread) == [["", "w"], ["k", "4", "5"], ["3", "1", "2"]]


def test_numbers_and_their_headers_are_at_the_right():
    soup = BeautifulSoup(typeset(pd.DataFrame({"n": [1], "who": ["x"]})), "html.parser")
    sides = [cell["style"].split()[-1] for cell in soup.find_all(["td", "th"])]
    assert sides == ["right", "left", "right", "left"]


def test_what_looks_like_html_is_text():
    assert "<b>" not in typeset(pd.DataFrame({"<b>": ["<b>"]}))


def test_a_long_table_says_what_is_left_out():
    assert f"The first 10 of {LONG + 1} rows." in typeset(pd.Series(range(LONG + 1)))
    assert "rows." not in typeset(pd.Series(range(LONG)))
