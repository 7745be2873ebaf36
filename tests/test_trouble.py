"""When something goes wrong: each message that the page explains is ours or known, and provoked."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "course" / "trouble.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
FOREIGN = {  # of Jupyter, bash, Python and nbgrader
    "Kernel died before replying to kernel_info",
    "invalid option name",
    "object has no attribute 'splitlines'",
    "No such file or directory: '…/data/…csv'",
    "No reply from kernel before timeout",
}


def texts(*folders):
    """Return all that stands in some files and folders, in one line."""
    paths = [ROOT / "Makefile"] if "Makefile" in folders else []
    for folder in folders:
        paths += [p for kind in ("py", "js") for p in (ROOT / folder).rglob(f"*.{kind}")]
    found = [p.read_text("utf-8") for p in paths if p != Path(__file__)]
    return re.sub(r"\\(?=[.'])", "", " ".join(found))


OURS = texts("Makefile", "grokutils", "experiments", "_ext", "assets", "course")
TESTS = texts("tests")


@pytest.mark.parametrize("message", [message for message, *_ in ROWS])
def test_a_message_is_printed_somewhere_and_provoked_by_a_test(message):
    assert message in OURS or message in FOREIGN
    known = message.partition("…")[0]
    assert known in TESTS or known in PROVOKED


def test_every_row_has_cause_and_remedy():
    assert len(ROWS) == len(re.findall(r"^\| `", PAGE, re.MULTILINE)) > 15


PROVOKED = {"invalid option name", "object has no attribute 'splitlines'"}


def test_line_ends_of_windows_stop_the_script(tmp_path):
    script = (ROOT / ".ci" / "run").read_bytes().replace(b"\n", b"\r\n")
    (tmp_path / "run").write_bytes(script)
    done = subprocess.run(["bash", tmp_path / "run"], capture_output=True, text=True)
    assert "invalid option name" in done.stderr


@pytest.mark.slow
def test_the_digest_needs_docstrings():
    code = "from grokutils.parity.train import _digest; _digest(['--seed', '1'])"
    command = [sys.executable, "-OO", "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert "object has no attribute 'splitlines'" in done.stderr
