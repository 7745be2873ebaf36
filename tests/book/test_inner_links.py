"""Links inside the rendered book: each leads to a file, and to a place in it that is there."""

import posixpath
import re
from urllib.parse import unquote, urlsplit

import pytest
from rendered import HTML, PAGES, SITE, soup

pytestmark = [pytest.mark.site, pytest.mark.usefixtures("_built")]
PLACES = {page: set(re.findall(r'\bid="([^"]+)"', html)) for page, html in HTML.items()}


def leads_nowhere(page, link):
    """Whether a link of a page leads to something in the book that is not there."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return False  # make links asks those
    path = posixpath.join(posixpath.dirname(page), unquote(parts.path))
    target = posixpath.normpath(path) if parts.path else page
    there = (SITE / target).is_file() and (target in PAGES or not parts.fragment)
    return not there or (parts.fragment and unquote(parts.fragment) not in PLACES[target])


@pytest.mark.parametrize("page", PAGES)
def test_every_link_inside_the_book_leads_somewhere(page):
    links = {tag["href"] for tag in soup(page).select("main a[href], .bd-sidebar a[href]")}
    assert sorted(link for link in links if leads_nowhere(page, link)) == []
