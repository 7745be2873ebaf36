"""Figures and tables of the rendered book: how they are found, counted and offered."""

import json
from types import SimpleNamespace

import figures
import pandas as pd
import pytest
from docutils import nodes
from docutils.utils import new_document
from rendered import SITE

ONE = '<figure class="a" id="fig-{0}"><img alt="a" src="../_images/{0}.png">{1}</figure>'
VIEW = '<script type="application/vnd.jupyter.widget-view+json">{}</script>'
PLAIN = '<figure id="tab-c"><table></table><figcaption>black</figcaption></figure>'


def test_each_figure_is_found_with_its_own_picture_and_caption():
    body = ONE.format("a", "<figcaption>A</figcaption>") + PLAIN
    body += ONE.format("b", "<figcaption>B</figcaption>")
    body += f'<figure id="fig-c">{VIEW}<figcaption>C</figcaption></figure>'
    found = {
        figure["name"]: figures.IMAGE.findall(figure["body"])
        for figure in figures.FIGURE.finditer(body)
    }
    assert found == {"fig-a": ["../_images/a.png"], "fig-b": ["../_images/b.png"], "fig-c": []}


def test_the_data_of_a_figure_is_that_of_its_cell(tmp_path):
    cell = {"metadata": {"mystnb": {"figure": {"name": "fig-a"}}}}
    cell["outputs"] = [{"text": "words"}, {"data": {"text/csv": ["x,y\n", "1,2\n"]}}]
    bare = {"metadata": {"mystnb": {"figure": {"name": "tab-b"}}}, "outputs": [{"data": {}}]}
    path = tmp_path / "chapter.ipynb"
    path.write_text(json.dumps({"cells": [{"metadata": {}}, cell, bare]}))
    assert figures.data_of(path) == {"fig-a": "x,y\n1,2\n"}


def test_a_captioned_figure_without_data_is_a_warning(tmp_path, caplog):
    executed = tmp_path / "jupyter_execute" / "page.ipynb"
    executed.parent.mkdir()
    executed.write_text('{"cells": []}', encoding="utf-8")
    context = {"body": ONE.format("a", "<figcaption>A</figcaption>")}
    app = SimpleNamespace(outdir=tmp_path / "html", builder=SimpleNamespace(format="html"))
    figures.add_downloads(app, "page", None, context, object())
    assert "fig-a has no data" in caplog.text


@pytest.mark.site
@pytest.mark.usefixtures("_built")
@pytest.mark.parametrize(
    "path", sorted((SITE / figures.FOLDER).glob("*.csv")), ids=lambda path: path.stem
)
def test_no_value_is_missing_from_the_data_of_a_figure_and_no_name(path):
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert len(table) > 0
    assert not {"x", "y", "0", "colour"} & set(table)  # a name that the axes do not have
    parts = [name for name in ("panel", "mark") if name in table]
    for part, rows in table.groupby(parts) if parts else [("all", table)]:
        blank = (rows == "").mean()
        assert set(blank) <= {0, 1}, (part, blank)  # what a panel has, it has in every row


def test_black_is_white_by_night_in_words_but_not_in_addresses():
    text = figures.BLACK.sub(figures.BY_NIGHT, '<a href="black">a black line, blackish</a>')
    assert text.startswith('<a href="black">a <span')
    assert text.count("white") == 1


def test_a_captioned_table_has_its_caption_first_and_keeps_its_name():
    document = new_document("page")
    figure = nodes.figure("", nodes.paragraph(), nodes.caption("", "what is seen"), names=["tab-a"])
    figure["ids"] = ["tab-a"]
    picture = nodes.figure("", nodes.image(), nodes.caption("", "a figure"), names=["fig-a"])
    document += [figure, picture]
    document.ids["tab-a"] = figure
    figures.CaptionTables(document).apply()
    table = document[0]
    assert isinstance(table, figures.captioned_table)
    assert isinstance(table[0], nodes.caption)
    assert table[1].astext() == "</figcaption>\n"  # the table itself is no part of its caption
    assert document.ids["tab-a"] is table
    assert document[1] is picture
