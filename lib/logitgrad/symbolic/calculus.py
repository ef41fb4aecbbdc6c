"""Differentiation that SymPy's two traps cannot reach.

1. A bound summation index is renamed before differentiating, so that ``d/dz_k`` of a sum over k is not
   captured (plain SymPy returns 1 for d/dz_j of log(sum over j of exp(z_j))).
2. The derivative of max, |.| and relu does not exist at the kink: what SymPy writes as Heaviside(0) = 1/2
   or sign(0) = 0 becomes nan.
"""

from __future__ import annotations

from typing import Any

from sympy import Derivative, Dummy, Expr, Heaviside, Piecewise, Sum, nan, sign
from sympy.core.basic import Basic

from .functions import unfold


def fresh_indices(expr: Any) -> Any:
    """Give every summation index a name of its own."""

    def rename(total: Sum) -> Sum:
        names = {limit[0]: Dummy(limit[0].name, integer=True, positive=True) for limit in total.limits}
        limits = [(names[index], low, high) for index, low, high in total.limits]
        return Sum(total.function.xreplace(names), *limits)

    return expr.replace(lambda e: isinstance(e, Sum), rename)


def differentiate(expr: Expr, *variables: Any) -> Expr:
    """The derivative by each variable in turn, with both traps closed.

    >>> from sympy import Abs
    >>> from logitgrad.symbolic import z
    >>> differentiate(Abs(z), z).subs(z, 0)
    nan
    """
    for variable in variables:
        expr = _undefined_at_kinks(fresh_indices(expr).diff(variable))
    return expr


def _undefined_at_kinks(expr: Expr) -> Expr:
    expr = expr.replace(Heaviside, lambda x, *_: Piecewise((1, x > 0), (0, x < 0), (nan, True)))
    return expr.replace(sign, lambda x: Piecewise((1, x > 0), (-1, x < 0), (nan, True)))


def ground(expr: Any) -> Any:
    """Unfold every named function and carry out every derivative."""
    if not isinstance(expr, Basic):
        return expr
    expr = unfold(expr)
    while expr.has(Derivative):
        expr = expr.replace(
            lambda e: isinstance(e, Derivative) and not e.expr.has(Derivative),
            lambda e: differentiate(e.expr, *(v for v, n in e.variable_count for _ in range(int(n)))),
        )
    return expr


__all__ = ["differentiate", "fresh_indices", "ground"]
