"""What a page has beside it: notebooks to download, words for search from a disk, the contents."""

import json
import re

import nbformat
import pytest
import served
from nbformat.v4 import new_code_cell, new_notebook, new_output
from playwright.sync_api import expect
from rendered import HTML, PAGES, SITE

ON_DISK = f"{SITE.as_uri()}/"


def test_a_notebook_to_download_has_its_outputs_and_nothing_for_this_site_alone(tmp_path):
    data = {"image/png": "aGE=", "text/plain": "a figure", "text/csv": "x\n1\n"}
    cell = new_code_cell("plot()", outputs=[new_output("display_data", data=data)])
    executed = new_notebook(cells=[cell], metadata={"widgets": {"state": {}}})
    nbformat.write(executed, tmp_path / "chapter.ipynb")
    found = nbformat.reads(served.downloadable(tmp_path / "chapter.ipynb"), as_version=4)
    assert found.cells[0].outputs[0].data == {"image/png": "aGE=", "text/plain": "a figure"}
    assert "widgets" not in found.metadata


def test_the_words_of_a_page_are_those_that_one_reads():
    body = '<h1>Title<a href="#t">#</a></h1><script>let x</script><p>Some <em>words</em>.</p>'
    assert served.text_of(body) == "Title Some words ."


@pytest.mark.site
@pytest.mark.usefixtures("_built")
@pytest.mark.parametrize("page", [page for page in PAGES if re.search(r"chapters/\d", page)])
def test_a_chapter_is_downloaded_with_its_figures(page):
    (link,) = set(re.findall(r'href="\.\./(_sources/[^"]+\.ipynb)"', HTML[page]))
    outputs = [
        output
        for cell in json.loads((SITE / link).read_text(encoding="utf-8"))["cells"]
        for output in cell.get("outputs", [])
    ]
    assert any("image/png" in output.get("data", {}) for output in outputs)


@pytest.mark.site
def test_a_search_from_a_disk_shows_excerpts(visit):
    tab = visit("search.html?q=faithfulness", address=ON_DISK)
    excerpt = tab.locator("#search-results p.context").first
    expect(excerpt).to_contain_text(re.compile("faithful", re.IGNORECASE), timeout=30000)
    assert tab.faults == []


@pytest.mark.site
def test_on_a_phone_without_javascript_the_contents_open(visit):
    phone = {"width": 390, "height": 844}
    tab = visit("chapters/01_task.html", viewport=phone, java_script_enabled=False)
    entry = tab.locator("#pst-primary-sidebar").get_by_text("2. Training", exact=True)
    expect(entry).not_to_be_visible()
    tab.get_by_role("link", name="Contents", exact=True).click()
    expect(entry).to_be_visible()
    entry.click()
    tab.wait_for_url("**/02_training.html")
