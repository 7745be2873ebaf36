"""Figures and tables of the rendered book: how they are found, counted and offered."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import figures
import nbformat
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
    path.write_text(json.dumps({"cells": [{"metadata": {}}, cell, bare]}), encoding="utf-8")
    assert figures.data_of(path) == {"fig-a": "x,y\n1,2\n"}


def test_a_captioned_figure_without_data_is_a_warning(tmp_path, caplog):
    executed = tmp_path / "jupyter_execute" / "page.ipynb"
    executed.parent.mkdir()
    executed.write_text('{"cells": []}', encoding="utf-8")
    context = {"body": ONE.format("a", "<figcaption>A</figcaption>")}
    app = SimpleNamespace(outdir=tmp_path / "html", builder=SimpleNamespace(format="html"))
    figures.add_downloads(app, "page", None, context, object())
    assert "fig-a has no data" in caplog.text


DRAW = """import matplotlib.pyplot as plt
fig, ax = plt.subplots()
ax.plot([1, 2])
plt.show()"""
CONF = """extensions = ["myst_nb", "figures"]
nb_execution_mode = "force"
nb_execution_raise_on_error = True
exclude_patterns = ["html"]
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "surroundings", "wanted"),
    [
        (DRAW, {}, 0),
        (DRAW, {"MPLBACKEND": "Agg"}, 2),
        ("x = 1", {}, 2),  # nothing at all
        ("1", {}, 2),  # words alone
    ],
)
def test_a_caption_over_nothing_ends_the_build(tmp_path, source, surroundings, wanted):
    cell = nbformat.v4.new_code_cell(source)
    cell.metadata["mystnb"] = {"figure": {"caption": "What is seen.", "name": "fig-a"}}
    title = nbformat.v4.new_markdown_cell("# Title")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    book = nbformat.v4.new_notebook(cells=[title, cell], metadata=kernel)
    nbformat.write(book, tmp_path / "index.ipynb")
    (tmp_path / "conf.py").write_text(CONF, encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if k != "MPLBACKEND"} | surroundings
    environment["PYTHONPATH"] = str(Path(figures.__file__).parent)
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", tmp_path, tmp_path / "html"],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == wanted, done.stderr
    said = "index.ipynb: the cell of fig-a shows no picture and no table"
    assert (said in done.stderr) == bool(wanted)


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
