"""Difference quotients of the losses: how far they are from the gradient, and what they cannot tell apart."""

from __future__ import annotations

from sympy import Derivative, Expr, Ge, Limit, Rational, Symbol, atan, cos, exp, log, sin

from .functions import Defined, equation, in_order, over, relu, sigma, times, total
from .sigmoid_bce import bce
from .softmax import p_j, p_k
from .statement import LowestAt
from .symbols import direction, j, k, logits, p, y, z
from .theorem import topic

h = Symbol("h", real=True)  # the step
size = Symbol("h", positive=True)  # its length, where the direction does not matter
rounding = Symbol("epsilon", positive=True)
bend = Symbol("M", positive=True)  # the size of the third derivative


class rise(Defined):
    """log(1 - p + p e^h): what the loss of target 0 gains when the logit of an output p moves by h.

    >>> from logitgrad.symbolic import p
    >>> rise(p, h).definition
    log(p*exp(h) - p + 1)
    """

    tex = r"\Delta"
    nargs = 2

    @classmethod
    def define(cls, p: Expr, h: Expr) -> Expr:
        return log(1 - p + p * exp(h))


class angle(Defined):
    """The angle of 1 - p + p e^(ih), which is the imaginary part of its logarithm.

    >>> from logitgrad.symbolic import p
    >>> angle(p, h).definition
    atan(p*sin(h)/(p*cos(h) - p + 1))
    """

    tex = r"\theta"
    nargs = 2

    @classmethod
    def define(cls, p: Expr, h: Expr) -> Expr:
        return atan(p * sin(h) / (1 - p + p * cos(h)))


class turning(Defined):
    """The real part of p e^(ih) / (1 - p + p e^(ih)): how fast the angle grows, p at h = 0.

    >>> from logitgrad.symbolic import p
    >>> turning(p, 0).definition.doit()
    p
    """

    tex = r"\rho"
    nargs = 2

    @classmethod
    def define(cls, p: Expr, h: Expr) -> Expr:
        return over(times(p, in_order(p, times(1 - p, cos(h)))), in_order(1, -times(2, p, 1 - p, 1 - cos(h))))


theorem = topic("gradient_checks")
third = times(p, 1 - p, 1 - 2 * p)
best = (3 * rounding / bend) ** Rational(1, 3)
v = direction
pulled_back = Derivative(total(times(v[k], log(p_k))), logits[j])

# What a step does to the loss

theorem(
    "difference-of-the-loss",
    equation(in_order(bce(in_order(z, h), y), -bce(z, y)), in_order(rise(sigma(z), h), -y * h)),
    "What a step of the logit does to the loss depends on the output alone, but for the target's straight line.",
)
theorem(
    "sigmoid-bce-third-derivative",
    equation(Derivative(sigma(z), (z, 2)), times(sigma(z), 1 - sigma(z), 1 - 2 * sigma(z))),
    "The sigmoid's second derivative, which is the loss's third.",
    uses=("sigmoid-bce-second-derivative",),
)
theorem(
    "difference-forward",
    equation(Limit(over(in_order(rise(p, h), -p * h), h**2), h, 0, "+"), times(p, 1 - p) / 2),
    "The forward difference is off by half the second derivative times the step.",
    uses=("difference-of-the-loss",),
)
theorem(
    "difference-central",
    equation(Limit(over(in_order(rise(p, h), -rise(p, -h), -2 * p * h), 2 * h**3), h, 0, "+"), third / 6),
    "The central difference is off by a sixth of the third derivative times the step's square.",
    uses=("difference-of-the-loss", "sigmoid-bce-third-derivative"),
)
theorem(
    "complex-step-rate",
    equation(Derivative(angle(p, h), h), turning(p, h)),
    "How fast the angle grows that a complex step reads off.",
    uses=("difference-of-the-loss",),
)
theorem(
    "complex-step-error",
    equation(Limit(over(in_order(turning(p, h), -p), h**2), h, 0, "+"), -third / 2),
    "The angle's rate falls behind p by half the third derivative times the step's square; its mean by a sixth.",
    uses=("complex-step-rate", "sigmoid-bce-third-derivative"),
)
theorem(
    "difference-best-step",
    Ge(rounding / size + bend * size**2 / 6, rounding / best + bend * best**2 / 6),
    "Rounding and bending together are smallest where the step is the cube root of 3 epsilon / M.",
    via=(LowestAt(size, best),),
)

# What a difference does not see

theorem(
    "difference-at-kink",
    equation(in_order(relu(h), -relu(-h)), h),
    "Over a step of h to either side of its kink the ReLU gains h: its central difference there is one half.",
)
theorem(
    "log-softmax-pullback",
    equation(pulled_back, in_order(v[j], -times(p_j, total(v[k])))),
    "What a gradient v of the log-probabilities becomes at the logits.",
    uses=("softmax-jacobian",),
)
theorem(
    "log-softmax-pullback-of-a-label",
    equation(pulled_back, in_order(v[j], p_j)),
    "If v sums to minus one, as behind a labelled loss, the sum may be left out unnoticed.",
    assumptions=(equation(total(v[k]), -1),),
    uses=("log-softmax-pullback",),
)

__all__ = ["angle", "h", "rise", "turning"]
