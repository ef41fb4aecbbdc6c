"""Sigmoid and binary cross-entropy: the gradient sigma(z) - y, and forms safe in floating point."""

from __future__ import annotations

from sympy import (
    Abs,
    And,
    Derivative,
    Expr,
    Ge,
    Gt,
    Le,
    Limit,
    Lt,
    Max,
    Min,
    Piecewise,
    exp,
    log,
    oo,
)

from .cross_entropy import ell, ell_slope
from .functions import Defined, equation, in_order, sigma, softplus, times
from .symbols import y, z
from .theorem import topic


class bce(Defined):
    """Binary cross-entropy of a logit, in nats: ell(sigma(z), y).

    >>> from logitgrad.symbolic import prove_equal, sigma, y, z
    >>> print(prove_equal(Derivative(bce(z, y), z), sigma(z) - y))
    proved by rewriting
    """

    tex = "L"
    nargs = 2

    @classmethod
    def define(cls, z: Expr, y: Expr) -> Expr:
        return ell(sigma(z), y)

    def fdiff(self, argindex: int = 1) -> Expr:
        z, y = self.args
        return sigma(z) - y if argindex == 1 else -z


theorem = topic("sigmoid_bce")
slope = ell_slope(sigma(z), y)  # dL/dp, at p = sigma(z)
e = exp(-Abs(z))  # the one exponential of the stable forms
hard = (equation(y * (1 - y), 0),)  # the target is 0 or 1

# The sigmoid

theorem(
    "sigmoid-derivative",
    equation(Derivative(sigma(z), z), times(sigma(z), 1 - sigma(z))),
    "The sigmoid's derivative is p(1 - p).",
)
theorem(
    "sigmoid-symmetry",
    equation(sigma(-z), 1 - sigma(z)),
    "The two classes change places when the logit changes sign.",
)
theorem("sigmoid-limit-right", equation(Limit(sigma(z), z, oo), 1), "The sigmoid tends to 1 on the right.")
theorem("sigmoid-limit-left", equation(Limit(sigma(z), z, -oo), 0), "The sigmoid tends to 0 on the left.")
theorem(
    "sigmoid-range",
    And(Gt(sigma(z), 0, evaluate=False), Lt(sigma(z), 1, evaluate=False)),
    "For every real logit the sigmoid lies strictly between 0 and 1.",
)
theorem("log-sigmoid", equation(log(sigma(z)), -softplus(-z)), "The logarithm of the sigmoid is minus a softplus.")
theorem(
    "softplus-derivative",
    equation(Derivative(softplus(z), z), sigma(z)),
    "The sigmoid is the derivative of softplus.",
)

# The gradient

theorem(
    "sigmoid-bce-gradient",
    equation(Derivative(bce(z, y), z), in_order(sigma(z), -y)),
    "The gradient by the logit is the prediction minus the target, for every real target.",
    uses=("sigmoid-derivative", "cross-entropy-derivative"),
)
theorem(
    "sigmoid-bce-second-derivative",
    equation(Derivative(bce(z, y), (z, 2)), times(sigma(z), 1 - sigma(z))),
    "The second derivative does not depend on the target.",
    uses=("sigmoid-bce-gradient", "sigmoid-derivative"),
)
theorem(
    "sigmoid-bce-convex",
    Gt(Derivative(bce(z, y), (z, 2)), 0),
    "The loss is strictly convex in the logit.",
)
theorem(
    "sigmoid-bce-nonnegative",
    Ge(bce(z, y), 0),
    "The loss is never negative for targets from 0 to 1.",
    assumptions=(Ge(y, 0), Le(y, 1)),
    via=(times(1 - y, softplus(z)) + times(y, softplus(-z)),),
)

# The two factors of the chain rule, and their product

theorem(
    "sigmoid-bce-factor-right",
    equation(Limit(slope, z, oo), oo),
    "Where the output saturates at 1 and the target is not 1, the loss's factor grows without bound.",
    assumptions=(Lt(y, 1),),
)
theorem(
    "sigmoid-bce-factor-left",
    equation(Limit(slope, z, -oo), -oo),
    "Where the output saturates at 0 and the target is not 0, the loss's factor falls without bound.",
    assumptions=(Gt(y, 0),),
)
theorem(
    "sigmoid-saturation",
    equation(Limit(Derivative(sigma(z), z), z, oo), 0),
    "The sigmoid's factor vanishes where the output saturates.",
)
theorem(
    "sigmoid-bce-product-right",
    equation(Limit(times(slope, Derivative(sigma(z), z)), z, oo), 1 - y),
    "The product of the two factors keeps a finite limit: 1 where the target is 0.",
)
theorem(
    "sigmoid-bce-product-left",
    equation(Limit(times(slope, Derivative(sigma(z), z)), z, -oo), -y),
    "On the other side the product tends to minus the target.",
)
theorem(
    "sigmoid-bce-wrong-and-saturated",
    equation(Limit(in_order(bce(z, 0), -z), z, oo), 0),
    "A confident wrong prediction costs its logit: the loss is asymptotically linear.",
)

# Forms for floating point. Each equals the loss, or its derivatives, for all real logits.

theorem(
    "bce-logit-form", equation(bce(z, y), in_order(softplus(z), -y * z)), "The loss in terms of the logit alone."
)
theorem(
    "bce-stable-loss",
    equation(bce(z, y), in_order(Max(z, 0), -y * z, log(1 + exp(-Abs(z))))),
    "The loss without an exponential that can overflow.",
)
theorem(
    "bce-stable-soft-loss",
    equation(bce(z, y), in_order(times(1 - y, Max(z, 0)), times(y, Max(-z, 0)), log(1 + exp(-Abs(z))))),
    "The same without a difference: for targets from 0 to 1 every term is positive or 0.",
)
theorem(
    "bce-margin-loss",
    equation(bce(z, y), softplus(times(1 - 2 * y, z))),
    "For targets 0 and 1 the loss is the softplus of the margin.",
    assumptions=hard,
)
theorem(
    "bce-margin-gradient",
    equation(Derivative(bce(z, y), z), times(1 - 2 * y, sigma(times(1 - 2 * y, z)))),
    "For targets 0 and 1 the gradient is a signed sigmoid of the margin: nothing cancels.",
    assumptions=hard,
)
theorem(
    "bce-soft-gradient",
    equation(Derivative(bce(z, y), z), in_order(times(1 - y, sigma(z)), -y * sigma(-z))),
    "The gradient as a difference of the two classes' shares.",
)
theorem(
    "bce-stable-second-derivative",
    equation(Derivative(bce(z, y), (z, 2)), times(sigma(z), sigma(-z))),
    "The second derivative without 1 - p.",
)
theorem(
    "sigmoid-stable",
    equation(sigma(z), exp(Min(z, 0)) / (1 + exp(-Abs(z)))),
    "The sigmoid without an exponential of a positive number.",
)
theorem(
    "softplus-stable",
    equation(softplus(z), in_order(Max(z, 0), log(1 + exp(-Abs(z))))),
    "Softplus without an exponential of a positive number.",
)
theorem(
    "bce-half-form",
    equation(
        Derivative(bce(z, y), z),
        Piecewise((in_order(1, -y, -e / (1 + e)), z > 0), (in_order(e / (1 + e), -y), True)),
    ),
    "The gradient from one exponential, by the sign of the logit.",
)

__all__ = ["bce"]
