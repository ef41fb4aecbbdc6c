"""The exercises of the chapter on tanh and cross-entropy."""

from __future__ import annotations

from sympy import Abs, Derivative, Eq, Gt, Lt, Ne, Symbol, log, sinh, tanh

from ..symbolic import in_order, over, sigma, softplus, z
from .exercise import Condition, Misconception, topic

exercise = topic("tanh_ce")
a, t = tanh(z), Symbol("t", real=True)
slope = 1 - a**2

exercise(
    "ex-tanh-ce-absolute",
    r"For target 1, what is the derivative of the mended loss, $-\log|a|$, by $z \neq 0$?",
    -over(in_order(1, -(a**2)), a),
    {"z": z, "a": a},
    definition=Derivative(-log(tanh(Abs(z))), z),  # tanh is odd, so this is the size of a
    assumptions=(Ne(z, 0),),
    conditions=(Condition(Gt(z, 0), "the logit is positive"), Condition(Lt(z, 0), "the logit is negative")),
    misconceptions=(
        Misconception(-1 / a, "That is the derivative by the output; the tanh has a slope, too."),
        Misconception(slope / a, "The sign is turned: the loss is minus a logarithm."),
        Misconception(-1 / sinh(2 * z), "A factor is lost where sinh z cosh z becomes a function of 2z."),
    ),
)

inner = sigma(-2 * t * z)

exercise(
    "ex-tanh-ce-signed",
    r"For a target $t = \pm 1$, what is the derivative of $\log(1 + e^{-2tz})$ by $z$?",
    in_order(a, -t),
    {"z": z, "t": t, "a": a},
    definition=Derivative(softplus(-2 * t * z), z),
    assumptions=(Eq(t**2, 1),),
    misconceptions=(
        Misconception(-t * inner, "The inner derivative of -2tz is -2t; the 2 is missing."),
        Misconception(inner, "What stands in the exponent, -2tz, has a derivative, too."),
        Misconception(t - a, "The sign is turned: the loss falls where the logit moves towards its target."),
    ),
)
