"""The code that a number stands on: followed through every import, and digested.

Of a source, its syntax tree counts, without comments and docstrings; of a library, its version.
Imports are followed into all packages of this repository, and of the module itself.
"""

import ast
import functools
import os
import sys
from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec, resolve_name
from pathlib import Path

import grokutils
from grokutils.store import paths
from grokutils.store.syntax import bare, hashed, without_calls

ROOTS = ("grokutils", "experiments", "lab")  # the packages of this repository
ASIDE = ("store", "show", "sweeps")  # what keeps a number, and what shows it, changes none


@functools.cache
def digest(module: str) -> str:
    """Return a digest of the code that a table's rows stand on, the same on every machine.

    It is of the row function's module and of what that imports, but for what only keeps or
    shows. Which rows a table has changes none of them: what only `calls` uses is left out.
    """
    files = sources(module, aside=ASIDE)
    parts = without_calls({name: _tree(path.read_bytes()) for name, path in files.items()})
    return hashed([(name, bare(parts[name])) for name in sorted(parts)])


@functools.cache
def fingerprint(*modules: str) -> str:
    """Return a digest of some modules, of all that they import, and of the libraries' versions."""
    files = sources(*modules)
    codes = [(name, _code(files[name].read_bytes())) for name in sorted(files)]
    return hashed((codes, sorted(versions(*modules).items())))


@functools.cache
def versions(*modules: str) -> dict[str, str]:
    """Return the versions of the libraries that some modules compute with.

    Those that are imported anywhere in the modules and in what they import, but for what only
    keeps or shows. A build (`+cpu`) is no version.
    """
    files = sources(*modules, aside=ASIDE)
    names = {full.partition(".")[0] for file in files.items() for full in _imports_of(*file)}
    names -= {*ROOTS, *sys.stdlib_module_names, *(name.partition(".")[0] for name in modules)}
    found = {name: _version(name) for name in sorted(names)}
    return {name: version for name, version in found.items() if version}


def changed(*modules: str) -> list[Path]:
    """Return the sources of some modules that were written after this process began to load them.

    What such a process computes may be the old code's work or the new one's.
    """
    written = "st_mtime" if os.name == "nt" else "st_ctime"  # on Windows that is of its making
    files = sources(*modules).values()
    return [path for path in files if getattr(path.stat(), written) > grokutils.LOADED]


@functools.cache
def sources(*modules: str, aside: tuple[str, ...] = ()) -> dict[str, Path]:
    """Return the source files, by module, that some modules stand on in the packages that are ours.

    Their own, and those of what they import in whatever form and wherever in its text, with the
    `__init__` of each package on the way, but for some subpackages.
    """
    ours = {*ROOTS, *(name.partition(".")[0] for name in modules)}
    found: dict[str, Path] = {}
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        top, *inside = name.split(".")
        if top not in ours or name in found or inside[:1] in [[part] for part in aside]:
            continue
        path = _file(top, inside)
        if path is not None:
            found[name] = path
            waiting += [name.rpartition(".")[0] or top, *_imports_of(name, path)]
    return found


def _file(top, inside):
    """Return the file of a module, without importing it; None for a name that is no module."""
    folder = paths.ROOT / top
    if top not in ROOTS:
        spec = find_spec(top)
        if spec.submodule_search_locations is None:
            return None if inside else Path(spec.origin)
        folder = Path(next(iter(spec.submodule_search_locations)))
    folder = folder.joinpath(*inside)
    files = folder / "__init__.py", folder.with_name(f"{folder.name}.py")
    return next((file for file in files if file.exists()), None)


def _imports_of(module, path):
    """Return every name that a source imports; some are modules, some what is in them."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    return _imported(path.read_bytes(), package)


def imports(tree: ast.AST, package: str = "") -> Iterator[str]:
    """Yield every name that is imported anywhere in a syntax tree of a package."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = resolve_name("." * node.level + (node.module or ""), package)
            yield from (base, *(f"{base}.{alias.name}" for alias in node.names))


@functools.cache
def _imported(content, package):
    return list(imports(_tree(content), package))


@functools.cache
def _tree(content):
    return ast.parse(content)


@functools.cache
def _code(content):
    return hashed(bare(_tree(content)))


def _version(library):
    try:
        return metadata.version(library).partition("+")[0]
    except metadata.PackageNotFoundError:  # a student's folder has not all of them
        return None
