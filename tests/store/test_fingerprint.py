"""What a number stands on is found through every form of import, and digested to what matters."""

import json
import os
import subprocess
import sys
import time

import pytest

import grokutils
from grokutils.store import fingerprint as code

FORMS = [
    "import rooms.wing.low",
    "import rooms.wing.low as l",
    "import os, rooms.wing.low",
    "from rooms.wing import low",
    "from rooms.wing import other, low as l",
    "from rooms.wing.low import FACTOR",
    "from rooms.wing.low import *",
    "from .wing import low",
    "from .wing.low import FACTOR",
    "from . import wing",  # whose __init__ imports it
    "from rooms import wing",
    "import rooms.wing",
    "def f():\n    from rooms.wing import low",
    "def f():\n    import rooms.wing.low",
    "try:\n    from .wing.low import FACTOR\nexcept ImportError:\n    pass",
    "from rooms import middle",
    "from .middle import NOTHING",
]


@pytest.fixture
def rooms(tmp_path, monkeypatch):
    """Write a package whose `high` is what a test makes it; return a way to change a source."""
    sources = {
        "__init__": "",
        "middle": "from rooms.wing import low\nNOTHING = 0\n",
        "apart": "FACTOR = 1\n",
        "wing/__init__": "from .low import FACTOR\n",
        "wing/low": "FACTOR = 2\n",
        "wing/other": "",
        "store/__init__": "",
        "store/cache": "FACTOR = 3\n",
    }
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] == "rooms"]:
        monkeypatch.delitem(sys.modules, name)  # a package of that name, left by another test

    def write(**changed):
        for name, text in changed.items():
            path = tmp_path / "rooms" / f"{name}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        forget()
        return code.fingerprint("rooms.high"), code.digest("rooms.high")

    write(**sources)
    yield write
    forget()


def forget():
    for function in (code._sources, code.digest, code.fingerprint):
        function.cache_clear()


@pytest.mark.parametrize("form", FORMS)
def test_what_is_imported_in_any_form_counts(rooms, form):
    before = rooms(high=f"{form}\n")
    assert set(code.sources("rooms.high")) >= {"rooms", "rooms.high", "rooms.wing.low"}
    assert rooms(apart="FACTOR = 7\n") == before  # nothing stands on it
    for name, text in (
        ("wing/low", "FACTOR = 5\n"),
        ("wing/__init__", "from .low import FACTOR\nNEW = 1\n"),
        ("__init__", "NEW = 1\n"),
    ):
        changed = rooms(**{name: text})
        assert changed[0] != before[0]
        assert changed[1] != before[1]
        before = changed


def test_the_package_itself_and_its_ancestors_count(rooms):
    rooms(high="", **{"wing/deep/__init__": "", "wing/deep/room": "from .. import low\n"})
    found = set(code.sources("rooms.wing.deep.room"))
    assert found == {"rooms", *(f"rooms.wing{m}" for m in ("", ".low", ".deep", ".deep.room"))}


def test_no_module_is_imported_to_be_found(rooms):
    rooms(high="from rooms import middle\n", middle="raise RuntimeError\nfrom .wing import low\n")
    assert "rooms.wing.low" in code.sources("rooms.high")


SOURCE = '''"""A docstring."""
# a comment
def measure(x):
    """Another."""
    "an idle string"
    return {"twice": 2 * x, "text": "kept"}
def calls():
    return [{"x": 1}]
'''


def test_words_and_which_rows_there_are_do_not_count(rooms):
    fingerprint, digest = rooms(high=SOURCE)
    for old, new in (
        ("A docstring", "Other words"),
        ("# a comment", "\n# another"),
        ("Another", "The same"),
        ("an idle", "a longer idle"),
    ):
        assert rooms(high=SOURCE.replace(old, new)) == (fingerprint, digest)
    more = rooms(high=SOURCE.replace("[{", "[{'x': 0}, {"))
    assert more[1] == digest
    assert more[0] != fingerprint  # a cached function may call it
    for old, new in (("2 * x", "3 * x"), ("kept", "changed"), ("twice", "double")):
        assert rooms(high=SOURCE.replace(old, new))[1] != digest


def test_what_keeps_or_shows_does_not_count_for_a_table(rooms):
    before = rooms(high="from .store import cache\n")
    after = rooms(**{"store/cache": "FACTOR = 4\n"})
    assert after[0] != before[0]
    assert after[1] == before[1]


def test_versions_count_for_the_cache_and_builds_for_nothing(rooms, monkeypatch):
    before = rooms(high="")
    installed = code.metadata.version
    for library in ("torch", "numpy", "xarray", "pandas", "numba"):
        assert code.versions()[library] == installed(library).partition("+")[0]
        for other, equal in (("0.0", False), (f"{code.versions()[library]}+cu999", True)):
            version = lambda name, o=other, lib=library: o if name == lib else installed(name)  # noqa: E731
            monkeypatch.setattr(code.metadata, "version", version)
            forget()
            assert (code.fingerprint("rooms.high") == before[0]) is equal
            assert code.digest("rooms.high") == before[1]


def test_a_source_written_after_it_was_loaded_is_known(rooms, monkeypatch):
    rooms(high="from rooms.wing import low\n")
    monkeypatch.setattr(grokutils, "LOADED", time.time())
    assert code.changed("rooms.high") == []
    time.sleep(0.02)  # the clock of files is coarse
    rooms(**{"wing/low": "FACTOR = 2\n"})
    assert [path.name for path in code.changed("rooms.high")] == ["low.py"]


def test_a_tables_digest_is_of_what_it_measures_alone():
    for name in ("sizes", "pictures", "delays", "interventions", "switches", "operators"):
        found = set(code._sources(f"experiments.tables.{name}", code.ASIDE))
        assert f"experiments.tables.{name}" in found
        rooms = {module.split(".")[1] for module in found if "." in module}
        assert rooms <= {"tables", "parity", "modular", "stats", "check", "streams"}
        tables = {module for module in found if module.startswith("experiments.tables.")}
        assert tables == {f"experiments.tables.{name}"}


@pytest.mark.slow
def test_importing_any_room_makes_no_folder(tmp_path):
    names = "[m.name for m in pkgutil.walk_packages(grokutils.__path__, 'grokutils.')]"
    script = (
        "import grokutils, importlib, json, pkgutil\n"
        f"names = [n for n in {names} if not n.endswith('__main__')]\n"
        "for name in names: importlib.import_module(name)\n"
        "print(json.dumps(names))\n"
    )
    cache = tmp_path / "cache"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"GROKUTILS_CACHE": str(cache)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)) > 30
    assert list(tmp_path.iterdir()) == []
