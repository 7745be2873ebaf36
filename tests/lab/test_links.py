"""Links into the lab, from the book's pages and slides: what they set up is what they say."""

import io
import json
import re
from pathlib import Path

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace
from test_settings import READ, SOURCE

from course.build import slides
from lab.address import check_address

ROOT = Path(__file__).parents[2]


def links():
    """Return (page, query) of every link into the lab, as it is written."""
    found = []
    for page in sorted(ROOT.glob("chapters/*.ipynb")):
        cells = json.loads(page.read_text(encoding="utf-8"))["cells"]
        text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] != "code")
        found += [(page.stem, query) for query in re.findall(r"\{lab\}`[^`<]+ <([^>]+)>`", text)]
    for page in sorted(ROOT.glob("course/**/*.md")):
        text = page.read_text(encoding="utf-8")
        asked = slides.LAB_LINK.findall(text) + re.findall(r"\{lab\}`[^`<]+ <([^>]+)>`", text)
        found += [(page.stem, query) for query in asked]
    return found


def test_pages_that_speak_of_a_run_link_to_it():
    pages = {page for page, _ in links()}
    assert pages >= {
        "index",
        "slides",
        "slides-since",
        "01_task",
        "02_training",
        "03_norms",
        "08_decay",
    }
    assert pages >= {
        "06_circuit",
        "09_limits",
        "10_causes",
        "14_start",
        "22_labels",
    }


def test_every_link_is_understood_by_the_lab(node):
    read = node(SOURCE, READ, [f"?{query}" for _, query in links()])
    for (page, query), told in zip(links(), read, strict=True):
        check_address(query)
        assert told["faults"] == told["wrong"] == [], (page, query)


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("wieght_decay=0", "wieght_decay"),
        ("loss=logistic", "loss"),
        ("seed=-1", "seed"),
        ("seed=9007199254740992", "seed"),
        ("lr=fast", "lr"),
        ("width=20.5", "width"),
        ("label_noise=1.5", "label_noise"),
        ("n_bits=5&k_relevant=6", "k_relevant"),
        ("seed=1&seed=2", "twice"),
        ("seed", "seed"),
        ("change=explode", "explode"),
        ("set=sparse", "change"),
        ("change=initial_scale&to=4", "at"),
        ("n_bits=161", "n_bits"),
        ("change=lr&at=10", "to"),
        ("change=lr&to=0", "lr"),
        ("change=clamp&at=300", "at"),
        ("change=clamp&at=soon", "at"),
        ("change=clamp&set=3,1000", "set"),
    ],
)
def test_what_is_wrong_in_a_link_is_named(query, wrong):
    with pytest.raises(ValueError, match=wrong):
        check_address(query)


@pytest.fixture
def build(tmp_path):
    """Return a function that renders a page with a link; it returns the page and what was said."""

    def built(link, **settings):
        pages = {"index": "# Index\n\n```{toctree}\nchapters/lab\ncourse/page\n```\n"}
        pages |= {"chapters/lab": "# Lab\n", "course/page": f"# Page\n\nNow {link}.\n"}
        for name, text in pages.items():
            path = tmp_path / f"{name}.md"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        said, folders = io.StringIO(), [tmp_path, None, tmp_path / "site", tmp_path / "trees"]
        settings |= {"extensions": ["myst_parser", "lab_link"], "nitpicky": True}
        with docutils_namespace():
            Sphinx(*folders, "html", settings, status=None, warning=said, freshenv=True).build()
        return (tmp_path / "site/course/page.html").read_text(encoding="utf-8"), said.getvalue()

    return built


def test_a_link_leads_to_the_lab_and_says_its_address(build):
    link = "{lab}`watch seed 13 <seed=13&weight_decay=0.001>`"
    html, said = build(link)
    query = "seed=13&amp;weight_decay=0.001"
    assert said == ""
    assert f'href="../chapters/lab.html?{query}" title="lab.html?{query}"' in html
    assert re.search(r'<a class="lab-link [^>]*><span>watch seed 13</span></a>', html)
    html, _ = build(link, html_baseurl="https://example.org/book/")
    assert f'title="https://example.org/book/chapters/lab.html?{query}"' in html


def test_a_link_that_the_lab_cannot_follow_is_an_error(build):
    _, said = build("{lab}`watch <wieght_decay=0>`")
    assert "ERROR" in said
    assert "wieght_decay" in said
