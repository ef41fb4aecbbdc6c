"""What the page's worker asks Python for: the verdict on an answer, what was understood of it, a cell's output.

Everything goes in and comes out as JSON. This runs in Pyodide, beside the library's symbolic side.
"""

from __future__ import annotations

import ast
import io
import json
import linecache
import traceback
from collections.abc import Iterable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from types import CodeType
from typing import Any

from logitgrad.exercises import check as checked
from logitgrad.exercises import exercises
from logitgrad.exercises.language import understand
from logitgrad.exercises.spelling import NotUnderstood

#: Of the time after which the page ends a check, what is left to come to "undecided" by itself.
SHARE = 0.8
CELL = "<this cell>"
EARLIER = "<the cells before>"
#: How an object shows itself, the best first; Markdown is for the book's own roles.
SHOWN_BY = {"latex": "_repr_latex_", "html": "_repr_html_"}
#: What the page does not have, and by which name people know it.
MISSING = {"IPython": "IPython", "matplotlib": "Matplotlib", "numpy": "NumPy", "scipy": "SciPy"}
#: What of the library comes with NumPy, or not at all, since it needs more.
LEFT_OUT = dict.fromkeys(("audit", "numeric", "results", "verdicts", "verify"), "NumPy") | {
    "figures": "Matplotlib"
}

#: One output of a cell: its kind, and its content.
Output = dict[str, str]


def check(request: str) -> str:
    """The verdict on an answer: ``{"exercise", "answer", "seconds"}`` in, what `Verdict.as_json` gives out."""
    asked = json.loads(request)
    return json.dumps(checked(asked["exercise"], asked["answer"], seconds=SHARE * asked["seconds"]).as_json())


def preview(request: str) -> str:
    """What is understood so far: ``{"exercise", "answer"}`` in, ``{"latex"}`` or ``{"message"}`` out."""
    asked = json.loads(request)
    try:
        understood = understand(asked["answer"], exercises[asked["exercise"]].vocabulary)
    except (NotUnderstood, ArithmeticError, TypeError, ValueError) as error:
        return json.dumps({"message": str(error)})
    return json.dumps({"latex": understood.latex})


def run(request: str) -> str:
    """Run a cell after what it needs of the cells before it: their sources, then its own, as a JSON list."""
    *before, source = json.loads(request)
    return json.dumps(list(outputs(before, source)))


def outputs(before: list[str], source: str) -> Iterator[Output]:
    """What the cell prints, what it comes to, or the error that ended it."""
    made: list[Output] = []
    space: dict[str, Any] = {"__name__": "__main__", "display": lambda *things: made.extend(map(shown, things))}
    printed = io.StringIO()
    linecache.cache[CELL] = (len(source), None, source.splitlines(keepends=True), CELL)
    with redirect_stdout(printed), redirect_stderr(printed):
        try:
            tree = ast.parse(source, CELL)
            execute(ast.Module(list(needed(before, tree)), []), EARLIER, space)
            printed.seek(0)
            printed.truncate()
            value = result(tree, space)
            if value is not None and not source.rstrip().endswith(";"):
                made.append(shown(value))
        except ImportError as error:
            lacking = missing(error)
            made.append({"kind": "missing" if lacking else "error", "content": lacking or told(error)})
        except BaseException as error:  # a cell may raise anything: the page shows it
            made.append({"kind": "error", "content": told(error)})
    if printed.getvalue():
        yield {"kind": "text", "content": printed.getvalue()}
    yield from made


def execute(tree: ast.Module | ast.Expression, name: str, space: dict[str, Any]) -> Any:
    """Run statements, or give an expression's value."""
    mode = "eval" if isinstance(tree, ast.Expression) else "exec"
    code: CodeType = compile(tree, name, mode, dont_inherit=True)
    return eval(code, space)


def result(tree: ast.Module, space: dict[str, Any]) -> Any:
    """Run a cell; if it ends in an expression, its value."""
    if tree.body and isinstance(last := tree.body[-1], ast.Expr):
        execute(ast.Module(tree.body[:-1], []), CELL, space)
        return execute(ast.Expression(last.value), CELL, space)
    return execute(tree, CELL, space)


def needed(before: Iterable[str], tree: ast.AST) -> list[ast.stmt]:
    """The statements of earlier cells that bind a name which the cell uses, or which such a statement uses.

    So a derivation runs without NumPy on a page whose first cell imports it. What an earlier cell only prints or
    asserts is not run again.
    """
    statements = [part for source in before for statement in ast.parse(source).body for part in split(statement)]
    wanted, chosen = used(tree), []
    for statement in reversed(statements):
        if bound(statement) & wanted:
            wanted |= used(statement)
            chosen.append(statement)
    return chosen[::-1]


def split(statement: ast.stmt) -> Iterator[ast.stmt]:
    """An import of several names as imports of one."""
    match statement:
        case ast.Import(names=names):
            yield from (ast.copy_location(ast.Import([name]), statement) for name in names)
        case ast.ImportFrom(module=module, names=names, level=level):
            yield from (ast.copy_location(ast.ImportFrom(module, [name], level), statement) for name in names)
        case _:
            yield statement


def used(tree: ast.AST) -> set[str]:
    """All names in some code, however they are used."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def bound(statement: ast.stmt) -> set[str]:
    """The names that a statement gives a value, or changes by an index or an attribute."""
    names = {part.id for node in ast.walk(statement) if _stores(node) for part in _names(node)}
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        names = {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        names = {(one.asname or one.name).partition(".")[0] for one in statement.names}
    return names


def _stores(node: ast.AST) -> bool:
    return isinstance(getattr(node, "ctx", None), ast.Store)


def _names(node: ast.AST) -> Iterator[ast.Name]:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    if isinstance(node, ast.Name):
        yield node


def shown(value: Any) -> Output:
    """A value as a notebook would show it."""
    for kind, method in SHOWN_BY.items():
        content = getattr(value, method, lambda: None)() if not isinstance(value, type) else None
        if content:
            return {"kind": kind, "content": content}
    return {"kind": "text", "content": repr(value)}


def missing(error: ImportError) -> str:
    """What a cell needs and the page does not have; nothing, if it is a mistake of the cell's."""
    package, _, part = (error.name or "").partition(".")
    if package == "logitgrad":  # "import logitgrad.audit", or "from logitgrad import audit"
        return LEFT_OUT.get(part.partition(".")[0] or getattr(error, "name_from", ""), "")
    return MISSING.get(package, "")


def told(error: BaseException) -> str:
    """What Python says of an error, from the cell on: what is around it is the page's own."""
    trace = error.__traceback__
    while trace and trace.tb_frame.f_code.co_filename not in (CELL, EARLIER):
        trace = trace.tb_next
    return "".join(traceback.format_exception(type(error), error, trace))
