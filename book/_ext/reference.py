"""The library's reference, made of its docstrings: ``{public} logitgrad.sigmoid_bce`` lists what a module offers.

``:from:`` picks the names that one module of a package defines, ``:except:`` all others. A docstring that is not
complete is a warning, and so is a reference to a name that does not exist: a strict build stops.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from operator import attrgetter
from types import ModuleType
from typing import Any

from complete import PUBLIC, comment, home, kind, lacking, methods, module_named, public
from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

logger = logging.getLogger(__name__)

LABELS = re.compile(
    r"(?<![\w`])((?:Shapes?|Limits?|Errors|Theorems?|Sources?|Other names)(?:,? [^:.`]{1,20})?:)(?=\s)"
)
LITERAL = re.compile(r"``([\w-]+)``")
REFERENCE = re.compile(r"(?<![`:\w])`([\w.]+)`(?!`)")


class Public(SphinxDirective):
    """What a module offers, from its docstrings, below the docstring of the module that defines it."""

    required_arguments = 1
    option_spec = {"from": directives.unchanged_required, "except": directives.unchanged_required}  # noqa: RUF012

    def run(self) -> list[nodes.Node]:
        """Warn about what is not complete, and let autodoc describe everything."""
        name, module = self.arguments[0], module_named(self.arguments[0])
        chosen = {own: thing for own, thing in public(module).items() if self._is_chosen(home(thing) or name)}
        for own in chosen:
            for part in lacking(module, own):
                logger.warning("%s.%s: the docstring lacks %s", name, own, part, location=self.get_location())
        entries = [line for own in chosen for line in _entry(module, name, own)]
        source = sys.modules[home(next(iter(chosen.values()))) or name]
        start = _introduction(source) if "from" in self.options else [f".. automodule:: {name}", ""]
        return self._parsed(["```{eval-rst}", *start, *entries, "```"])

    def _is_chosen(self, where: str) -> bool:
        own = where.rpartition(".")[2]
        return own != self.options.get("except") and own == self.options.get("from", own)

    def _parsed(self, lines: list[str]) -> list[nodes.Node]:
        found = nodes.Element()
        self.state.nested_parse(StringList(lines, self.arguments[0]), self.content_offset, found)
        return found.children


def _introduction(module: ModuleType) -> list[str]:
    """The docstring of a module that the page does not name."""
    return [*rewritten(inspect.getdoc(module) or "", module.__name__, list(_scopes(module))), ""]


def _entry(module: ModuleType, name: str, own: str) -> list[str]:
    """The directives that describe a name; modules and symbols are described elsewhere."""
    thing = getattr(module, own)
    match kind(thing):
        case "function":
            return [f".. autofunction:: {name}.{own}", ""]
        case "class" | "exception" as what:
            members = ", ".join(methods(thing))
            return [f".. auto{what}:: {name}.{own}", *([f"   :members: {members}"] if members else []), ""]
        case "data":
            text = [f"   {line}" for line in rewritten("\n".join(comment(module, own)), f"{name}.{own}", [module])]
            return [f".. py:data:: {own}", f"   :module: {name}", "", *text, ""]
    return []


def process(app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """Rewrite a docstring for the page; a figure's is followed by what the picture shows."""
    module = thing if inspect.ismodule(thing) else inspect.getmodule(inspect.unwrap(_function(thing)))
    lines[:] = rewritten("\n".join(lines), name, list(_scopes(module)))
    if (home(thing) or "").startswith("logitgrad.figures."):
        lines += _alternative_text(thing.__name__)


def sign(
    app: Sphinx, what: str, name: str, thing: Any, options: Any, signature: str | None, returns: str | None
) -> tuple[str, str] | None:
    """Give a SymPy function the arguments of its definition, and a default that is a named number its value."""
    if hasattr(thing, "define"):
        return _arguments(thing.__new__ if "__new__" in vars(thing) else thing.define), ""
    if signature is None or not inspect.isfunction(thing):
        return None
    values = inspect.unwrap(thing).__globals__
    numbers = {name: value for name, value in values.items() if isinstance(value, int | float)}
    return re.sub(r"(?<==)[A-Z]+\b", lambda named: str(numbers.get(named[0], named[0])), signature), returns or ""


def _arguments(function: Any) -> str:
    """The arguments as they are given, where SymPy itself says ``*args``."""
    parameters = inspect.signature(function).parameters.values()
    named = [p.replace(annotation=p.empty) for p in parameters if p.name != "cls" and p.kind is not p.VAR_KEYWORD]
    return str(inspect.Signature(named))


def _function(thing: Any) -> Any:
    return getattr(thing, "fget", None) or getattr(thing, "func", None) or thing


def _scopes(module: ModuleType | None) -> Iterator[Any]:
    """Where a name in a docstring is looked up: the module, its package, and so on."""
    while module is not None:
        yield module
        parent = module.__name__.rpartition(".")[0]
        module = module_named(parent) if parent else None


def _alternative_text(name: str) -> list[str]:
    from logitgrad import figures

    return ["", f"*Shows:* {figures.alt(name)}"] if name in figures.names() else []


def rewritten(text: str, name: str, scopes: list[Any]) -> list[str]:
    """Return a docstring with its labels set off, its theorems numbered, and its names linked; examples stay."""
    parts = re.split(r"(^>>>(?:.*\n?)*?(?=\n|\Z))", text, flags=re.M)
    return "".join(part if part.startswith(">>>") else _linked(part, name, scopes) for part in parts).split("\n")


def _linked(text: str, name: str, scopes: list[Any]) -> str:
    text = REFERENCE.sub(_to_names(name, scopes), LABELS.sub(r"*\1*", text))
    return LITERAL.sub(_to_theorem, text)


def _to_theorem(literal: re.Match[str]) -> str:
    from logitgrad.symbolic import theorems

    name = literal[1]
    return f"``{name}`` :eq:`{theorems[name].label}`" if name in theorems else literal[0]


def _to_names(owner: str, scopes: list[Any]) -> Callable[[re.Match[str]], str]:
    """A link where the name is public, code where it is internal, a warning where it is none."""

    def link(reference: re.Match[str]) -> str:
        name = reference[1]
        found = _meant(name.removeprefix("logitgrad."), scopes)
        if found is None:
            logger.warning("the docstring of %s refers to `%s`, which does not exist", owner, name)
        full = _names().get(id(found))
        return f":py:obj:`{name} <{full}>`" if full else f"``{name}``"

    return link


def _meant(name: str, scopes: list[Any]) -> Any:
    for scope in scopes:
        try:
            return attrgetter(name)(scope)
        except AttributeError:
            continue
    return None


def _names() -> dict[int, str]:
    """Where the reference describes an object."""
    modules = {name: module_named(name) for name in PUBLIC}
    described = {
        id(thing): f"{name}.{own}" for name, module in modules.items() for own, thing in public(module).items()
    }
    return described | {id(module): name for name, module in modules.items()}


def setup(app: Sphinx) -> dict[str, object]:
    """Register the directive, and what happens to each docstring and signature."""
    app.setup_extension("sphinx.ext.autodoc")
    app.add_directive("public", Public)
    app.connect("autodoc-process-docstring", process)
    app.connect("autodoc-process-signature", sign)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
