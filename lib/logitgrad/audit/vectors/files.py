"""The two forms of the vectors, JSON with one case on each line and tab-separated lines, and the shipped files."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from fractions import Fraction
from importlib.resources import files
from typing import Any

COLUMNS = ("id", "function", "dtype", "group", "flags", "z", "y", "v", "result", "rest", "scale")


def load() -> dict[str, Any]:
    """Return the shipped vectors, as the JSON file has them.

    >>> load()["format"]
    'logitgrad-vectors'
    """
    document: dict[str, Any] = json.loads(shipped("vectors.json"))
    return document


def shipped(name: str) -> str:
    r"""The text of a file beside this one: ``vectors.json``, ``vectors.tsv`` or ``schema.json``.

    >>> shipped("vectors.tsv").split("\t")[:3]
    ['id', 'function', 'dtype']
    """
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def cases(
    document: dict[str, Any] | None = None, functions: Iterable[str] = (), dtypes: Iterable[str] = ()
) -> Iterator[dict[str, Any]]:
    """Each case, with the function, type, name and flags of its group; of all functions and types, or of some.

    >>> case = next(cases(functions=["sigmoid"], dtypes=["float32"]))
    >>> case["z"], case["result"], float.fromhex(case["result"])
    ('0x0p+0', '0x1p-1', 0.5)
    """
    names, types = set(functions), set(dtypes)
    for function in (document or load())["functions"]:
        for group in function["groups"]:
            if (not names or function["name"] in names) and (not types or group["dtype"] in types):
                shared = {"function": function["name"], "dtype": group["dtype"], "group": group["name"]}
                yield from (shared | {"flags": group["flags"]} | case for case in group["cases"])


def as_json(document: dict[str, Any]) -> str:
    """The document as JSON, with each case on a line of its own.

    >>> from logitgrad.audit.vectors import generate
    >>> as_json(generate(["sigmoid"], ["float16"])).splitlines()[1]
    ' "format": "logitgrad-vectors",'
    """
    return _block(document, ["functions", "groups", "cases"], 0) + "\n"


def _block(part: dict[str, Any], lists: list[str], depth: int) -> str:
    """A dictionary whose last key is a list of such dictionaries; the innermost take one line each."""
    if not lists:
        return json.dumps(part)
    first, *inner = lists
    head = [f'{" " * (depth + 1)}"{key}": {json.dumps(value)},' for key, value in part.items() if key != first]
    items = ",\n".join(_block(item, inner, depth + 2) for item in part[first])
    indent = " " * depth
    return "\n".join([indent + "{", *head, f'{indent} "{first}": [', items, f"{indent} ]", indent + "}"])


def as_tsv(document: dict[str, Any]) -> str:
    r"""The cases as lines of `COLUMNS` with tabs between them; numbers of a row with spaces; "-" for nothing.

    ``rest`` is what rounding took from the exact value, in units in the last place of the result.

    >>> from logitgrad.audit.vectors import generate
    >>> header, first, *others = as_tsv(generate(["sigmoid"], ["float16"])).splitlines()
    >>> header.split("\t")[-3:], first.split("\t")[-3:]
    (['result', 'rest', 'scale'], ['0x1p-1', '0', '-'])
    """
    lines = (COLUMNS, *([_cell(column, case) for column in COLUMNS] for case in cases(document)))
    return "\n".join("\t".join(line) for line in lines) + "\n"


def _cell(column: str, case: dict[str, Any]) -> str:
    value = _rests(case) if column == "rest" else case.get(column, "")
    return (" ".join(value) if isinstance(value, list) else str(value)) or "-"


def _rests(case: dict[str, Any]) -> list[str]:
    """(exact - result) / unit, to six places; 0 for infinities, NaN, and what is too small for any type."""
    if "exact" not in case:
        return []
    results, exacts = (value if isinstance(value, list) else [value] for value in (case["result"], case["exact"]))
    return [_rest(result, exact or "0", case["dtype"]) for result, exact in zip(results, exacts, strict=True)]


def _rest(result: str, exact: str, dtype: str) -> str:
    if "n" in result:  # inf, nan
        return "0"
    rest = (Fraction(exact) - Fraction(float.fromhex(result))) / unit(result, dtype)
    return f"{float(rest):.6f}" if rest else "0"


def unit(number: str, dtype: str) -> Fraction:
    """The distance between neighbouring floats of a type at a number.

    >>> unit("0x1p-1", "float32") == Fraction(1, 2**24)
    True
    """
    digits, least = {"float16": (11, -24), "float32": (24, -149), "float64": (53, -1074)}[dtype]
    _, exponent = math.frexp(float.fromhex(number))
    return Fraction(2) ** (max(exponent - digits, least) if float.fromhex(number) else least)
