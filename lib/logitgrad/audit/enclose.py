"""The theorems' values at many points: enclosed in intervals, one point after the other."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray
from sympy import Basic, Integer, Sum

from ..symbolic import K, Undefined, direction, ground, i, j, logits, targets, y, z
from ..symbolic.calculus import fresh_indices
from ..symbolic.intervals import Evaluator, Pole
from .exact import FORMS
from .values import NOT_REAL, Exact, Parts, parts_of

Array = NDArray[Any]

GUARD = 24  # bits: an enclosure is this much narrower than a unit in the last place
MOST_BITS = 1 << 14


def scalar_values(function: str, dtype: DTypeLike, *arguments: Array) -> Exact:
    """Return the values of a function of numbers, at arrays of one shape."""
    enclose, forms = Encloser(dtype), [entry(function, None, None)]
    points = zip(*(np.ravel(a).tolist() for a in arguments), strict=True)
    parts = [enclose(forms, {z: at[0], y: at[-1]})[0] for at in points]
    return Exact.collect(parts, arguments[0].shape)


def row_values(function: str, dtype: DTypeLike, entries: Array | None, *arguments: Array) -> Exact:
    """Return the values of a function of rows, at arrays (n, K).

    Shape: that of ``entries``, which lists entries (from 0) of each row, or (n,) for a function whose result
    is one number. A class with logit -inf is left out, as if it were not there.
    """
    enclose, parts = Encloser(dtype), []
    for number, row in enumerate(zip(*arguments, strict=True)):
        there = np.flatnonzero(np.isfinite(row[0]))
        point = {v[n]: x for v, a in zip(_VECTORS, row, strict=False) for n, x in enumerate(a[there].tolist(), 1)}
        indices = [None] if entries is None else np.searchsorted(there, entries[number]).tolist()
        parts += enclose([entry(function, there.size, index) for index in indices], point)
    return Exact.collect(parts, (len(arguments[0]),) if entries is None else entries.shape)


_VECTORS = (logits, targets, direction)


@lru_cache(maxsize=1 << 14)
def entry(function: str, classes: int | None, index: int | None) -> Any:
    """Return the form of a number, or of one entry (from 0) of a row of so many classes."""
    numbers: dict[Basic, Basic] = {} if classes is None else {K: Integer(classes)}
    if index is not None:
        numbers[i if function == "softmax_ce.hvp" else j] = Integer(index + 1)
    return _prepared(function).xreplace(numbers)


@lru_cache
def _prepared(function: str) -> Any:
    return fresh_indices(ground(FORMS[function]))


class RowEvaluator(Evaluator):
    """As `Evaluator`; it keeps each sum as one thing, so that the entries of a row share it."""

    def _sum(self, e: Sum) -> Any:
        return sum((self(term) for term in terms(e)), self.iv.mpf(0))

    def _compute(self, e: Any) -> Any:
        return self._sum(e) if isinstance(e, Sum) else super()._compute(e)


@lru_cache(maxsize=1024)
def terms(total: Sum) -> tuple[Basic, ...]:
    """Return the terms of a sum over one index whose bounds are numbers."""
    [(index, low, high)] = total.limits
    return tuple(total.function.xreplace({index: Integer(n)}) for n in range(int(low), int(high) + 1))


class Encloser:
    """Encloses forms at a point until a type's unit in the last place is many times wider than the interval.

    It starts with the bits that the point before needed, since neighbours need about as many.
    """

    def __init__(self, dtype: DTypeLike) -> None:
        self.info, self.bits = np.finfo(np.dtype(dtype)), 128

    def __call__(self, forms: Sequence[Any], point: dict[Any, Any]) -> list[Parts]:
        """Return each form's value; `NOT_REAL` where there is certainly none.

        Raises Undefined where even the most bits leave it open.
        """
        bits = max(128, self.bits // 2)
        while (found := self._try(forms, RowEvaluator(point, bits))) is None:
            bits *= 2
            if bits > MOST_BITS:
                raise Undefined(f"the value of {forms[0]} cannot be told at {list(point.values())[:10]}")
        self.bits = bits
        return found

    def _try(self, forms: Sequence[Any], at_point: Evaluator) -> list[Parts] | None:
        found = []
        for form in forms:
            parts = self._one(form, at_point)
            if parts is None:
                return None
            found.append(parts)
        return found

    def _one(self, form: Any, at_point: Evaluator) -> Parts | None:
        try:
            value = at_point(form)
        except Pole:
            return NOT_REAL
        except Undefined:
            return None
        if at_point.not_real(value):
            return NOT_REAL
        value = _real(value)
        return parts_of(value.a) if self._narrow(value) else None

    def _narrow(self, value: Any) -> bool:
        """Whether the width is below 2^-GUARD units in the last place, or of the smallest subnormal."""
        least = int(self.info.minexp) + 1
        size = max(_exponent(value.a, least), _exponent(value.b, least), least)
        unit = size - 1 - int(self.info.nmant)
        return _exponent(value.delta, None) is None or _exponent(value.delta, 0) <= unit - GUARD


def _real(value: Any) -> Any:
    """The real part of an enclosure whose imaginary part may be 0 (as 0 times the logarithm of -1 is)."""
    return value.real if hasattr(value, "imag") else value


def _exponent(end: Any, of_zero: Any) -> Any:
    """The exponent of the next power of two above a number's size."""
    _, mantissa, exponent, length = end._mpi_[0]
    return exponent + length if mantissa else of_zero
