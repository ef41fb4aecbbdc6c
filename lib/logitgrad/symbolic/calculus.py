"""Differentiation that SymPy's two traps cannot reach.

1. A bound summation index is renamed before differentiating, so that ``d/dz_k`` of a sum over k is not
   captured (plain SymPy returns 1 for d/dz_j of log(sum over j of exp(z_j))).
2. The derivative of max, abs and relu does not exist at the kink: what SymPy writes as Heaviside(0) = 1/2
   or sign(0) = 0 becomes nan, and so does the derivative of a Piecewise where its branch changes.
"""

from __future__ import annotations

from typing import Any

from sympy import (
    Derivative,
    Dummy,
    Eq,
    Expr,
    Float,
    Heaviside,
    Or,
    Piecewise,
    Product,
    Rational,
    Subs,
    Sum,
    nan,
    sign,
)
from sympy.core.basic import Basic
from sympy.core.relational import Relational

from .functions import unfold
from .symbols import K


def fresh_indices(expr: Any) -> Any:
    """Give every summation index a name of its own."""

    def rename(total: Sum | Product) -> Sum | Product:
        names: dict[Expr, Expr] = {}
        limits: list[tuple[Expr, Expr, Expr]] = []
        for index, low, high in reversed(total.limits):  # the bounds of an inner index may contain an outer one
            low, high = low.xreplace(names), high.xreplace(names)
            names[index] = _fresh(index, low, high)
            limits.insert(0, (names[index], low, high))
        return total.func(total.function.xreplace(names), *limits)

    return expr.replace(lambda e: isinstance(e, Sum | Product), rename)


def _fresh(index: Expr, low: Expr, high: Expr) -> Dummy:
    """A new index, which counts as a class (an integer from 1 to K) only where its range lies in 1..K."""
    classes = low.is_positive and (K - high).is_nonnegative
    return Dummy(index.name, integer=True, positive=True) if classes else Dummy(index.name, integer=True)


def differentiate(expr: Expr, *variables: Any) -> Expr:
    """The derivative by each variable in turn, with both traps closed.

    >>> from sympy import Abs
    >>> from logitgrad.symbolic import z
    >>> differentiate(Abs(z), z).subs(z, 0)
    nan
    """
    for variable in variables:
        expr = fresh_indices(expr)
        slope = _undefined_at_kinks(expr.diff(variable))
        expr = Piecewise((nan, Or(*_borders(expr, variable))), (slope, True))
    return expr


def _borders(expr: Expr, variable: Expr) -> list[Any]:
    """Where a Piecewise may change its branch as the variable moves."""
    relations = {relation for node in expr.atoms(Piecewise) for relation in node.atoms(Relational)}
    return [Eq(r.lhs, r.rhs) for r in sorted(relations, key=str) if r.has(variable)]


def _undefined_at_kinks(expr: Expr) -> Expr:
    expr = expr.replace(Heaviside, lambda x, *_: Piecewise((1, x > 0), (0, x < 0), (nan, True)))
    return expr.replace(sign, lambda x: Piecewise((1, x > 0), (-1, x < 0), (nan, True)))


def exact(expr: Any) -> Any:
    """Each float as the binary fraction that it is, so that nothing is rounded away on the road."""
    return expr.xreplace({number: Rational(number) for number in expr.atoms(Float)})


def ground(expr: Any) -> Any:
    """Unfold every named function and carry out every derivative and substitution that can be carried out.

    >>> from sympy import Derivative
    >>> from logitgrad.symbolic import z
    >>> ground(Derivative(z**2, z).subs(z, 3))
    6
    """
    if not isinstance(expr, Basic):
        return expr
    before, expr = None, exact(unfold(expr))
    while expr.has(Derivative, Subs) and expr != before:
        before, expr = expr, expr.replace(_is_ready, _carried_out)
    return expr


def _is_ready(e: Expr) -> bool:
    return isinstance(e, Derivative | Subs) and not e.expr.has(Derivative)


def _carried_out(e: Derivative | Subs) -> Expr:
    if isinstance(e, Subs):
        return fresh_indices(e.expr).xreplace(dict(zip(e.variables, e.point, strict=True)))
    return differentiate(e.expr, *(v for v, n in e.variable_count for _ in range(int(n))))


__all__ = ["differentiate", "exact", "fresh_indices", "ground"]
