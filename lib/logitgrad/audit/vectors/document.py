"""The vectors as one document: every group of every function, with exact results."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from .edges import ERROR, Edge, bad_targets, edges
from .functions import FUNCTIONS, Function
from .grid import Grid
from .inputs import Arguments
from .reports import REPORTS, Case
from .values import Value, constant, text, value_of

#: The name of the format, in every document.
FORMAT = "logitgrad-vectors"
#: The version of the format.
VERSION = "1.0"
#: The types that have vectors.
DTYPES = ("float16", "float32", "float64")

ABOUT = (
    "Numbers are C99 hexadecimal floats of the type named in the group, or inf, -inf, nan. 'result' is the exact "
    "value rounded to nearest, ties to even. 'exact' has 40 significant digits, or is null: then the value is 0, "
    "or too small for any type, and the sign of the zero in 'result' says nothing. In a formula, i is the class "
    "of a result and K all classes; a class index y counts from 0 and stands for y[k] = 1 at that class."
)
#: What each flag of a group says about its cases.
FLAGS = {
    "Cancellation": "A result of a case is the difference of larger terms, of the size 'scale'; judge its error "
    "against that size.",
    "Contract": "Results are conventions of this library, not theorems: at infinities, NaN and masked classes, "
    "and of the pairings that fail, what their formula gives as it is written.",
    "Invalid": "A target is none: an implementation that checks its inputs refuses the case.",
    "NearTie": "Exact results lie almost halfway between two floats.",
    "Report": "Inputs are those of a public bug report.",
    "Weights": "Targets are weights >= 0 of any sum, not probabilities.",
}

Group = dict[str, Any]


def generate(functions: Iterable[str] = (), dtypes: Iterable[str] = ()) -> dict[str, Any]:
    """Compute the document anew, for all functions and types or for some.

    >>> document = generate(["sigmoid"], ["float16"])
    >>> document["functions"][0]["groups"][0]["cases"][0]["result"]
    '0x1p-1'
    """
    chosen = [function for name, function in FUNCTIONS.items() if name in (set(functions) or FUNCTIONS)]
    types = [dtype for dtype in DTYPES if dtype in (set(dtypes) or DTYPES)]
    return {
        "format": FORMAT,
        "version": VERSION,
        "schema": "schema.json",
        "licence": "MIT",
        "about": ABOUT,
        "flags": FLAGS,
        "functions": [_entry(function, types) for function in chosen],
    }


def _entry(function: Function, dtypes: Iterable[str]) -> dict[str, Any]:
    return {
        "name": function.name,
        "formula": function.formula,
        "inputs": function.inputs,
        "result": "row" if function.row else "number",
        "groups": [group for name in dtypes for group in _groups(function, np.dtype(name))],
    }


def _groups(function: Function, dtype: np.dtype[Any]) -> Iterator[Group]:
    for group in function.groups(Grid(dtype), function.name):
        if cases := [_case(function, dtype, group.name, point) for point in group.points]:
            yield _group(group.name, group.comment, dtype, group.flags, cases)
    for name, comment, flag, table in (
        ("edges", "Infinite logits, masked classes, NaN.", "Contract", edges(function.name)),
        ("bad-targets", "Targets outside their range.", "Invalid", bad_targets(function.name, dtype)),
    ):
        if cases := [_case(function, dtype, name, edge.arguments, edge) for edge in table]:
            yield _group(name, comment, dtype, (flag,), cases)
    yield from _reports(function, dtype)


def _reports(function: Function, dtype: np.dtype[Any]) -> Iterator[Group]:
    """A group for each report and each kind of its cases."""
    for report in REPORTS:
        kinds: dict[tuple[str, ...], list[Any]] = {}
        for case in report.cases:
            if (case.function, case.dtype) == (function.name, dtype.name):
                kind, arguments = _kind(case), _rounded(case.arguments, dtype)
                made = _case(function, dtype, " ".join((report.id, *kind)), arguments, case)
                kinds.setdefault(kind, []).append(made)
        for kind, cases in kinds.items():
            url = f"https://github.com/{report.repository}/issues/{report.number}"
            group = _group(report.id, report.summary, dtype, ("Report", *kind), cases)
            yield group | {"report": url, "cases": group.pop("cases")}


def _kind(case: Case) -> tuple[str, ...]:
    if case.result is None:
        return ("Weights",) if _are_weights(case) else ()
    return ("Invalid",) if case.result == ERROR else ("Contract",)


def _are_weights(case: Case) -> bool:
    targets = case.arguments[1] if len(case.arguments) > 1 else None
    return isinstance(targets, tuple) and sum(targets) != 1


def _group(name: str, comment: str, dtype: np.dtype[Any], flags: Iterable[str], cases: list[Any]) -> Group:
    cancels = ["Cancellation"] if any("scale" in case for case in cases) else []
    flags = sorted([*flags, *cancels])
    unique = list({case["id"]: case for case in cases}.values())
    return {"name": name, "dtype": dtype.name, "comment": comment, "flags": flags, "cases": unique}


def _case(
    function: Function, dtype: np.dtype[Any], group: str, arguments: Arguments, given: Edge | Case | None = None
) -> dict[str, Any]:
    inputs = {name: _written(value) for name, value in zip(function.inputs, arguments, strict=True)}
    case: dict[str, Any] = {"id": _id(function.name, dtype.name, group, inputs)}
    if isinstance(given, Edge):
        case["comment"] = given.comment
    result = given.result if given else None
    if result == ERROR:
        return case | inputs | {"result": ERROR}
    values = _values(function, arguments, result, dtype)
    case |= inputs | {
        "result": _shaped(function, [value.rounded for value in values]),
        "exact": _shaped(function, [value.digits for value in values]),
    }
    scales = [_scale(function, arguments, index, value, dtype) for index, value in enumerate(values)]
    return case | ({"scale": _shaped(function, [text(scale) for scale in scales])} if any(scales) else {})


def _values(function: Function, arguments: Arguments, result: Any, dtype: np.dtype[Any]) -> list[Value]:
    """A value, or one for each class."""
    if result is not None:
        return [constant(number, dtype) for number in (result if function.row else [result])]
    full = _with_one_hot(arguments)
    indices = range(len(arguments[0])) if function.row else (None,)
    return [value_of(function.form, full, index, dtype) for index in indices]


def _with_one_hot(arguments: Arguments) -> Arguments:
    """A class index as the row of targets that it stands for."""
    if len(arguments) < 2 or not isinstance(arguments[1], int):
        return arguments
    row, label, *more = arguments
    return (row, tuple(float(k == label) for k in range(len(row))), *more)


def _scale(function: Function, arguments: Arguments, index: int, value: Value, dtype: np.dtype[Any]) -> float:
    """The size of the terms whose difference a result is, if it is smaller than they are; else 0."""
    numbers = [number for part in arguments for number in (part if isinstance(part, tuple) else (part,))]
    if function.scale is None or not all(map(math.isfinite, numbers)):
        return 0.0
    size = function.scale(arguments, index if function.row else None, dtype)
    return size if abs(float.fromhex(value.rounded)) < size else 0.0


def _shaped(function: Function, values: list[Any]) -> Any:
    return values if function.row else values[0]


def _rounded(value: Any, dtype: np.dtype[Any]) -> Any:
    if isinstance(value, tuple):
        return tuple(_rounded(part, dtype) for part in value)
    return float(dtype.type(value)) if isinstance(value, float) else value


def _written(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_written(part) for part in value]
    return text(value) if isinstance(value, float) else value


def _id(*parts: Any) -> str:
    """Eight digits that depend on what the case is, not on where it stands."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:8]
