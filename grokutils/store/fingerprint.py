"""The code that a number stands on: followed through every import, and digested.

Of a source, its syntax tree counts, without comments and docstrings; of a library, its version.
"""

import ast
import functools
import hashlib
from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec, resolve_name
from pathlib import Path

import grokutils

LIBRARIES = ("numba", "numpy", "pandas", "torch", "xarray")
ROOTS = ("grokutils", "experiments")  # the packages of this repository
ASIDE = ("store", "show")  # what keeps a number, and what shows it, changes none


@functools.cache
def digest(module) -> str:
    """Return a digest of the code that a table's rows stand on, the same on every machine.

    It is of the row function's module and of what that imports from its package, but for rooms
    that only keep or show. Which rows a table has changes none of them: `calls` is left out.
    """
    return _digest(_sources(module, ASIDE), module)


@functools.cache
def fingerprint(module) -> str:
    """Return a digest of a module, of all that it imports from its package, and of versions."""
    return _digest(_sources(module), str(versions()))


def versions() -> dict:
    """Return the versions of the libraries that compute; a build (`+cpu`) is no version."""
    found = {name: _version(name) for name in LIBRARIES}
    return {name: version for name, version in found.items() if version}


def changed(module) -> list[Path]:
    """Return the sources of a module that were written after this process began to load them.

    What such a process computes may be the old code's work or the new one's.
    """
    return newer(_sources(module).values())


def newer(paths) -> list[Path]:
    """Return the files that were written after this process began to load the package."""
    return [path for path in paths if path.stat().st_ctime > grokutils.LOADED]


def sources(module) -> dict[str, Path]:
    """Return the source files, by module, that a module stands on inside its package.

    Its own, and those of what it imports in whatever form and wherever in its text, with the
    `__init__` of each package on the way.
    """
    return dict(_sources(module))


@functools.cache
def _sources(module, without=()):
    roots, found, waiting = {*ROOTS, module.partition(".")[0]}, {}, [module]
    while waiting:
        name = waiting.pop()
        top, *rooms = name.split(".")
        if top not in roots or name in found or rooms[:1] in [[room] for room in without]:
            continue
        path = _file(top, rooms)
        if path is not None:
            found[name] = path
            waiting += [name.rpartition(".")[0] or top, *_imports(name, path)]
    return found


def _file(top, rooms):
    """Return the file of a module, without importing it; None for a name that is no module."""
    spec = find_spec(top)
    if spec.submodule_search_locations is None:
        return None if rooms else Path(spec.origin)
    folder = Path(next(iter(spec.submodule_search_locations)), *rooms)
    files = folder / "__init__.py", folder.with_name(f"{folder.name}.py")
    return next((file for file in files if file.exists()), None)


def _imports(module, path) -> Iterator[str]:
    """Yield every name that a source imports; some are modules, some what is in them."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = resolve_name("." * node.level + (node.module or ""), package)
            yield from (base, *(f"{base}.{alias.name}" for alias in node.names))


def _digest(paths, *more):
    """Digest the trees of some modules; of the one named in `more`, without its `calls`."""
    trees = {name: ast.parse(path.read_bytes()) for name, path in paths.items()}
    for name in set(more) & set(trees):
        body = trees[name].body
        trees[name].body = [node for node in body if getattr(node, "name", None) != "calls"]
    parts = [(name, _bare(trees[name])) for name in sorted(trees)]
    return hashlib.sha256(ascii((parts, more)).encode()).hexdigest()


def _bare(part):
    """Return a syntax tree as nested tuples, the same in every version of Python.

    A string that stands alone, as a docstring does, is left out; so is an empty field, for a
    later version of Python has more of them.
    """
    if isinstance(part, list):
        return [_bare(item) for item in part if not _idle(item)]
    if not isinstance(part, ast.AST):
        return part
    fields = [(name, value) for name, value in ast.iter_fields(part) if value not in (None, [])]
    return type(part).__name__, *((name, _bare(value)) for name, value in fields)


def _idle(node):
    """Return whether a statement is nothing but a string."""
    value = getattr(node, "value", None)
    return (
        isinstance(node, ast.Expr)
        and isinstance(value, ast.Constant)
        and isinstance(value.value, str)
    )


def _version(library):
    try:
        return metadata.version(library).partition("+")[0]
    except metadata.PackageNotFoundError:  # a student's folder has not all of them
        return None
