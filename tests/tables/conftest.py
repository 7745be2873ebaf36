"""A table whose network is a tiny one."""

from importlib import import_module

import pytest
from tiny import TINY

from experiments.tables import followed, tickets


@pytest.fixture
def table(monkeypatch):
    """Return a table's module, with the paper's network a tiny one and nothing kept."""

    def module(name):
        found = import_module(f"experiments.tables.{name}")
        for place in (found, followed, tickets):  # which other tables use
            monkeypatch.setattr(place, "PAPER", TINY, raising=False)
            if hasattr(place, "compute_once"):
                monkeypatch.setattr(
                    place, "compute_once", lambda function, **given: function(**given)
                )
        return found

    return module
