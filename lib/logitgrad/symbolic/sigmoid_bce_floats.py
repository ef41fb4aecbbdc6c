"""Sigmoid and cross-entropy in floats: how close the output is to 1, and what the popular repairs compute."""

from __future__ import annotations

from typing import Any

from sympy import Derivative, Expr, Gt, Limit, Lt, Piecewise, Rational, exp, log, oo

from .cross_entropy import ell
from .functions import Defined, equation, in_order, over, sigma, times
from .symbols import eps, p, y, z
from .theorem import topic


class guarded(Defined):
    """Binary cross-entropy of a logit with a constant inside both logarithms."""

    nargs = 3

    @classmethod
    def define(cls, z: Expr, y: Expr, eps: Expr) -> Expr:
        left, right = in_order(sigma(z), eps), in_order(1, -sigma(z), eps)
        return in_order(times(-y, log(left)), times(-1, 1 - y, log(right)))

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        z, y, eps = (printer._print(argument) for argument in self.args)
        return rf"L_{{{eps}}}({z}, {y})"


LOW = Rational(1, 1000)


class clip(Defined):
    """An output held between 1/1000 and 999/1000."""

    nargs = 1

    @classmethod
    def define(cls, p: Expr) -> Expr:
        return Piecewise((LOW, Lt(p, LOW)), (1 - LOW, Gt(p, 1 - LOW)), (p, True))


theorem = topic("sigmoid_bce_floats")
spread = times(sigma(z), 1 - sigma(z))
guard = guarded(z, y, eps)
clipped = ell(clip(p), y)

theorem(
    "sigmoid-distance-to-one",
    equation(1 - sigma(-log(eps)), eps / (1 + eps)),
    "At the logit -log(eps) the sigmoid is about eps away from 1.",
)
theorem(
    "sigmoid-odds",
    equation(over(sigma(z), 1 - sigma(z)), exp(z)),
    "The odds are the exponential of the logit: a relative error in p is that many times as large in 1 - p.",
)

# A constant inside the logarithms

theorem(
    "guarded-gradient",
    equation(
        Derivative(guard, z),
        times(
            sigma(z),
            sigma(-z),
            in_order(over(1 - y, in_order(sigma(-z), eps)), -over(y, in_order(sigma(z), eps))),
        ),
    ),
    "The gradient of the guarded loss: the spread is still there, and no longer cancels.",
    uses=("sigmoid-derivative", "sigmoid-symmetry"),
)
theorem(
    "guarded-share",
    equation(Derivative(guarded(z, 0, eps), z), times(sigma(z), over(sigma(-z), in_order(sigma(-z), eps)))),
    "For target 0 the guard leaves a share of the gradient, which falls as 1 - p falls below eps.",
    uses=("guarded-gradient",),
)
theorem(
    "guarded-wrong-zero",
    Lt(Derivative(guarded(z, 0, eps), z), over(sigma(-z), eps)),
    "For target 0 the guarded gradient is below (1 - p)/eps, so it vanishes where the output is most wrong.",
    uses=("guarded-gradient",),
)
theorem(
    "guarded-wrong-one",
    Gt(Derivative(guarded(z, 1, eps), z), -over(sigma(z), eps)),
    "For target 1 it is above -p/eps.",
    uses=("guarded-gradient",),
)
theorem(
    "guarded-ceiling",
    equation(Limit(guarded(z, 0, eps), z, oo), -log(eps)),
    "The guarded loss of a wrong answer has a ceiling.",
)
theorem(
    "guarded-below-zero",
    equation(Limit(guarded(z, 1, eps), z, oo), -log(1 + eps)),
    "The guarded loss of a right answer falls below 0.",
)

# A constant in the denominator, and clipping

theorem(
    "eps-below-share",
    Lt(over(spread, in_order(spread, eps)), over(spread, eps)),
    "With a constant in the denominator, the share of the gradient that is left vanishes with the spread.",
)
theorem(
    "clip-flat-above",
    equation(Derivative(clipped, p), 0),
    "An output that was clipped from above receives no gradient, whatever the target.",
    assumptions=(Gt(p, 1 - LOW),),
)
theorem(
    "clip-flat-below",
    equation(Derivative(clipped, p), 0),
    "Nor does one that was clipped from below.",
    assumptions=(Lt(p, LOW),),
)

__all__ = ["clip", "guarded"]
