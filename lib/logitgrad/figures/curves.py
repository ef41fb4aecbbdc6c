"""From a SymPy expression to the points of a curve. No formula is typed a second time here."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sympy import Dummy, Expr, Symbol, lambdify, limit, oo, together

from ..symbolic.calculus import differentiate, ground
from ..symbolic.symbols import K, j

Points = NDArray[np.float64]


def between(low: float, high: float) -> Points:
    """Points from end to end, ever denser towards both: beside a pole a logarithm climbs that slowly."""
    near = np.geomspace(1e-12, 1e-3, 60)
    return low + (high - low) * np.unique([*np.linspace(0, 1, 501), *near, *(1 - near)])


def evaluate(expr: Expr, symbol: Symbol, points: ArrayLike) -> Points:
    """Values of the expression at the points; nan, a gap in the curve, where it is not real or not finite.

    >>> from sympy import log
    >>> from logitgrad.symbolic.symbols import p
    >>> evaluate(log(p), p, [-1, 0, 1])
    array([nan, nan,  0.])
    """
    at = np.asarray(points, dtype=float)
    with np.errstate(all="ignore"):
        values = np.asarray(lambdify(symbol, ground(expr), "numpy")(at))
    real = np.where(np.imag(values) == 0, np.real(values), np.nan)
    return np.broadcast_to(np.where(np.isfinite(real), real, np.nan), at.shape).astype(float)


def derivative(expr: Expr, symbol: Symbol) -> Expr:
    """The derivative of a definition; where there is none, at a kink, it is nan."""
    return differentiate(ground(expr), symbol)


def component(expr: Expr, number: int, classes: int) -> Expr:
    """The component with this number of a result about class j of K, for so many classes.

    >>> from logitgrad.symbolic import softmax
    >>> from logitgrad.symbolic.symbols import logits
    >>> component(softmax(logits, j), 1, 2)
    exp(z[1])/(exp(z[1]) + exp(z[2]))
    """
    return ground(expr).subs({K: classes, j: number}).doit()


def poles(expr: Expr, symbol: Symbol, candidates: Iterable[Expr]) -> list[float]:
    """Those candidates at which the expression has an infinite limit from at least one side."""
    return [float(point) for point in candidates if any(end.is_infinite for end in _ends(expr, symbol, point))]


def _ends(expr: Expr, symbol: Symbol, point: Expr) -> list[Expr]:
    """The limits from both sides, through a variable whose sign decides every max and case on the way."""
    far = Dummy("far", positive=True)
    near = (together(point + side / (1 + far)) for side in (-1, 1))
    return [limit(ground(expr).subs(symbol, at), far, oo) for at in near]
