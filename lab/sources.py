"""The lab's JavaScript as the texts that pages and notebooks load."""

import json
import re
from base64 import b64encode
from pathlib import Path

from grokutils.stats import THRESHOLD
from lab import wasm_loops
from lab.address import paper

HERE = Path(__file__).parent
PAGES = ("page", "dot", "row")
_IMPORT = re.compile(r'^import ([^"]+) from "([^"]+)"(?: with \{ type: "json" \})?;\n', re.M)
_EXPORTED = re.compile(r"^export (?=(?:async )?(?:const|let|class|function) \w)", re.M)
_DEFINED = re.compile(r"^(?:async )?(?:const|let|class|function) (\w+)", re.M)
_LEFT = re.compile(r"^(?:import|export (?!default)).*", re.M)


def joined(entry: Path) -> str:
    """Return one text of the module at a path and of all that it imports, each below its own.

    Raises
    ------
    ValueError
        If two modules define one name, or one imports or exports in a way not known here.
    """
    texts: dict[Path, str] = {}
    owners: dict[str, Path] = {}

    def add(file):
        if file in texts:
            return
        texts[file] = ""  # modules that import each other end here
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".json":
            text = f"const {file.stem} = {text}"
        for names, other in _IMPORT.findall(text):
            if " as " in names:
                raise ValueError(f"{file.name}: an import keeps its name here: {names}")
            add((file.parent / other).resolve())
        text = _EXPORTED.sub("", _IMPORT.sub("", text))
        if left := _LEFT.search(text):
            raise ValueError(f"{file.name}: cannot be joined: {left[0]}")
        for name in _DEFINED.findall(text):
            if owners.setdefault(name, file) != file:
                raise ValueError(f"{name}: defined in {owners[name].name} and in {file.name}")
        texts[file] = texts.pop(file) + text  # behind what it imports

    add(entry.resolve())
    return "\n".join(texts.values())


def given() -> dict:
    """Return what the modules of the lab find as `GIVEN`."""
    code = b64encode(wasm_loops.code()).decode()
    return {"paper": paper(), "threshold": THRESHOLD, "vectors": code, "worker": ""}


def worker_source() -> str:
    """Return the JavaScript of the worker, a script."""
    # A directive counts before all else alone.
    return f'"use strict";\nconst GIVEN = {json.dumps(given())};\n{joined(HERE / "worker/main.js")}'


def page_source(page: str = "page") -> str:
    """Return the lab, or another of `PAGES`, as one module, with the worker as text in it."""
    told = given() | {"vectors": "", "worker": worker_source()}
    return f"const GIVEN = {json.dumps(told)};\n{joined(HERE / page / 'main.js')}"


def files() -> dict[str, str]:
    """Return the lab as files of one folder, for servers whose content policy forbids all else."""
    told = given() | {"vectors": ""}
    begin = f"const GIVEN = {json.dumps(told)};\n"
    pages = {f"{page}.js": begin + joined(HERE / page / "main.js") for page in PAGES}
    return {**pages, "worker.js": worker_source(), "lab.css": style()}


def style() -> str:
    """Return the lab's style sheet."""
    return (HERE / "page" / "lab.css").read_text(encoding="utf-8")
