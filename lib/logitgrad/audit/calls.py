"""Calls of functions that nobody vouches for: what they raise, change or return wrongly is noted, never fatal."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Function = Callable[..., Any]

FATAL = (Exception, SystemExit)  # to a call; only Ctrl-C ends the audit


def need_subnormals() -> None:
    """Raise FloatingPointError where the processor takes subnormal numbers for 0: nothing can be measured then.

    Code that is compiled with ``-ffast-math`` sets this mode for the whole thread.
    """
    if sys.float_info.min / 2 == 0:
        raise FloatingPointError("subnormal numbers have been switched off in this process")


@dataclass
class Problem:
    """Something wrong besides the numbers: its kind, its first case, how many points it met (0: not counted)."""

    kind: str
    text: str
    points: int = 0

    def __str__(self) -> str:
        return f"{self.text} ({self.points} points)" if self.points > 1 else self.text


@dataclass
class Caller:
    """Calls a function on many points at once; where that fails, on halves of them, down to single points."""

    function: Function
    dtype: np.dtype[Any]
    problems: dict[str, Problem] = field(default_factory=dict)

    def __call__(self, arguments: tuple[Array, ...], shape: tuple[int, ...]) -> tuple[Array, Array]:
        """Return the results in the shape that is due, and at which points there is one; NaN elsewhere."""
        results, answered = np.full(shape, np.nan), np.zeros(shape[0], bool)
        self._fill(results, answered, arguments)
        return results, answered

    def _fill(self, results: Array, answered: Array, arguments: tuple[Array, ...]) -> None:
        try:
            result = np.asarray(self._call(arguments))
        except FATAL as error:
            if len(results) > 1:
                for half in (slice(None, len(results) // 2), slice(len(results) // 2, None)):
                    self._fill(results[half], answered[half], tuple(argument[half] for argument in arguments))
            elif not self._filled_alone(results, answered, arguments):
                at = shown(tuple(argument[0] for argument in arguments))
                self.note("raises", f"raises {type(error).__name__}: {_first_line(error)}, first at {at}", 1)
            return
        alone = len(results) == 1 and result.shape != results.shape
        if not (alone and self._filled_alone(results, answered, arguments)):
            answered[...] = self._filled(results, result, len(results))

    def _filled_alone(self, results: Array, answered: Array, arguments: tuple[Array, ...]) -> bool:
        """Try a point without the axis of the batch: a function of one number is as welcome as one of arrays."""
        try:
            result = np.asarray(self._call(tuple(argument[0] for argument in arguments)))
        except FATAL:
            return False
        if result.shape != results.shape[1:]:
            return False
        self.note("arrays", "takes no array: it was called point by point", 1)
        answered[0] = self._filled(results[0, ...], result, 1)
        return True

    def _call(self, arguments: tuple[Any, ...]) -> Any:
        given = tuple(np.copy(argument) if np.ndim(argument) else argument for argument in arguments)
        with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"):
            warnings.simplefilter("always")
            warnings.simplefilter("ignore", DeprecationWarning)  # of names, not of numbers
            result = self.function(*given)
        need_subnormals()
        for warning in caught[:1]:
            self.note("warns", f"warns: {_first_line(warning.message)}")
        if any(not np.array_equal(a, b, equal_nan=True) for a, b in zip(given, arguments, strict=True)):
            self.note("mutates", "changes its input")
        return result

    def _filled(self, results: Array, result: Array, points: int) -> bool:
        """Whether a result has the shape that is due, and real numbers, which then stand in ``results``."""
        if result.dtype.kind not in "fiub":
            self.note("dtype", f"returns {result.dtype}, not {self.dtype}", points)
            return False
        if result.shape != results.shape:
            self.note("shape", f"returns the shape {result.shape} where {results.shape} is due", points)
            return False
        if result.dtype != self.dtype:
            self.note("dtype", f"returns {result.dtype}, not {self.dtype}", points)
        results[...] = result
        return True

    def note(self, kind: str, text: str, points: int = 0) -> None:
        """Keep a problem and count its points; the first case of its kind is the one that is described."""
        self.problems.setdefault(kind, Problem(kind, text)).points += points


def shown(point: tuple[Any, ...]) -> str:
    """Return a point's arguments as text, long rows shortened."""
    return ", ".join(shortened(argument) for argument in point)


def shortened(argument: Any, most: int = 10) -> str:
    """Return a number or a row as Python writes it; of a long row, the first entries."""
    if not np.ndim(argument):
        return repr(np.asarray(argument).item())
    entries = [repr(number) for number in np.asarray(argument)[:most].tolist()]
    return f"[{', '.join(entries)}{', ...' if len(argument) > most else ''}]"


def _first_line(message: Any) -> str:
    return (str(message).strip() or "no message").splitlines()[0][:120]
