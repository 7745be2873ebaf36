"""What a number stands on is found through every form of import, and digested to what matters."""

import json
import os
import shutil
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

import grokutils
from experiments.make import TABLES, module
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
            path.write_text(text, encoding="utf-8")
        forget()
        return code.fingerprint("rooms.high"), code.digest("rooms.high")

    write(**sources)
    yield write
    forget()


def forget():
    for function in (code.sources, code.digest, code.fingerprint, code.versions):
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
    return {"twice": TWO * x, "text": "kept"}
TWO = 2
SEEDS, N_SEEDS = range(2), 7
N_MORE: int = 1
def calls():
    return few(SEEDS[:N_SEEDS]) * N_MORE + [{"x": 1}]
def few(seeds):
    return [{"x": seed} for seed in seeds]
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
    for old, new in (('"x": 1', '"x": 2'), ("range(2)", "range(3)"), ("seed in", "seed in 2 *")):
        more = rooms(high=SOURCE.replace(old, new))
        assert more[1] == digest
        assert more[0] != fingerprint  # a cached function may call it
    for old, new in (
        ("TWO * x", "3 * x"),
        ("kept", "changed"),
        ("twice", "double"),
        ("TWO = 2", "TWO = 3"),
    ):
        assert rooms(high=SOURCE.replace(old, new))[1] != digest


def test_what_only_calls_use_does_not_count_wherever_it_stands(rooms):
    low = "SEEDS = range(2)\nSTEP = 2\nOTHER = 1\ndef grid():\n    return SEEDS\n"
    beside = (
        "from rooms.low import grid\ndef calls():\n    return grid()\ndef seen():\n    return 0\n"
    )
    high = "from rooms.low import grid, STEP\nfrom rooms.beside import seen\n"
    high += "def measure(x):\n    return STEP + seen()\ndef calls():\n    return grid()\n"
    before = rooms(high=high, low=low, beside=beside)[1]
    assert rooms(low=low.replace("range(2)", "range(3)"))[1] == before
    assert rooms(low=low.replace("return SEEDS", "return SEEDS[:1]"))[1] == before
    for old, new in (("STEP = 2", "STEP = 3"), ("OTHER = 1", "OTHER = 2")):
        assert rooms(low=low.replace(old, new))[1] != before
    # What a row stands on as well counts, in whatever way it is mentioned.
    for use in ("low.SEEDS", "getattr(low, 'SEEDS')", "__import__('rooms.low').low.grid()"):
        used = high.replace("STEP +", f"STEP + len({use}) +").replace(
            "import seen", "import seen, low"
        )
        one = rooms(high=used, low=low)[1]
        assert rooms(low=low.replace("range(2)", "range(3)"))[1] != one


def test_what_keeps_or_shows_does_not_count_for_a_table(rooms):
    before = rooms(high="from .store import cache\n")
    after = rooms(**{"store/cache": "FACTOR = 4\n"})
    assert after[0] != before[0]
    assert after[1] == before[1]


def test_versions_count_for_the_cache_and_builds_for_nothing(rooms, monkeypatch):
    high = "import os, scipy.special, rooms.wing\nfrom torch import nn\nfrom .store import cache\n"
    before = rooms(high=high, **{"wing/low": "def f():\n    import numpy as np\n"})
    rooms(**{"store/cache": "import joblib\n"})  # which computes nothing
    installed = code.metadata.version
    assert list(code.versions("rooms.high")) == ["numpy", "scipy", "torch"]
    before = code.fingerprint("rooms.high"), code.digest("rooms.high")
    for library, version in code.versions("rooms.high").items():
        assert version == installed(library).partition("+")[0]
        for other, equal in (("0.0", False), (f"{version}+cu999", True)):
            version = lambda name, o=other, lib=library: o if name == lib else installed(name)  # noqa: E731
            monkeypatch.setattr(code.metadata, "version", version)
            forget()
            assert (code.fingerprint("rooms.high") == before[0]) is equal
            assert code.digest("rooms.high") == before[1]


@pytest.mark.parametrize("system", ["posix", "nt"])
def test_a_source_written_after_it_was_loaded_is_known(rooms, monkeypatch, system):
    monkeypatch.setattr(code, "os", SimpleNamespace(name=system))
    rooms(high="from rooms.wing import low\n")
    monkeypatch.setattr(grokutils, "LOADED", time.time())
    assert code.changed("rooms.high") == []
    time.sleep(0.02)  # the clock of files is coarse
    rooms(**{"wing/low": "FACTOR = 2\n"})
    assert [path.name for path in code.changed("rooms.high")] == ["low.py"]


def test_imports_are_followed_into_every_package_of_the_repository(tmp_path, monkeypatch):
    monkeypatch.setattr(code.paths, "ROOT", tmp_path)
    for name, text in {
        "experiments/tables/sizes": "from grokutils.parity import train\nimport rooms\n",
        "grokutils/parity/train": "from lab.engine import step\nimport numpy\n",
        "lab/engine": "",
        "rooms": "",
    }.items():
        path = tmp_path / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    forget()
    found = set(code.sources("experiments.tables.sizes"))
    forget()
    assert found == {"experiments.tables.sizes", "grokutils.parity.train", "lab.engine"}


@pytest.mark.parametrize("name", TABLES)
def test_a_tables_digest_is_of_what_it_measures_alone(name):
    found = set(code.sources(module(name).__name__, aside=code.ASIDE))
    assert {part.split(".")[1] for part in found if "." in part} <= {
        *("tables", "methods", "parity", "modular", "stats", "check", "streams")
    }
    of_tables = {part.rpartition(".")[2] for part in found if ".tables." in part}
    assert of_tables <= {
        *(name, "followed", "grid", "tickets", "waited", "equal_speeds", "held", "transfers"),
        *(["law_waits"] if name == "law_soon" else []),
    }
    # A library that is imported has a version, or a change of it would go unseen.
    files = code.sources(module(name).__name__, aside=code.ASIDE)
    tops = {full.partition(".")[0] for item in files.items() for full in code._imports_of(*item)}
    libraries = tops - {*code.ROOTS, *sys.stdlib_module_names}
    assert libraries == set(code.versions(module(name).__name__))


def test_more_seeds_leave_every_tables_digest_and_another_threshold_does_not(tmp_path, monkeypatch):
    for name in ("grokutils", "experiments"):
        shutil.copytree(code.paths.ROOT / name, tmp_path / name)
    monkeypatch.setattr(code.paths, "ROOT", tmp_path)

    def digests():
        forget()
        return {name: code.digest(module(name).__name__) for name in TABLES}

    before = digests()
    grid, stats = tmp_path / "experiments/tables/grid.py", tmp_path / "grokutils/stats.py"
    edit(grid, "DRAWS = (1000, 2000)", "DRAWS = (1000, 2000, 5000)")
    assert digests() == before
    edit(stats, "THRESHOLD = 0.9", "THRESHOLD = 0.8")
    after = digests()
    forget()
    same = [name for name in TABLES if after[name] == before[name]]
    assert same == ["sizes", "operators", "operator_starts"]


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.slow
def test_importing_any_module_makes_no_folder(tmp_path):
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
