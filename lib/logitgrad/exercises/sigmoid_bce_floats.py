"""The exercises of the chapter on the sigmoid and binary cross-entropy in floating point."""

from __future__ import annotations

from sympy import Abs, Derivative, Gt, Lt, Ne, exp, log, sign

from ..symbolic import in_order, over, times, z
from .exercise import Condition, Misconception, topic

exercise = topic("sigmoid_bce_floats")
e = exp(-Abs(z))

exercise(
    "ex-sigmoid-bce-floats-where",
    r"For $z \neq 0$, what is the derivative by $z$ of the common term, $\log\bigl(1 + e^{-|z|}\bigr)$?",
    -over(times(sign(z), e), in_order(1, e)),
    {"z": z},
    definition=Derivative(log(1 + e), z),
    assumptions=(Ne(z, 0),),
    conditions=(Condition(Gt(z, 0), "the logit is positive"), Condition(Lt(z, 0), "the logit is negative")),
    misconceptions=(
        Misconception(sign(z) * e / (1 + e), "The exponent is minus the size of z; its sign is lost."),
        Misconception(1 / (1 + e), "The inner derivative is missing: what stands in the logarithm moves with z."),
        Misconception(-sign(z) / (1 + e), "The exponential remains when it is differentiated."),
        Misconception(-sign(z) * e, "The logarithm's own derivative, 1 over what stands in it, is missing."),
    ),
)
