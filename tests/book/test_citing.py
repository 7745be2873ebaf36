"""How the book, a page and each claim are cited: version, address, BibTeX."""

import re
from types import SimpleNamespace

import cite
import pytest
import yaml
from bs4 import BeautifulSoup
from rendered import PAGES, SITE, soup

from experiments.registry import CLAIMS

VERSION = cite.citation()["version"]
BODY = """<section id="a"><span id="claim-c4"></span><h2>C4</h2><p>Judged.</p>
<section id="b"><h3>More</h3></section></section><section id="c"><h2>Else</h2></section>"""


def test_an_entry_has_version_and_address_and_without_one_no_empty_field():
    found = cite.of_claim(CLAIMS["C4"], "https://grok.example/x.html#claim-c4")
    for text in (found.words, found.bibtex):
        assert VERSION in text
        assert "https://grok.example/x.html#claim-c4" in text
    assert found.bibtex.startswith("@incollection{grokkingbook:C4,")
    assert found.bibtex.count("{") == found.bibtex.count("}")
    assert "url" not in cite.of_claim(CLAIMS["C4"]).bibtex


def test_a_claims_entry_stands_in_its_section_before_the_next_one():
    page = f"chapters/{CLAIMS['C4'].chapter}"
    body = BeautifulSoup(cite.add_entries(BODY, page, "https://g.example/p.html"), "html.parser")
    (fold,) = body.select("details.cite")
    assert fold.find_parent("section")["id"] == "a"
    assert fold.find_next_sibling("section")["id"] == "b"
    assert "https://g.example/p.html#claim-c4" in fold.pre.text
    assert cite.add_entries(BODY, "chapters/other") == BODY


def test_the_sites_own_file_has_the_address(tmp_path, monkeypatch):
    monkeypatch.setenv("REPOSITORY", "https://forge.example/book")
    app = SimpleNamespace(outdir=tmp_path, builder=SimpleNamespace(format="html"))
    app.config = SimpleNamespace(html_baseurl="https://grok.example/")
    cite.write_file(app, None)
    found = yaml.safe_load((tmp_path / "CITATION.cff").read_text(encoding="utf-8"))
    assert found["url"] == "https://grok.example/"
    assert found["repository-code"] == "https://forge.example/book"
    assert found["title"] == cite.citation()["title"]


@pytest.mark.site
@pytest.mark.usefixtures("_built")
def test_every_claim_that_has_a_place_can_be_cited_by_itself():
    keys = {}
    for page in PAGES:
        for fold in soup(page).select("article section details.cite pre"):
            keys[re.search(r"grokkingbook:(\w+)", fold.text)[1]] = fold.text
    assert set(keys) == set(CLAIMS)
    canonical = soup("chapters/index.html").select_one("link[rel=canonical]")
    for claim, text in keys.items():
        assert VERSION in text
        assert (f"#claim-{claim.lower()}" in text) == (canonical is not None)


@pytest.mark.site
@pytest.mark.usefixtures("_built")
def test_the_site_has_its_citation_file():
    found = yaml.safe_load((SITE / "CITATION.cff").read_text(encoding="utf-8"))
    assert found["version"] == VERSION
