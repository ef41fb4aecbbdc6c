"""The exercises of the chapter on the ReLU and cross-entropy."""

from __future__ import annotations

from sympy import Derivative, Symbol, log

from ..symbolic import ell, ell_slope, in_order, over, sigma, softplus, times, y, z
from .exercise import Misconception, topic

exercise = topic("relu_ce")
a = softplus(z)

exercise(
    "ex-relu-ce-softplus",
    r"With $a = \log(1 + e^z)$ in place of the ReLU, what is $dL/dz$?",
    times(over(in_order(a, -y), times(a, in_order(1, -a))), sigma(z)),
    {"z": z, "y": y, "a": a},
    definition=Derivative(ell(a, y), z),
    misconceptions=(
        Misconception(ell_slope(a, y), "That is dL/da: the chain rule's second factor, da/dz, is missing."),
        Misconception(ell_slope(a, y) * a * (1 - a), "The factor a(1 - a) is the slope of a sigmoid."),
        Misconception(-ell_slope(a, y) * sigma(z), "The sign is turned: the loss is minus a sum of logarithms."),
    ),
)

a_1, a_2 = (Symbol(f"a_{n}", positive=True) for n in (1, 2))
normalised = -log(a_1 / (a_1 + a_2))

exercise(
    "ex-relu-ce-normalised",
    r"For label 1, what is the derivative of $-\log\bigl(a_1/(a_1 + a_2)\bigr)$ by $a_1$?",
    in_order(1 / (a_1 + a_2), -1 / a_1),
    {"a_1": a_1, "a_2": a_2},
    definition=Derivative(normalised, a_1),
    misconceptions=(
        Misconception(-1 / a_1, "The sum in the denominator contains a_1, too."),
        Misconception(
            1 / a_1 - 1 / (a_1 + a_2), "The sign is turned: more output for the label makes it cheaper."
        ),
        Misconception(1 / (a_1 + a_2), "That is the derivative by the other output, a_2."),
        Misconception(-(a_1 + a_2) / a_1, "The inner derivative, that of the quotient, is missing."),
    ),
)
