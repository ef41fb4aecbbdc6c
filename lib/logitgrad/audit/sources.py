"""Which code a measurement was about: a digest of the numeric side's sources."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any

__all__ = ["digest", "reached"]


def digest(modules: Iterable[str]) -> str:
    """Return a SHA-256 digest of modules of `logitgrad.numeric` and of all that they import there.

    It is taken of what the code does: comments, docstrings and layout do not count.
    """
    shapes = {name: _shape(_tree(name)) for name in reached(modules)}
    return hashlib.sha256(repr(sorted(shapes.items())).encode()).hexdigest()


def reached(modules: Iterable[str]) -> set[str]:
    """Return the names of the modules and of those that they import from the same package, however deep."""
    found: set[str] = set()
    todo = list(modules)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += _siblings(_tree(name))
    return found


def _tree(name: str) -> ast.Module:
    return ast.parse(files("logitgrad.numeric").joinpath(f"{name}.py").read_text(encoding="utf-8"))


def _siblings(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            yield from [node.module] if node.module else (alias.name for alias in node.names)


def _shape(node: Any) -> Any:
    """The tree as nested tuples without empty fields, so that it is the same in every version of Python."""
    if isinstance(node, ast.AST):
        fields = ((name, _shape(value)) for name, value in ast.iter_fields(node))
        return (type(node).__name__, *((name, value) for name, value in fields if value not in ("None", ())))
    if isinstance(node, list):
        return tuple(_shape(part) for part in node if not _does_nothing(part))
    return repr(node)


def _does_nothing(node: Any) -> bool:
    """A statement that is a constant: a docstring."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
