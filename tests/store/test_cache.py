"""The cache: a run is computed once, and never shown for other code than the tree's."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PACKAGE = Path(__file__).parents[2] / "grokutils"

# A package of its own, so that the tests may change its sources.
ROOMS = {
    "__init__.py": "",
    "low.py": "FACTOR = 2\n",
    "apart.py": "FACTOR = 5\n",
    "high.py": """
import os, sys, time
import numpy
from {package} import low
def double(x, seconds=0):
    with open(os.environ["CALLS"], "a", encoding="utf-8") as calls:
        print(x, file=calls, flush=True)
    time.sleep(seconds)
    return [low.FACTOR * x] * 1000
def threads():
    import torch
    return torch.get_num_threads()
def fails_on_two(x):
    if x == 2:
        raise ArithmeticError("x is two")
    return double(x)
""",
}


@pytest.fixture
def call(tmp_path):
    package = tmp_path / "rooms"
    package.mkdir()
    for name, source in ROOMS.items():
        (package / name).write_text(source.format(package="rooms"), encoding="utf-8")
    calls = tmp_path / "calls"
    calls.touch()
    environment = os.environ | {
        "GROKUTILS_CACHE": str(tmp_path / "cache"),
        "CALLS": str(calls),
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(PACKAGE.parent)]),
        "TQDM_DISABLE": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }

    def start(expression):
        imports = "import time; from pathlib import Path; from grokutils.store import cache as runs"
        imports += "; from rooms import high"
        code = f"{imports}; print({expression})"
        return subprocess.Popen(
            [sys.executable, "-c", code],
            env=environment,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(expression):
        """Evaluate in a process of its own; return what it printed and what it computed."""
        before = len(calls.read_text(encoding="utf-8"))
        process = start(expression)
        out, run.warned = process.communicate()
        assert process.returncode == 0, run.warned
        return out.strip(), calls.read_text(encoding="utf-8")[before:].split()

    run.start, run.folder, run.calls, run.environment = start, tmp_path, calls, environment
    return run


ONCE = "runs.compute_once(high.double, x=3)[0]"


def test_the_second_process_reads(call):
    assert call(ONCE) == ("6", ["3"])
    assert call(ONCE) == ("6", [])
    assert call("runs.compute_once(high.double, x=4)[0]") == ("8", ["4"])


def test_changed_source_is_computed_again(call):
    call(ONCE)
    (call.folder / "rooms" / "apart.py").write_text("FACTOR = 7\n", encoding="utf-8")
    assert call(ONCE) == ("6", [])  # nothing depends on it
    (call.folder / "rooms" / "low.py").write_text("FACTOR = 10\n", encoding="utf-8")
    assert call(ONCE) == ("30", ["3"])


def test_another_version_of_a_library_is_computed_again(call):
    call(ONCE)
    metadata = "__import__('importlib.metadata').metadata"
    other = f"(setattr({metadata}, 'version', lambda name: '0.0'), {ONCE})[1]"
    assert call(other) == ("6", ["3"])
    assert call(ONCE) == ("6", [])


@pytest.mark.parametrize("damage", ["truncate", "empty", "flip", "gone"])
def test_a_damaged_entry_is_computed_again(call, damage):
    call(ONCE)
    (entry,) = (path for path in (call.folder / "cache").rglob("*") if path.is_file())
    content = bytearray(entry.read_bytes())
    if damage == "flip":
        content[len(content) // 2] ^= 0x10
    content = content[: {"truncate": len(content) // 2, "empty": 0}.get(damage)]
    if damage == "gone":  # sound, but of a class that is no more
        kept = b"cgrokutils.streams\nNothing\n."
        content = hashlib.sha256(kept).digest() + kept
    entry.write_bytes(content)
    assert call(ONCE) == ("6", ["3"])
    assert call(ONCE) == ("6", [])


EDITED = """
len(high.double(0)), time.sleep(0.05), Path("rooms/low.py").write_text("FACTOR = 10\\n"),
[runs.compute_once(high.double, x=3)[0] for _ in range(2)],
[r[0] for r in runs.compute(high.double, [dict(x=3), dict(x=4)], n_jobs=1)]
"""


def test_what_old_code_computes_after_an_edit_is_not_kept(call):
    process = call.start(EDITED.replace("\n", " "))
    out, err = process.communicate()
    assert out == "1000 None 12 [6, 6] [6, 8]\n", err
    assert "low.py changed after this process loaded the package" in err
    assert "until the kernel is restarted" in err
    assert not list((call.folder / "cache").rglob("*"))
    assert call(ONCE) == ("30", ["3"])
    assert call(ONCE) == ("30", [])


def test_nothing_but_entries_stays_and_old_ones_go(call):
    call(ONCE)
    (folder,) = (call.folder / "cache" / "runs").iterdir()
    assert len(list(folder.iterdir())) == 1
    (call.folder / "rooms" / "low.py").write_text("FACTOR = 10\n", encoding="utf-8")
    month = 31 * 86_400
    os.utime(folder, (time.time() - month, time.time() - month))
    call(ONCE)
    (left,) = (call.folder / "cache" / "runs").iterdir()
    assert left != folder
    os.utime(left, (time.time() - month, time.time() - month))
    assert call(ONCE) == ("30", [])  # old, but in use
    assert left.exists()


def test_processes_that_start_at_once_forget_old_entries_together(call):
    runs, month = call.folder / "cache" / "runs", 31 * 86_400
    for number in range(300):
        old = runs / f"{number:064x}"
        old.mkdir(parents=True)
        (old / "entry").touch()
        os.utime(old, (time.time() - month, time.time() - month))
    go, wait = (
        call.folder / "go",
        "any(iter(lambda: time.sleep(1e-3) or Path('go').exists(), True))",
    )
    processes = [
        call.start(f"(Path('ready{x}').touch(), {wait}, runs.compute_once(high.double, x={x})[0])")
        for x in range(3)
    ]
    while len(list(call.folder.glob("ready*"))) < 3:
        time.sleep(0.05)
    go.touch()
    for x, process in enumerate(processes):
        out, err = process.communicate()
        assert out.strip() == f"(None, False, {2 * x})", err
    assert len(list(runs.iterdir())) == 1


def test_two_processes_at_once_compute_once(call):
    slow = "runs.compute_once(high.double, x=3, seconds=2)[0]"
    processes = [call.start(slow) for _ in range(2)]
    assert [process.communicate()[0].strip() for process in processes] == ["6", "6"]
    assert call.calls.read_text(encoding="utf-8").split() == ["3"]


def test_a_run_has_one_thread_and_torch_is_not_loaded_for_that(call):
    # The first look at the threads is before torch is loaded, the second after.
    loaded = "'torch' in high.sys.modules"
    many = "high.sys.modules['torch'].set_num_threads(3)"
    once, threads = (
        "runs.single_threaded(high.double, x=1)[0]",
        "runs.single_threaded(high.threads)",
    )
    found, _ = call(f"({once}, {loaded}, high.threads(), {many}, {threads}, high.threads())")
    assert found.startswith("(2, False, ")
    assert found.endswith(", None, 1, 3)")


def test_what_was_finished_before_a_failure_is_kept(call):
    many = "[r[0] for r in runs.compute(high.{f}, [dict(x=x) for x in (1, 2, 3)], n_jobs=1)]"
    _, err = call.start(many.format(f="fails_on_two")).communicate()
    assert "x is two" in err
    assert call("runs.compute_once(high.fails_on_two, x=1)[0]") == ("2", [])


def test_runs_without_cache_leave_no_trace(call):
    calls = "[dict(x=1), dict(x=2)]"
    both = f"[r[0] for r in runs.compute(high.double, {calls}, n_jobs=2, cache=False)]"
    out, computed = call(both)
    assert (out, sorted(computed)) == ("[2, 4]", ["1", "2"])
    shutil.rmtree(call.folder / "cache", ignore_errors=True)
    assert len(call(both)[1]) == 2


MANY = "[r[0] for r in runs.compute(high.double, [dict(x=3), dict(x=4)], n_jobs={})]"
BOTH = f"({MANY.format(1)}, {MANY.format(2)}, {ONCE})"


def test_what_is_kept_in_a_folder_to_read_alone_is_read(call):
    call(MANY.format(1))
    # A lock would be a file; that the folder was used today cannot be noted.
    denied = "(_ for _ in ()).throw(PermissionError(13, 'Permission denied'))"
    alone = f"setattr(runs, 'FileLock', None), setattr(runs.os, 'utime', lambda _: {denied})"
    assert call(f"({alone}, {BOTH})[-1]") == ("([6, 8], [6, 8], 6)", [])
    assert call.warned == ""


def test_what_cannot_be_kept_is_computed_and_one_warning_says_so(call):
    (call.folder / "full").touch()
    call.environment["GROKUTILS_CACHE"] = str(call.folder / "full" / "cache")
    out, computed = call(BOTH)
    assert out == "([6, 8], [6, 8], 6)"
    assert sorted(computed) == ["3", "3", "3", "4", "4"]
    assert call.warned.count("runs are computed and not kept in") == 1
    assert "GROKUTILS_CACHE may name a folder that can be written" in call.warned


@pytest.mark.skipif(sys.platform == "win32", reason="a limit of POSIX stands for a full disk")
def test_on_a_full_disk_the_result_is_returned_and_no_part_of_it_left(call):
    full = "__import__('resource').setrlimit(__import__('resource').RLIMIT_FSIZE, (1000, 1000))"
    assert call(f"({full}, {ONCE})[-1]") == ("6", ["3"])
    cache = call.folder / "cache"
    assert f"runs are computed and not kept in {cache} (File too large)" in call.warned
    assert [path for path in cache.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("named", "place"),
    [("", "{root}/.cache"), ("kept/runs", "{root}/kept/runs"), ("~/runs", "{home}/runs")],
)
def test_a_cache_lies_where_its_name_says_wherever_the_process_is(call, named, place):
    call.environment |= {"GROKUTILS_CACHE": named, "HOME": str(call.folder)}
    place = place.format(root=PACKAGE.parent, home=call.folder)
    assert call("runs.LOCATION") == (place, [])


WATCHED = """
from pathlib import Path
from grokutils.store import cache as runs
from rooms import high
unlink, free = Path.unlink, []
def watched(path, **options):
    if path.suffix == ".lock":
        lock = runs.FileLock(path, timeout=0)
        lock.acquire()
        lock.release()
        free.append(path)
    return unlink(path, **options)
Path.unlink = watched
print(runs.compute_once(high.double, x=3)[0], len(free))
"""


def test_a_lock_is_let_go_of_before_its_file_is_deleted(call):
    # Windows deletes no file that is open.
    command = [sys.executable, "-c", WATCHED]
    done = subprocess.run(command, env=call.environment, capture_output=True, text=True)
    assert done.stdout == "6 1\n", done.stderr


def test_another_python_than_makes_is_refused(call):
    call.environment["GROKUTILS_PYTHON"] = str(call.folder)
    _, err = call.start(ONCE).communicate()
    assert f"not the Python in {call.folder}: another kernel is named python3" in err
    call.environment["GROKUTILS_PYTHON"] = sys.prefix
    assert call(ONCE) == ("6", ["3"])
