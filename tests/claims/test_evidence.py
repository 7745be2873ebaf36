"""A result counts only with the code, tables and cells that it was measured by."""

import json
import os
import subprocess
import sys
import time

import pytest
from conftest import forget
from edges import at_the_bounds

from experiments.claims import CLAIMS, KINDS, record, results
from grokutils.store import fingerprint, paths

CHAPTER = CLAIMS["C8"].chapter


def verdict_of(claim_id):
    (found,) = (result for result in results() if result.id == claim_id)
    return found.verdict


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert text.count(old)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    forget()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("grokutils/parity/task.py", "\nfrom", "\nimport sys\nfrom"),
        ("experiments/claims.toml", "at_least = 0.5\n", "at_least = 0.6\n"),
        ("data/sizes.csv", "\n0,1.0,", "\n0,0.5,"),
        (f"chapters/{CHAPTER}.ipynb", "claims.record(", "claims.record(not "),
    ],
)
def test_a_result_of_other_code_tables_or_cells_counts_as_not_yet_measured(book, name, old, new):
    recorded = record("C8", seeds=20, share_near_zero=1)
    assert recorded in results()
    edit(book / name, old, new)
    assert verdict_of("C8") == "not yet measured"
    edit(book / name, new, old)
    assert verdict_of("C8") == "reproduced"


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("data/sizes.csv", "# command: ", "# checked: {}\n# command: "),
        ("grokutils/parity/task.py", "\nfrom", "\n# a comment\nfrom"),
        ("lab/wasm_assembler.py", "\nimport", "\n# a comment\nimport"),
        ("lab/wasm_assembler.py", "\nimport", "\nimport sys\nimport"),  # which it stands not on
        ("experiments/claims.toml", "at_least", "at_least "),
        (f"chapters/{CHAPTER}.ipynb", '"outputs": [', '"outputs": [ '),
        (f"chapters/{CHAPTER}.ipynb", "claims.record(", "claims.record( "),
        (f"chapters/{CHAPTER}.ipynb", "The paper's claims", "The claims of the paper"),
        ("chapters/02_training.ipynb", "claims.record(", "claims.record(not "),
    ],
)
def test_what_changes_no_number_leaves_a_result_as_it_is(book, name, old, new):
    recorded = record("C8", seeds=20, share_near_zero=1)
    edit(book / name, old, new)
    assert recorded in results()


def test_a_changed_function_unmeasures_the_claims_of_the_chapters_that_import_it(book):
    for claim_id in ("C8", "S13"):
        record(claim_id, seeds=100, **at_the_bounds(CLAIMS[claim_id]))
    edit(book / "experiments/methods/synergy.py", "return", "return 1 *")
    assert verdict_of("S13") == "not yet measured"
    assert verdict_of("C8") == "reproduced"


def test_a_magic_stops_nothing_and_counts(book):
    path = book / "chapters" / f"{CHAPTER}.ipynb"
    edit(path, "claims.record(", "x\\n%time 1\\n!ls\\nclaims.record(")
    recorded = record("C8", seeds=20, share_near_zero=1)
    assert recorded in results()
    edit(path, "%time 1", "%time 2")
    assert verdict_of("C8") == "not yet measured"


def test_another_library_unmeasures_a_result(book, monkeypatch):
    record("C8", seeds=20, share_near_zero=1)
    monkeypatch.setattr(fingerprint, "_version", lambda library: "0.0")
    forget()
    assert verdict_of("C8") == "not yet measured"


def test_what_a_kernel_with_old_code_measures_is_shown_and_not_kept(book):
    time.sleep(0.05)  # the clock of files is coarse
    edit(book / "grokutils" / "parity" / "task.py", "\nfrom", "\n\nfrom")
    with pytest.warns(UserWarning, match="the package changed after this process loaded it"):
        assert record("C8", seeds=20, share_near_zero=1).verdict == "reproduced"
    assert verdict_of("C8") == "not yet measured"


def command(*arguments):
    root = paths.ROOT
    return subprocess.run(
        [sys.executable, "-m", "experiments.claims", *arguments],
        cwd=root,  # which comes before all other places
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
    )


def test_the_command_prints_a_list_of_claims():
    card = json.loads(command().stdout)
    assert [entry["id"] for entry in card] == list(CLAIMS)
    for entry in card:
        assert {"id", "statement", "measured", "seeds", "threshold", "verdict"} <= set(entry)
        assert entry["verdict"] in KINDS[entry["kind"]]
        assert len(entry["threshold"]) == len(CLAIMS[entry["id"]].criteria)


def test_a_strict_command_fails_if_a_claim_is_not_yet_measured(book):
    done = command("--strict")  # on the copy, where nothing is
    assert done.returncode == 1
    assert len(json.loads(done.stdout)) == len(CLAIMS)
    assert f"not yet measured: {', '.join(CLAIMS)}" in done.stderr
    assert command().returncode == 0
