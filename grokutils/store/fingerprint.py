"""A digest of the code that a result depends on."""

import ast
import functools
import hashlib
import importlib.util
from pathlib import Path

import numpy
import torch


@functools.cache
def fingerprint(module):
    """Return a digest of a module's source, of what it imports from its package, of versions."""
    digest = hashlib.sha256(f"torch {torch.__version__} numpy {numpy.__version__}".encode())
    for path in sorted(_sources(module)):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _sources(module, seen=None):
    """Return the source files of a module and of the modules it imports from its package."""
    seen = set() if seen is None else seen
    path = Path(importlib.util.find_spec(module).origin)
    if path in seen:
        return seen
    seen.add(path)
    package = module.partition(".")[0]
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.ImportFrom) or node.module is None:
            continue
        if node.module == package:  # from package import room
            for alias in node.names:
                _sources(f"{package}.{alias.name}", seen)
        elif node.module.startswith(f"{package}."):
            _sources(node.module, seen)
    return seen
