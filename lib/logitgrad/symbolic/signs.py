"""Positivity read off the shape of an expression: sums, products and powers of positive things."""

from __future__ import annotations

from typing import Any

from sympy import Add, Dummy, Expr, Mul, Pow, Sum, expand, fraction, log, together

from .intervals import sign_of_number
from .symbols import K

POSITIVE, NONNEGATIVE = 1, 0


def sign_of(e: Any) -> int | None:
    """POSITIVE, NONNEGATIVE, or None where the shape does not tell.

    >>> from logitgrad.symbolic import logits, K, k, z
    >>> from sympy import Sum, exp
    >>> sign_of(Sum(exp(logits[k]), (k, 1, K))), sign_of(z**2), sign_of(z)
    (1, 0, None)
    """
    if e.is_number and (certain := sign_of_number(e)) is not None:
        return {1: POSITIVE, 0: NONNEGATIVE}.get(certain)
    rule = _RULES.get(e.func)
    if _rests_on_numbers(e):
        return rule(e) if rule else None
    if e.is_positive:
        return POSITIVE
    found = rule(e) if rule else None
    return NONNEGATIVE if found is None and e.is_nonnegative else found


def _rests_on_numbers(e: Any) -> bool:
    """Whether SymPy would look at a sum of numbers, whose sign it takes from floats that may have cancelled."""
    return any(part.is_number for part in e.atoms(Add))


def _of_sum(e: Sum) -> int | None:
    # The range 1..K is never empty, since K is a positive integer.
    ranges = all(low == 1 and (high - low).is_nonnegative for _, low, high in e.limits)
    return sign_of(e.function) if ranges else None


def _of_add(e: Add) -> int | None:
    signs = [sign_of(term) for term in e.args]
    return None if None in signs else max(sign for sign in signs if sign is not None)


def _of_mul(e: Mul) -> int | None:
    least, flips = POSITIVE, 0
    for factor in e.args:
        sign = sign_of(factor)
        if sign is None:
            sign, flips = _of_negated(factor), flips + 1
        if sign is None:
            return None
        least = min(least, sign)
    return least if flips % 2 == 0 else None


def _of_negated(factor: Expr) -> int | None:
    if factor.is_negative and not _rests_on_numbers(factor):
        return POSITIVE
    return sign_of(Add(*(-term for term in factor.args))) if isinstance(factor, Add) else None


def _of_pow(e: Pow) -> int | None:
    base, power = e.args
    sign = sign_of(base)
    if sign == POSITIVE and power.is_real:
        return POSITIVE
    if power.is_even and base.is_real:
        return POSITIVE if power.is_negative else NONNEGATIVE  # wherever it has a value
    return NONNEGATIVE if sign == NONNEGATIVE and power.is_positive else None


def _of_log(e: log) -> int | None:
    return sign_of(expand(e.args[0] - 1))


_RULES: dict[Any, Any] = {Sum: _of_sum, Add: _of_add, Mul: _of_mul, Pow: _of_pow, log: _of_log}


def sign_of_quotient(e: Expr) -> int | None:
    """The sign of an expression over one denominator, both parts expanded."""
    top, bottom = (expand(part) for part in fraction(together(e)))
    above, below = sign_of(top), sign_of(bottom)
    if below is None:
        above, below = sign_of(expand(-top)), sign_of(expand(-bottom))
    return above if below == POSITIVE else None


def with_others(e: Expr, index: Expr, at_least_two: bool) -> Expr:
    """Each sum over 1..K of positive terms as its term at ``index`` plus the others, positive if K >= 2."""
    for total in e.atoms(Sum):
        (bound, *limits), *more = total.limits
        if not more and limits == [1, K] and sign_of(total.function) == POSITIVE:
            others = Dummy(positive=True) if at_least_two else Dummy(nonnegative=True)
            e = e.xreplace({total: total.function.xreplace({bound: index}) + others})
    return e


__all__ = ["NONNEGATIVE", "POSITIVE", "sign_of", "sign_of_quotient", "with_others"]
