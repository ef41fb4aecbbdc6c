"""What is public, and when its docstring is complete.

The rule is written down in CONTRIBUTING.md. The book's reference asks it while it is built, and the tests ask it
without a book.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator
from functools import cache, cached_property, reduce
from importlib import import_module
from types import ModuleType
from typing import Any

from sphinx.pycode import ModuleAnalyzer

#: Each has a section in the reference; its names are those of ``__all__``, or what it defines.
PUBLIC = (
    "logitgrad",
    "logitgrad.sigmoid_bce",
    "logitgrad.sigmoid_mse",
    "logitgrad.softmax_ce",
    "logitgrad.relu_ce",
    "logitgrad.tanh_ce",
    "logitgrad.variants",
    "logitgrad.naive",
    "logitgrad.numeric.remedies",
    "logitgrad.numeric.softmax_remedies",
    "logitgrad.symbolic",
    "logitgrad.audit",
    "logitgrad.audit.vectors",
    "logitgrad.verdicts",
    "logitgrad.exercises",
    "logitgrad.exercises.bulk",
    "logitgrad.verify",
    "logitgrad.figures",
    "logitgrad.results",
)

#: Modules of the numeric side whose functions are examples of what fails, not implementations of theorems.
FAILING = ("naive", "remedies", "softmax_remedies")

#: What the docstring of a numeric function has, beside its summary and its example.
NUMERIC = {
    "a formula": r"\A[^\n]*(?:\n[^\n]+)*?`",
    "shapes": r"\b[Ss]hapes?\b",
    "limits": r"\b[Ll]imits?\b",
    "errors": r"\b[Ee]rrors\b|\w+Error\b",
    "a theorem": r"\bTheorems?: ``",
    "a source": r"\bSource: ",
}


def module_named(name: str) -> ModuleType:
    """Return a public module, which may be an attribute of another one: ``logitgrad.sigmoid_bce``."""
    try:
        return import_module(name)
    except ModuleNotFoundError:
        module: ModuleType = reduce(getattr, name.split(".")[1:], import_module(name.split(".")[0]))
        return module


def public(module: ModuleType) -> dict[str, Any]:
    """Return what a module offers: the names of ``__all__``, or else the functions and classes that it defines.

    They come in the order in which they are defined, module by module.
    """
    if hasattr(module, "__all__"):
        names = module.__all__
    else:
        names = [
            name for name, thing in vars(module).items() if home(thing) == module.__name__ and callable(thing)
        ]
    found = {name: getattr(module, name) for name in names if not name.startswith("_")}
    return dict(sorted(found.items(), key=lambda item: _place(module, *item)))


def _place(module: ModuleType, name: str, thing: Any) -> tuple[str, int, str]:
    where = home(thing) or module.__name__
    names = list(vars(sys.modules.get(where, module)))
    return where, names.index(name) if name in names else -1, name


def home(thing: Any) -> str | None:
    """Return the name of the module that defines a function, a class, or an object of a class of ours."""
    return getattr(thing, "__module__", None)


def kind(thing: Any) -> str:
    """Return what a name stands for: "module", "function", "class", "exception", "symbol" or "data"."""
    if inspect.ismodule(thing):
        return "module"
    if inspect.isclass(thing):
        return "exception" if issubclass(thing, BaseException) else "class"
    if inspect.isroutine(thing):
        return "function"
    return "symbol" if type(thing).__module__.startswith("sympy.") else "data"


def lacking(module: ModuleType, name: str) -> list[str]:
    """Return what the docstring of a public name lacks, in words; nothing where it is complete."""
    thing = getattr(module, name)
    match kind(thing):
        case "function":
            return list(_of_function(thing))
        case "class" | "exception":
            return list(_of_class(thing))
        case "data":
            return [] if comment(module, name) else ["a comment that starts with #: above it"]
    return []  # modules have sections of their own; symbols stand in the chapter on notation


def _of_function(function: Any) -> Iterator[str]:
    text = inspect.getdoc(function) or ""
    yield from _of_any(text, raised(function))
    where = home(function) or ""
    if where.startswith("logitgrad.figures."):
        yield from _of_figure(function)
        return
    if ">>> " not in text:
        yield "an example"
    if where.startswith("logitgrad.numeric.") and not where.endswith(FAILING):
        yield from (part for part, pattern in NUMERIC.items() if not re.search(pattern, text))
        yield from (f"the theorem {name}, which is not in the registry" for name in _unknown(text))


def _of_figure(function: Any) -> Iterator[str]:
    from logitgrad import figures

    name = function.__name__
    if name in figures.names():
        if not figures.alt(name).endswith("."):
            yield "an alternative text"
    elif ">>> " not in (inspect.getdoc(function) or ""):
        yield "an example"


def _of_class(cls: type) -> Iterator[str]:
    text = own_text(cls)
    special = [
        part
        for name, part in vars(cls).items()
        if name.startswith("__") and inspect.isfunction(part) and home(part) not in sys.stdlib_module_names
    ]  # Python 3.13 lends each dataclass and named tuple a __replace__
    yield from _of_any(text, set().union(*map(raised, special)))
    if _is_sympy(cls):
        if ">>> " not in text:
            yield "an example"
        return
    yield from (f"its attribute {name}" for name in fields(cls) if not re.search(rf"`{name}`", text))
    for name, function in methods(cls).items():
        yield from (f"{lack} of {name}" for lack in _of_any(inspect.getdoc(function) or "", raised(function)))


def _of_any(text: str, errors: set[str]) -> Iterator[str]:
    if not re.match(r"\S[^\n]*(?:\n[^\n]+)*[.:](?:\n|\Z)", text):
        yield "a summary"
    yield from (f"its {error}" for error in sorted(errors) if error not in text)


def _unknown(text: str) -> list[str]:
    from logitgrad.symbolic import theorems

    found = re.search(r"\bTheorems?:((?:\s*``[\w-]+``,?)+)", text)
    return [name for name in re.findall(r"``([\w-]+)``", found[1]) if name not in theorems] if found else []


def own_text(cls: type) -> str:
    """Return a class's own docstring, not an inherited one or the signature that a dataclass gets."""
    text = inspect.cleandoc(vars(cls).get("__doc__") or "")
    return "" if text.startswith(f"{cls.__name__}(") else text


def fields(cls: type) -> list[str]:
    """Return a class's public attributes: annotated ones, and those that ``__init__`` sets."""
    names = list(vars(cls).get("__annotations__", {}))
    if inspect.isfunction(start := vars(cls).get("__init__")) and not names:
        stored = (node for node in ast.walk(_tree(start)) if isinstance(node, ast.Attribute))
        names = [node.attr for node in stored if isinstance(node.ctx, ast.Store)]
    return [name for name in names if not name.startswith("_")]


def methods(cls: type) -> dict[str, Any]:
    """Return the public methods and properties that a class defines; those of SymPy's protocol are not ours."""
    if _is_sympy(cls):
        return {}
    found = {name: _function(part) for name, part in vars(cls).items() if not name.startswith("_")}
    return {name: function for name, function in found.items() if inspect.isfunction(function)}


def _function(part: Any) -> Any:
    if isinstance(part, property):
        return part.fget
    if isinstance(part, cached_property):
        return part.func
    return part.__func__ if isinstance(part, classmethod | staticmethod) else part


def _is_sympy(cls: type) -> bool:
    return any(base.__module__.startswith("sympy.") for base in cls.__mro__)


def raised(function: Any) -> set[str]:
    """Return the names of the errors that a function's own code raises."""
    thrown = (node.exc for node in ast.walk(_tree(function)) if isinstance(node, ast.Raise) and node.exc)
    names = {ast.unparse(exc.func if isinstance(exc, ast.Call) else exc).rpartition(".")[2] for exc in thrown}
    return {name for name in names if name[0].isupper()}  # the others are caught ones, raised again


def _tree(function: Any) -> ast.AST:
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(function))))
    except OSError:  # a method that dataclass or NamedTuple has written
        return ast.Module([], [])


def comment(module: ModuleType, name: str) -> list[str]:
    """Return the lines of the ``#:`` comment of a public object, from the module or the one it comes from."""
    thing, inside = getattr(module, name), f"{module.__name__}."
    homes = [m for n, m in sorted(sys.modules.items()) if n.startswith(inside) and vars(m).get(name) is thing]
    found = (_comments(one.__name__).get(name) for one in (module, *homes))
    return next((lines for lines in found if lines), [])


@cache
def _comments(module: str) -> dict[str, list[str]]:
    docs = ModuleAnalyzer.for_module(module).find_attr_docs()
    return {name: lines for (owner, name), lines in docs.items() if not owner}
