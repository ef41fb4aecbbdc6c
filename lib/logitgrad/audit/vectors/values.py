"""Exact values as a vector carries them: rounded once to a type, and to 40 significant decimal digits."""

from __future__ import annotations

import decimal
import math
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
from sympy import Rational, nan, oo, sympify

from ...symbolic import Undefined, direction, logits, targets, y, z
from ...symbolic.intervals import Evaluator, concrete
from ..exact import FORMS, nearest, point_of

Numbers = tuple[tuple[Any, Rational], ...]

DIGITS = 40

# Enough for what cancels at logits of 2500. What is then still unsettled is a rational number, which SymPy shows,
# or far below the smallest float.
_MOST_BITS = 1 << 12
# Of 2: a decimal exponent has at most four digits. What lies beyond is 0 or infinity in every type.
_LARGEST_EXPONENT = 1 << 15


@dataclass(frozen=True)
class Value:
    """A result: the nearest float of a type, as text, and the digits, or None where the number is too small."""

    rounded: str
    digits: str | None


def text(number: float) -> str:
    """A float as C's ``%a`` writes it: ``0x1.8p+1``, ``-0x0p+0``, ``inf``, ``nan``.

    >>> text(3.0), text(5e-324), text(float("-inf"))
    ('0x1.8p+1', '0x0.0000000000001p-1022', '-inf')
    """
    mantissa, _, power = float(number).hex().partition("p")
    return f"{mantissa.rstrip('0').rstrip('.')}p{power}" if power else mantissa


def value_of(function: str, arguments: tuple[Any, ...], index: int | None, dtype: np.dtype[Any]) -> Value:
    """What a function of `FORMS` should return at finite arguments; targets of a row are a sequence.

    >>> value_of("sigmoid_bce.grad", (37.0, 1.0), None, np.dtype("float64"))
    Value(rounded='-0x1.898471fca6054p-54', digits='-8.533047625744065066149031990776922867695e-17')
    """
    classes = None if isinstance(arguments[0], float) else len(arguments[0])
    form, numbers = _form(function, classes, index), _numbers(arguments)
    settled = _settle(form, numbers, dtype)
    if settled is None or settled.digits is None:
        exactly = form.xreplace(dict(numbers))
        settled = _settle(exactly, (), dtype) if exactly.is_Rational else settled
    return _certain(settled, f"{function} at {arguments}", dtype)


def constant(expr: Any, dtype: np.dtype[Any]) -> Value:
    """A number of SymPy's, infinities and nan included.

    >>> from sympy import log
    >>> constant(log(2), np.dtype("float16")).rounded
    '0x1.63p-1'
    """
    if expr in (oo, -oo, nan):
        return Value(*2 * (text(float(expr)),))
    return _certain(_settle(sympify(expr), (), dtype), f"{expr}", dtype)


def _certain(settled: Value | None, what: str, dtype: np.dtype[Any]) -> Value:
    if settled is None:
        raise Undefined(f"the rounding of {what} to {dtype} cannot be settled")
    return settled


@cache
def _form(function: str, classes: int | None, index: int | None) -> Any:
    point = point_of(function, ((),), index)
    return concrete(FORMS[function], classes, {symbol: at for symbol, at in point.items() if symbol != logits})


@lru_cache(maxsize=8)
def _numbers(arguments: tuple[Any, ...]) -> Numbers:
    """Each symbol and its number, as the binary fraction that it is."""
    if isinstance(arguments[0], float):
        return tuple((symbol, Rational(number)) for symbol, number in zip((z, y), arguments, strict=False))
    rows = zip((logits, targets, direction), arguments, strict=False)
    return tuple((symbol[n], Rational(number)) for symbol, row in rows for n, number in enumerate(row, start=1))


@lru_cache(maxsize=8)
def _evaluator(numbers: Numbers, bits: int) -> Evaluator:
    """One for all components of a result: it remembers the exponentials."""
    return Evaluator(dict(numbers), bits)


def _settle(expr: Any, numbers: Numbers, dtype: np.dtype[Any]) -> Value | None:
    """Raise the precision until both ends of the enclosure give the same float and the same digits."""
    last = None
    for low, high in _enclosures(expr, numbers):
        floats, digits = {_float(end, dtype) for end in (low, high)}, {_digits(end) for end in (low, high)}
        if len(floats) == 1:
            [number] = floats
            last = Value(text(number or (-0.0 if high < 0 else 0.0)), None)  # rounding to 0 keeps a sign
            if len(digits) == 1:
                return Value(last.rounded, *digits)
    return last if last and float.fromhex(last.rounded) == 0 else None


def _enclosures(expr: Any, numbers: Numbers) -> Iterator[tuple[Any, Any]]:
    bits = 256
    while bits <= _MOST_BITS:
        with suppress(Undefined):  # a logarithm of what so few bits cannot tell from 0
            enclosure = _evaluator(numbers, bits)(expr)
            yield enclosure.a, enclosure.b
        bits *= 4


def _beyond(end: Any) -> bool:
    _, mantissa, exponent, length = end._mpi_[0]
    return bool(mantissa) and abs(exponent + length) > _LARGEST_EXPONENT


def _float(end: Any, dtype: np.dtype[Any]) -> float:
    sign, _, exponent, _ = end._mpi_[0]
    if not _beyond(end):
        return nearest(end, dtype)
    return (-math.inf if sign else math.inf) if exponent > 0 else 0.0


def _digits(end: Any) -> str | None:
    """A binary fraction, correctly rounded to `DIGITS` digits."""
    sign, mantissa, exponent, _ = end._mpi_[0]
    if not mantissa:
        return "0"
    if _beyond(end):
        return None
    context = decimal.Context(prec=DIGITS, Emax=10**6, Emin=-(10**6))
    whole = decimal.Decimal(int(mantissa) << max(exponent, 0))
    digits = context.divide(whole, decimal.Decimal(1 << max(-exponent, 0)))  # both exact: rounded once
    return f"{'-' if sign else ''}{digits:.{DIGITS - 1}e}"
