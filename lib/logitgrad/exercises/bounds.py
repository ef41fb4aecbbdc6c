"""What an answer may not exceed, asked before SymPy builds anything.

Python would compute ``9**9**9`` to its last digit, and neither a time limit nor Ctrl-C interrupts one operation of
the interpreter. So each power is looked at while its parts are still small: how many bits a number has, how large
the degree and how many the terms would be, and how large a value can get at the points where the proof engine
looks.
"""

from __future__ import annotations

from functools import reduce
from math import comb, inf, log2
from operator import mul
from typing import Any

from sympy import Abs, Add, Expr, Max, Min, Mul, Pow, Rational, S, Sum, exp, log, sign

from ..symbolic import relu

DIGITS = 15  # of a number as it is typed
BITS = 64  # of a number that comes out
DEGREE = 60  # of a product of sums, if it were multiplied out
TERMS = 4000  # that it would then have
TOWER = 4000  # bits of what stands in an exponent, at the largest coordinate of a point
NUMBERS = 10_000  # the product of all numbers in one exponent: (e^z)^NUMBERS is a polynomial of that degree
_COORDINATE = 6  # bits of the coordinates at which the search for a counterexample looks


class TooLarge(ValueError):
    """The expression would exceed a bound; the message says which."""


def power(base: Expr, exponent: Expr) -> Expr:
    """The power, where it is within all bounds. Raises TooLarge otherwise.

    >>> from sympy import Integer
    >>> power(Integer(2), Integer(10))
    1024
    >>> power(Integer(9), Integer(9) ** 9)
    Traceback (most recent call last):
    ...
    logitgrad.exercises.bounds.TooLarge: the power is too large
    """
    if base.is_zero and exponent.is_zero:
        return S.NaN  # SymPy's 1 is a convention, and 0^0 in an answer a slip
    if exponent.is_Rational:
        times = max(abs(int(exponent.p)), int(exponent.q))
        if base.is_Rational and _bits(base) * times > BITS:
            raise TooLarge("the power is too large")
        if times > DEGREE:
            raise TooLarge(f"exponents go up to {DEGREE} here")
        _check_expansion(_degree(base) * times, _terms(base, times))
    else:
        exponential(exponent)
    return Pow(base, exponent)


def exponential(exponent: Expr) -> Expr:
    """The exponential of an expression, where it is within all bounds. Raises TooLarge otherwise.

    >>> from logitgrad.symbolic import z
    >>> exponential(10**6 * z)
    Traceback (most recent call last):
    ...
    logitgrad.exercises.bounds.TooLarge: the numbers in an exponent are too large
    """
    numbers = [max(abs(int(n.p)), int(n.q)) for n in _rationals(exponent)]
    if reduce(mul, numbers, 1) > NUMBERS:
        raise TooLarge("the numbers in an exponent are too large")
    if _size(exponent) > TOWER:
        raise TooLarge("the exponentials are stacked too high")
    return exp(exponent)


def product(*factors: Expr) -> Expr:
    """The product, where it is within all bounds. Raises TooLarge otherwise."""
    found = Mul(*factors)
    _check_expansion(_degree(found), _terms(found))
    return _within_bits(found)


def total(*terms: Expr) -> Expr:
    """The sum, where it is within all bounds. Raises TooLarge otherwise."""
    return _within_bits(Add(*terms))


def _within_bits(found: Expr) -> Expr:
    if any(_bits(n) > BITS for n in _rationals(found)):
        raise TooLarge("a number has too many digits")
    return found


def _check_expansion(degree: float, terms: float) -> None:
    if degree > DEGREE:
        raise TooLarge(f"multiplied out, its degree is above {DEGREE}")
    if terms > TERMS:
        raise TooLarge(f"multiplied out, it has more than {TERMS} terms")


def _bits(number: Rational) -> int:
    return max(int(number.p).bit_length(), int(number.q).bit_length())


def _rationals(e: Any) -> list[Rational]:
    return [part for part in _nodes(e) if part.is_Rational]


def _nodes(e: Any) -> list[Any]:
    """All parts, each as often as it occurs."""
    found = [e]
    for node in found:
        found += node.args if not node.is_Indexed else ()
    return [node for node in found if isinstance(node, Expr)]


def _degree(e: Expr) -> float:
    if isinstance(e, Pow) and e.exp.is_Rational:
        return _degree(e.base) * max(abs(int(e.exp.p)), 1)
    if isinstance(e, Mul):
        return sum(_degree(part) for part in e.args)
    if isinstance(e, Add):
        return max(_degree(part) for part in e.args)
    return 0 if e.is_number else 1


def _terms(e: Expr, times: int = 1) -> float:
    """How many terms the power would have, multiplied out."""
    if isinstance(e, Pow) and e.exp.is_Rational:
        return _terms(e.base, times * abs(int(e.exp.p)))
    if isinstance(e, Mul):
        return reduce(mul, (_terms(part, times) for part in e.args), 1.0)
    terms = sum(_terms(part) for part in e.args) if isinstance(e, Add) else 1
    return comb(int(terms) + times - 1, times) if terms < TERMS and times <= DEGREE else (inf if terms > 1 else 1)


def _size(e: Any) -> float:
    """An upper bound for the bits before the point of a value, and of its inverse."""
    if e.is_Rational:
        return _bits(e)
    parts = [_size(part) for part in e.args if isinstance(part, Expr) and not e.is_Indexed]
    if isinstance(e, Add | Max | Min):
        return max(parts) + log2(len(parts))
    if isinstance(e, Mul):
        return sum(parts)
    if isinstance(e, Pow) and e.exp.is_Rational:
        return parts[0] * max(1, abs(float(e.exp)))
    if isinstance(e, Pow):
        return parts[0] * _two_to(parts[1])
    if isinstance(e, Sum):
        return _size(e.function) + _COORDINATE
    if isinstance(e, log):
        return log2(parts[0] + 2) + 1
    if isinstance(e, Abs | relu | sign):
        return parts[0]
    return 2 * _two_to(max(parts, default=0) + 1) if parts else _COORDINATE


def _two_to(bits: float) -> float:
    return 2.0**bits if bits < 1000 else inf


__all__ = [
    "BITS",
    "DEGREE",
    "DIGITS",
    "NUMBERS",
    "TERMS",
    "TOWER",
    "TooLarge",
    "exponential",
    "power",
    "product",
    "total",
]
