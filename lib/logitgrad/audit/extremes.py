"""A function at the edge table: infinite and NaN logits, masked classes; and at targets that are none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .calls import Caller, Function, shown
from .vectors.edges import ERROR, Edge, bad_targets, edges

CLOSE = 8  # units: edges are about infinities, not about last digits


@dataclass(frozen=True)
class Extremes:
    """How many lines of a table a function gets right, and what to say of each that it does not."""

    total: int
    wrong: tuple[str, ...]

    @property
    def right(self) -> int:
        """The number of lines that are right."""
        return self.total - len(self.wrong)

    def __str__(self) -> str:
        return f"{self.right} of {self.total}"


def at_edges(function: Function, against: str, dtype: np.dtype[Any]) -> Extremes:
    """Return how a function does where its theorem's limits count."""
    return _extremes(function, edges(_short(against)), dtype)


def refusals(function: Function, against: str, dtype: np.dtype[Any]) -> Extremes:
    """Return how many bad targets a function refuses, by raising anything."""
    return _extremes(function, bad_targets(_short(against), dtype), dtype)


def _short(against: str) -> str:
    return against.removeprefix("logexp.")


def _extremes(function: Function, lines: Iterable[Edge], dtype: np.dtype[Any]) -> Extremes:
    verdicts = [_verdict(function, edge, dtype) for edge in lines]
    return Extremes(len(verdicts), tuple(verdict for verdict in verdicts if verdict is not None))


def _verdict(function: Function, edge: Edge, dtype: np.dtype[Any]) -> str | None:
    """What is wrong at an edge, or None."""
    caller = Caller(function, dtype)
    point = tuple(_argument(argument, dtype) for argument in edge.arguments)
    due = np.full(np.shape(point[0]), np.nan) if edge.result == ERROR else _expected(edge.result)
    results, answered = caller(tuple(argument[None] for argument in point), (1, *due.shape))
    if edge.result == ERROR:
        return f"({shown(point)})" if answered[0] or _shape_only(caller) else None
    if answered[0] and close(results[0], due, dtype):
        return None
    got = shown((results[0],)) if answered[0] else str(next(iter(caller.problems.values())).text)
    return f"{edge.comment}: {shown(point)} gives {got}, not {shown((due,))}"


def _shape_only(caller: Caller) -> bool:
    """Whether a result came back, whatever its shape: that is no refusal."""
    return "raises" not in caller.problems


def _expected(result: Any) -> Any:
    return np.array([float(number) for number in result] if isinstance(result, list) else float(result))


def _argument(argument: Any, dtype: np.dtype[Any]) -> Any:
    """A class index stays an integer; all else is of the type."""
    with np.errstate(all="ignore"):
        return np.asarray(argument) if isinstance(argument, int) else np.asarray(argument, dtype)


def close(got: Any, due: Any, dtype: np.dtype[Any]) -> bool:
    """Whether results are those that are due: infinities and NaN exactly, numbers to a few units."""
    return bool(np.allclose(got, due, rtol=CLOSE * float(np.finfo(dtype).eps), atol=0, equal_nan=True))
