"""Sigmoid and squared error: a gradient that vanishes where the output is most wrong."""

from __future__ import annotations

from sympy import And, Derivative, Expr, Ge, Gt, Le, Limit, Lt, Rational, log, oo

from .cross_entropy import ell
from .functions import Defined, equation, in_order, sigma, times
from .symbols import half, p, y, z
from .theorem import topic


class squared_error(Defined):
    """Half the squared error of an output p under a target y: (p - y)^2 / 2.

    >>> from logitgrad.symbolic import p, squared_error
    >>> squared_error(p, 1).definition
    (p - 1)**2/2
    """

    tex = r"\operatorname{se}"
    nargs = 2

    @classmethod
    def define(cls, p: Expr, y: Expr) -> Expr:
        return (p - y) ** 2 / 2


class mse(Defined):
    """Half the squared error of a logit: squared_error(sigma(z), y).

    >>> from logitgrad.symbolic import prove_equal, sigma, y, z
    >>> print(prove_equal(Derivative(mse(z, y), z), (sigma(z) - y) * sigma(z) * sigma(-z)))
    proved by rewriting
    """

    tex = "L"
    nargs = 2

    @classmethod
    def define(cls, z: Expr, y: Expr) -> Expr:
        return squared_error(sigma(z), y)

    def fdiff(self, argindex: int = 1) -> Expr:
        z, y = self.args
        return times(sigma(z) - y, sigma(z), 1 - sigma(z)) if argindex == 1 else y - sigma(z)


theorem = topic("sigmoid_mse")
loss, gradient, curvature = mse(z, y), Derivative(mse(z, y), z), Derivative(mse(z, y), (z, 2))
right, wrong = sigma(-z), sigma(z)  # the two classes' shares, as target 0 sees them
error, slope = in_order(sigma(z), -y), Derivative(sigma(z), z)
unit = (Ge(y, 0), Le(y, 1))  # the target lies in [0, 1]
hard = (equation(y * (1 - y), 0),)  # the target is 0 or 1
third, peak = Rational(1, 3), Rational(4, 27)

# The two factors of the chain rule, and their product

theorem(
    "squared-error-slope",
    equation(Derivative(squared_error(p, y), p), in_order(p, -y)),
    "The derivative by the output is the error itself.",
)
theorem(
    "squared-error-slope-bounded",
    And(Ge(in_order(p, -y), -1), Le(in_order(p, -y), 1)),
    "For outputs and targets from 0 to 1 that derivative never exceeds 1 in size.",
    assumptions=(Ge(p, 0), Le(p, 1), *unit),
)
theorem(
    "sigmoid-slope-bounded",
    Le(slope, Rational(1, 4)),
    "The sigmoid's derivative is at most 1/4.",
    via=((sigma(z) - half) ** 2,),
)
theorem(
    "sigmoid-increasing",
    Gt(slope, 0),
    "The sigmoid rises everywhere, so it takes each value once.",
)
theorem(
    "sigmoid-mse-gradient",
    equation(gradient, times(error, sigma(z), 1 - sigma(z))),
    "The gradient by the logit is the error times p(1 - p).",
    uses=("squared-error-slope",),
)
theorem(
    "sigmoid-mse-against-bce",
    equation(gradient, times(Derivative(ell(sigma(z), y), z), slope)),
    "It is cross-entropy's gradient, multiplied once more by the sigmoid's derivative.",
)
theorem(
    "sigmoid-mse-mirror",
    equation(loss, mse(-z, 1 - y)),
    "The two classes change places when the logit changes sign.",
)

# Where the unit saturates

theorem(
    "sigmoid-mse-gradient-right",
    equation(Limit(gradient, z, oo), 0),
    "The gradient vanishes where the output saturates at 1, whatever the target.",
)
theorem(
    "sigmoid-mse-gradient-left",
    equation(Limit(gradient, z, -oo), 0),
    "It vanishes where the output saturates at 0, whatever the target.",
)
theorem(
    "sigmoid-mse-rate-right",
    equation(Limit(gradient / sigma(-z), z, oo), 1 - y),
    "On the right the gradient falls off as 1 - p does, which is about e^-z.",
)
theorem(
    "sigmoid-mse-rate-left",
    equation(Limit(gradient / sigma(z), z, -oo), -y),
    "On the left it falls off as p does.",
)
theorem(
    "sigmoid-mse-plateau-right",
    equation(Limit(loss, z, oo), (1 - y) ** 2 / 2),
    "On the right the loss ends on a plateau.",
)
theorem(
    "sigmoid-mse-plateau-left",
    equation(Limit(loss, z, -oo), y**2 / 2),
    "On the left it ends on another.",
)
theorem(
    "sigmoid-mse-bounded",
    Lt(loss, half),
    "For targets from 0 to 1 no prediction costs as much as 1/2.",
    assumptions=unit,
    via=((right + y) * (wrong + (1 - y)) / 2,),
)

# How large the gradient can be

theorem(
    "sigmoid-mse-peak",
    equation(
        in_order(peak, -Derivative(mse(z, 0), z)),
        times(in_order(sigma(z), third), in_order(sigma(z), -2 * third) ** 2),
    ),
    "For target 0 the gradient stays below 4/27, which it reaches where the output is 2/3, and only there.",
)
theorem(
    "sigmoid-mse-peak-logit",
    equation(sigma(log(2)), 2 * third),
    "The output is 2/3 at the logit log 2.",
)
theorem(
    "sigmoid-mse-upper-bound",
    Le(gradient, peak),
    "No target from 0 upward gives a larger gradient than 4/27.",
    assumptions=(Ge(y, 0),),
    uses=("sigmoid-mse-peak",),
    via=((wrong + third) * (wrong - 2 * third) ** 2 + y * wrong * right,),
)
theorem(
    "sigmoid-mse-lower-bound",
    Ge(gradient, -peak),
    "No target up to 1 gives one below -4/27.",
    assumptions=(Le(y, 1),),
    uses=("sigmoid-mse-peak",),
    via=((right + third) * (right - 2 * third) ** 2 + (1 - y) * wrong * right,),
)

# The shape of the loss

theorem(
    "sigmoid-mse-second-derivative",
    equation(curvature, in_order(slope**2, times(error, Derivative(sigma(z), (z, 2))))),
    "The second derivative has a term that grows with the error and need not be positive.",
    uses=("sigmoid-mse-gradient",),
)
theorem(
    "sigmoid-mse-zero-target-curvature",
    equation(Derivative(mse(z, 0), (z, 2)), times(sigma(z) ** 2, 1 - sigma(z), in_order(2, -3 * sigma(z)))),
    "For target 0 the loss is convex while the output is below 2/3, and concave beyond.",
)
theorem(
    "sigmoid-mse-inflections",
    equation(
        curvature,
        times(
            third,
            sigma(z),
            1 - sigma(z),
            in_order(1, -y, y**2, -(in_order(3 * sigma(z), -1, -y) ** 2)),
        ),
    ),
    "The loss is convex while the output lies between two values, and concave outside them.",
)
theorem(
    "sigmoid-mse-no-optimum",
    Gt(Derivative(mse(z, 0), z), 0),
    "For target 0 the loss rises everywhere: no finite logit is best.",
)
theorem(
    "sigmoid-mse-direction",
    Ge(times(error, gradient), 0),
    "The gradient never has the wrong sign.",
)
theorem(
    "target-logit",
    equation(sigma(log(y / (1 - y))), y),
    "A target strictly between 0 and 1 is the output of one finite logit, the logarithm of its odds.",
)

# Forms for floating point. Each equals the loss, or its derivatives, for all real logits.

difference = in_order(times(1 - y, sigma(z)), -y * sigma(-z))
margin, opposite = times(1 - 2 * y, z), times(in_order(2 * y, -1), z)

theorem(
    "sigmoid-mse-margin-loss",
    equation(loss, sigma(margin) ** 2 / 2),
    "For targets 0 and 1 the loss is half the square of the margin's sigmoid.",
    assumptions=hard,
)
theorem(
    "sigmoid-mse-margin-gradient",
    equation(gradient, times(1 - 2 * y, sigma(margin) ** 2, sigma(opposite))),
    "For targets 0 and 1 the gradient is a product: nothing cancels.",
    assumptions=hard,
)
theorem(
    "sigmoid-mse-soft-loss",
    equation(loss, difference**2 / 2),
    "The loss from the two classes' shares.",
)
theorem(
    "sigmoid-mse-soft-gradient",
    equation(gradient, times(difference, sigma(z), sigma(-z))),
    "The gradient from the two classes' shares, without 1 - p.",
)
theorem(
    "sigmoid-mse-stable-second-derivative",
    equation(
        curvature,
        times(
            sigma(z),
            sigma(-z),
            in_order(times(sigma(z), sigma(-z)), -times(error, in_order(sigma(z), -sigma(-z)))),
        ),
    ),
    "The second derivative without 1 - p.",
)

__all__ = ["mse", "squared_error"]
