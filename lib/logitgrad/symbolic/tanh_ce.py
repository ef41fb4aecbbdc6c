"""Tanh and cross-entropy: where the pairing fails, where it does not, and the repair that is a sigmoid."""

from __future__ import annotations

from sympy import Derivative, Expr, Ge, Gt, Limit, Lt, cosh, coth, im, log, oo, pi, sinh, tanh

from .cross_entropy import ell, ell_slope
from .functions import Defined, equation, in_order, over, sigma, softplus, times
from .symbols import y, z
from .theorem import topic


class tanh_ce(Defined):
    """Binary cross-entropy of an output that runs from -1 to 1: ell(tanh(z), y)."""

    tex = "L"
    nargs = 2

    @classmethod
    def define(cls, z: Expr, y: Expr) -> Expr:
        return ell(tanh(z), y)


theorem = topic("tanh_ce")
a = tanh(z)
loss, gradient = tanh_ce(z, y), Derivative(tanh_ce(z, y), z)
terms = in_order(1, -y, a, -y * coth(z))
moved = over(in_order(1, a), 2)  # the output, moved from (-1, 1) into (0, 1)
signed = over(in_order(1, y), 2)  # a target -1 or 1, moved in the same way

theorem(
    "tanh-derivative",
    equation(Derivative(a, z), times(in_order(1, -a), in_order(1, a))),
    "Tanh's derivative has two factors, one for each end.",
)
theorem(
    "tanh-ce-gradient",
    equation(gradient, over(times(in_order(a, -y), in_order(1, a)), a)),
    "One end of the denominator cancels, the other stays.",
    uses=("cross-entropy-derivative", "tanh-derivative"),
)
theorem(
    "tanh-ce-gradient-terms",
    equation(gradient, terms),
    "The same as a sum.",
)
theorem(
    "tanh-ce-second-derivative",
    equation(Derivative(terms, z), in_order(1 / cosh(z) ** 2, y / sinh(z) ** 2)),
    "The second derivative: positive on either side of 0 for every target from 0 upward.",
    uses=("tanh-ce-gradient-terms",),
)

# Left of 0

theorem(
    "tanh-ce-not-real",
    equation(im(loss), -pi * y),
    "For a negative logit the loss has an imaginary part, unless the target is 0.",
    assumptions=(Lt(z, 0),),
)
theorem(
    "tanh-ce-away",
    Gt(gradient, 0),
    "The gradient's formula is positive there: descent leads further away.",
    assumptions=(Lt(z, 0), Ge(y, 0)),
    via=(2 * sigma(2 * z) * (1 + y / tanh(-z)),),
)
theorem(
    "tanh-ce-gradient-left",
    equation(Limit(gradient, z, -oo), 0),
    "Where the output saturates at -1 the gradient vanishes, whatever the target.",
)
theorem(
    "tanh-ce-zero-target-loss",
    equation(tanh_ce(z, 0), in_order(softplus(2 * z), -log(2))),
    "For target 0 the loss is real everywhere: a softplus, moved down.",
)
theorem(
    "tanh-ce-zero-target-gradient",
    equation(Derivative(tanh_ce(z, 0), z), in_order(1, a)),
    "For target 0 the gradient is 1 + a: positive also where the output is right.",
)
theorem(
    "tanh-ce-zero-target-end",
    equation(Limit(tanh_ce(z, 0), z, -oo), -log(2)),
    "For target 0 the loss is lowest in the limit of output -1, and negative there.",
)

# At 0

theorem(
    "tanh-ce-loss-at-zero",
    equation(Limit(loss, z, 0, "+"), oo),
    "As the logit falls to 0, the loss of a positive target grows without bound.",
    assumptions=(Gt(y, 0),),
)
theorem(
    "tanh-ce-pole-right",
    equation(Limit(gradient, z, 0, "+"), -oo),
    "From the right the pole at 0 pushes back.",
    assumptions=(Gt(y, 0),),
)
theorem(
    "tanh-ce-pole-left",
    equation(Limit(gradient, z, 0, "-"), oo),
    "From the left it pushes away.",
    assumptions=(Gt(y, 0),),
)

# Right of 0

theorem(
    "tanh-ce-factor-right",
    equation(Limit(ell_slope(a, y), z, oo), oo),
    "Where the output saturates at 1 and the target is below 1, the loss's factor grows without bound.",
    assumptions=(Lt(y, 1),),
)
theorem(
    "tanh-saturation",
    equation(Limit(Derivative(a, z), z, oo), 0),
    "Tanh's factor vanishes there.",
)
theorem(
    "tanh-ce-product-right",
    equation(Limit(gradient, z, oo), 2 * (1 - y)),
    "Their product tends to twice the error.",
)
theorem(
    "tanh-ce-loss-right",
    equation(Limit(loss, z, oo), oo),
    "The loss of a target below 1 grows without bound on the right.",
    assumptions=(Lt(y, 1),),
)
theorem(
    "tanh-ce-certain-gradient",
    equation(Derivative(tanh_ce(z, 1), z), -2 / sinh(2 * z)),
    "For target 1 the gradient vanishes as the output approaches 1.",
)
theorem(
    "tanh-ce-certain-loss",
    equation(Limit(tanh_ce(z, 1), z, oo), 0),
    "For target 1 the loss falls to 0 on the right, as it should.",
)

# The repair

theorem(
    "tanh-is-sigmoid",
    equation(moved, sigma(2 * z)),
    "Tanh, moved into the unit interval, is the sigmoid of twice the logit.",
)
theorem(
    "tanh-ce-repaired",
    equation(ell(moved, y), in_order(softplus(2 * z), -2 * y * z)),
    "Cross-entropy of the moved output is binary cross-entropy of twice the logit.",
    uses=("tanh-is-sigmoid", "bce-logit-form"),
)
theorem(
    "tanh-ce-repaired-gradient",
    equation(Derivative(ell(moved, y), z), times(2, in_order(sigma(2 * z), -y))),
    "Its gradient is twice the prediction minus the target.",
    uses=("tanh-ce-repaired", "sigmoid-bce-gradient"),
)
theorem(
    "tanh-ce-signed-gradient",
    equation(Derivative(ell(moved, signed), z), in_order(a, -y)),
    "With targets from -1 to 1 the factor 2 is gone: output minus target.",
    uses=("tanh-ce-repaired-gradient",),
)
theorem(
    "tanh-ce-signed-loss",
    equation(ell(moved, signed), softplus(times(-2, y, z))),
    "For targets -1 and 1 the loss is a softplus.",
    assumptions=(equation(y**2, 1),),
    uses=("tanh-ce-repaired",),
)

__all__ = ["tanh_ce"]
