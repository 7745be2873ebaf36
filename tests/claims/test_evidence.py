"""A result counts only with the code, tables and cells that it was measured by."""

import json
import os
import subprocess
import sys
import time

import pytest
from edges import forget, recorded

from experiments.claims import results
from experiments.registry import CLAIMS, KINDS
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
    one = recorded("C8")
    assert one in results()
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
    one = recorded("C8")
    edit(book / name, old, new)
    assert one in results()


def test_a_changed_function_unmeasures_the_claims_of_the_chapters_that_import_it(book):
    for claim_id in ("C8", "S13"):
        recorded(claim_id)
    edit(book / "experiments/methods/synergy.py", "return", "return 1 *")
    assert verdict_of("S13") == "not yet measured"
    assert verdict_of("C8") == "reproduced"


def test_a_magic_stops_nothing_and_counts(book):
    path = book / "chapters" / f"{CHAPTER}.ipynb"
    edit(path, "claims.record(", "x\\n%time 1\\n!ls\\nclaims.record(")
    one = recorded("C8")
    assert one in results()
    edit(path, "%time 1", "%time 2")
    assert verdict_of("C8") == "not yet measured"


def test_another_library_unmeasures_a_result(book, monkeypatch):
    recorded("C8")
    monkeypatch.setattr(fingerprint, "_version", lambda library: "0.0")
    forget()
    assert verdict_of("C8") == "not yet measured"


def test_what_a_kernel_with_old_code_measures_is_shown_and_not_kept(book):
    time.sleep(0.05)  # the clock of files is coarse
    edit(book / "grokutils" / "parity" / "task.py", "\nfrom", "\n\nfrom")
    with pytest.warns(UserWarning, match="the package changed after this process loaded it"):
        assert recorded("C8").verdict == "reproduced"
    assert verdict_of("C8") == "not yet measured"


def command(path, *arguments):
    root = paths.ROOT
    return subprocess.run(
        [sys.executable, "-m", "experiments.claims", str(path), *arguments],
        cwd=root,  # which comes before all other places
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
    )


def test_the_command_writes_a_list_of_claims(tmp_path):
    assert command(tmp_path / "card.json").returncode == 0
    card = json.loads((tmp_path / "card.json").read_text(encoding="utf-8"))
    assert [entry["id"] for entry in card] == list(CLAIMS)
    for entry in card:
        assert {"id", "finding", "parts", "draws", "verdict"} <= set(entry)
        assert entry["verdict"] in KINDS[entry["kind"]]
        criteria = [c["quantity"] for part in entry["parts"] for c in part["criteria"]]
        assert not criteria or len(criteria) == len(CLAIMS[entry["id"]].criteria)


def test_a_strict_command_fails_if_a_claim_is_not_yet_measured(book):
    path = book / "card.json"
    done = command(path, "--strict")  # on the copy, where nothing is
    assert done.returncode == 1
    assert len(json.loads(path.read_text(encoding="utf-8"))) == len(CLAIMS)
    assert f"not yet measured: {', '.join(CLAIMS)}" in done.stderr
    assert command(path).returncode == 0
