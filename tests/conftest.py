"""What some tests need beside Python; a test without it fails where CI is set, else is skipped."""

import os

import pytest

from course.build import browser


def pytest_collection_modifyitems(items):
    """Mark each test that starts a browser, so that none is forgotten."""
    for item in items:
        if "chromium" in item.fixturenames:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def need():
    """Return a function that ends a test for which something is missing, saying what."""
    return lambda there, what: there or (pytest.fail if os.environ.get("CI") else pytest.skip)(what)


@pytest.fixture(scope="module")
def chromium(need):
    """Start the installed browser without a window."""
    need(browser.find(), browser.MISSING)
    with browser.started() as started:
        yield started
