"""One family of functions, one form: exponentials and logarithms expanded, sums of symbolic length collected.

``normal`` is made of identities that hold wherever both sides are defined, so two expressions with the
same normal form are equal. Not all equal expressions reach the same form; the ladder goes on then.
"""

from __future__ import annotations

from typing import Any

from sympy import (
    Add,
    Dummy,
    Expr,
    KroneckerDelta,
    Mul,
    Pow,
    Sum,
    exp,
    expand,
    factor,
    fraction,
    log,
    together,
)
from sympy.functions.elementary.hyperbolic import HyperbolicFunction

from .calculus import fresh_indices
from .signs import POSITIVE, sign_of
from .symbols import K


def normal(e: Any) -> Any:
    """The normal form of an expression without named functions and derivatives.

    >>> from logitgrad.symbolic import z
    >>> from sympy import exp, log
    >>> normal(log(1 + exp(-z)))
    -z + log(exp(z) + 1)
    """
    if not e.args or e.is_Indexed:
        return e
    if isinstance(e, Sum):
        return _normal_sum(e)
    if isinstance(e, HyperbolicFunction):
        e = e.rewrite(exp)
    e = e.func(*(normal(part) for part in e.args))
    if isinstance(e, log):
        return _normal_log(e.args[0])
    if isinstance(e, Pow) and isinstance(e.base, KroneckerDelta) and e.exp.is_positive:
        return e.base
    return expand(e) if isinstance(e, Add | Mul | Pow | exp) else e


def vanishes(e: Expr) -> bool:
    """Whether a normal form is zero: its numerator, over one denominator, expands to nothing."""
    return bool(expand(fraction(together(e))[0]) == 0)


# Logarithms: log(x y) = log(x) + log(y) needs x > 0, so only factors known to be positive leave.


def _normal_log(argument: Expr) -> Expr:
    inside: list[Expr] = []
    outside: list[Expr] = []
    for base, power in (part.as_base_exp() for part in Mul.make_args(factor(together(argument)))):
        if power.is_real and sign_of(base) == POSITIVE:
            outside.append(power * log(base))
        elif power.is_Integer and sign_of(expand(-base)) == POSITIVE:
            outside.append(power * log(expand(-base)))
            inside.append((-1) ** power)
        else:
            inside.append(base**power)
    return expand(Add(*outside, log(Mul(*inside))))  # log(-1) is I*pi


# Sums over the classes. The bound index gets the first name that is free, so that equal sums look equal.

_CLASS = [Dummy(f"k{n}", integer=True, positive=True) for n in range(6)]
_INTEGER = [Dummy(f"n{n}", integer=True) for n in range(6)]  # of a range that leaves 1..K


def _normal_sum(total: Sum) -> Expr:
    total = fresh_indices(total)
    body = total.function
    for index, low, high in total.limits:
        body = _sum_over(normal(body), index, low, high)
    return expand(body)


def _sum_over(body: Expr, index: Expr, low: Expr, high: Expr) -> Expr:
    if (high - low).is_Integer and high - low >= -1:
        return normal(Add(*(body.xreplace({index: low + n}) for n in range(int(high - low) + 1))))
    return Add(*(_sum_of_term(term, index, low, high) for term in Add.make_args(expand(body))))


def _sum_of_term(term: Expr, index: Expr, low: Expr, high: Expr) -> Expr:
    for delta in sorted(term.atoms(KroneckerDelta), key=str):
        if index in delta.args and (low, high) == (1, K):
            # The other index is a class, so exactly one term of the range 1..K is left.
            (other,) = (part for part in delta.args if part != index)
            if _is_class(other) and _is_factor(delta, term):
                return normal(term.xreplace({index: other}))  # the delta becomes 1
    constant, varying = term.as_independent(index)
    if varying == 1 and (high - low + 1).is_nonnegative:
        return constant * (high - low + 1)
    bound = next(name for name in (_CLASS if index.is_positive else _INTEGER) if not varying.has(name))
    return constant * Sum(varying.xreplace({index: bound}), (bound, low, high))


def _is_class(index: Expr) -> bool:
    return bool(index == 1 or (index.is_Symbol and index.is_integer and index.is_positive))


def _is_factor(delta: Expr, term: Expr) -> bool:
    return delta in Mul.make_args(term)


def solve_hypothesis(lhs: Expr, rhs: Expr) -> dict[Expr, Expr]:
    """A hypothesis such as Sum(y) = 1 as a substitution for its sum (or for its symbol)."""
    difference = normal(lhs - rhs)
    for unknown in sorted(difference.atoms(Sum), key=str) + sorted(difference.free_symbols, key=str):
        factor_, rest = difference.coeff(unknown), difference.coeff(unknown, 0)
        if factor_.is_number and factor_ != 0 and expand(factor_ * unknown + rest - difference) == 0:
            return {unknown: -rest / factor_}
    return {}


__all__ = ["normal", "solve_hypothesis", "vanishes"]
