"""What of a source counts: its syntax tree, and of a table's not what only lists its runs."""

import ast
import hashlib
from typing import NamedTuple

IMPORT = ast.Import | ast.ImportFrom


def hashed(value: object) -> str:
    """Return the SHA-256 of a nest of tuples, lists, strings and numbers."""
    return hashlib.sha256(ascii(value).encode()).hexdigest()


def bare(part: object) -> object:
    """Return a syntax tree as nested tuples, the same in every version of Python.

    A string that stands alone, as a docstring does, is left out; so is an empty field, for a
    later version of Python has more of them.
    """
    if isinstance(part, list):
        return [bare(item) for item in part if not _idle(item)]
    if not isinstance(part, ast.AST):
        return part
    fields = [(name, value) for name, value in ast.iter_fields(part) if value not in (None, [])]
    return type(part).__name__, *((name, bare(value)) for name, value in fields)


def _idle(node):
    """Return whether a statement is nothing but a string."""
    return isinstance(node, ast.Expr) and isinstance(getattr(node.value, "value", None), str)


class Statement(NamedTuple):
    """One statement of a module: the names that it binds, and those that it mentions."""

    module: str
    node: ast.stmt
    bound: set
    mentioned: set

    def serves(self, other: "Statement") -> bool:
        """Return whether another statement mentions a name that this one binds.

        An import serves no other module's import of the same name.
        """
        apart = all(isinstance(each.node, IMPORT) for each in (self, other))
        return other is not self and not apart and bool(self.bound & other.mentioned)


def without_calls(trees: dict[str, ast.Module]) -> dict[str, list]:
    """Return the statements of some modules, without `calls` and what serves nothing else.

    Left out are functions, classes, constants and imports that `calls` mentions, or what it
    mentions, and no other statement of any of the modules does. A name is mentioned where it is
    read, imported, an attribute or a string, whatever it stands for there.
    """
    kept = [
        Statement(module, node, _bound(node), _mentioned(node))
        for module, tree in trees.items()
        for node in _single(tree.body)
    ]
    names, dropped = {"calls"}, kept
    while dropped:
        spare = [one for one in kept if one.bound and one.bound <= names]
        dropped = [one for one in spare if not any(map(one.serves, kept))]
        kept = [one for one in kept if one not in dropped]
        names = names.union(*(one.mentioned for one in dropped))
    return {module: [one.node for one in kept if one.module == module] for module in trees}


def _single(body):
    """Yield statements; of one that imports several names, one for each."""
    for node in body:
        if isinstance(node, IMPORT):
            yield from (type(node)(**{**vars(node), "names": [alias]}) for alias in node.names)
        else:
            yield node


def _bound(node):
    """Return the names that a statement defines; none of one that does more than that."""
    match node:
        case ast.Import(names=[alias]) | ast.ImportFrom(names=[alias]):
            return {alias.asname or alias.name.partition(".")[0]}
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return {name}
        case ast.Assign(targets=[ast.Tuple(elts=parts)]) if {type(p) for p in parts} == {ast.Name}:
            return {part.id for part in parts}
    return set()


def _mentioned(node):
    """Return the names that a statement mentions."""
    found = set()
    for part in ast.walk(node):
        match part:
            case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name):
                found.add(name)
            case ast.alias(name=name):
                found.update(name.split("."))
            case ast.Constant(value=str(name)):
                found.add(name)
    return found
