"""The exercises of the chapter on tanh and cross-entropy."""

from __future__ import annotations

from sympy import Eq, Symbol, tanh

from ..symbolic import sigma, z
from .exercise import Misconception, topic

exercise = topic("tanh_ce")
a, t = tanh(z), Symbol("t", real=True)

exercise(
    "ex-tanh-ce-signed",
    r"For a target $t = \pm 1$, what is the derivative of $\log(1 + e^{-2tz})$ by $z$?",
    a - t,
    {"z": z, "t": t, "a": a},
    assumptions=(Eq(t**2, 1),),
    misconceptions=(
        Misconception(-t * sigma(-2 * t * z), "The inner derivative of -2tz is -2t; the 2 is missing."),
        Misconception(2 * sigma(-2 * t * z), "The inner derivative of -2tz is missing its sign and its target."),
        Misconception(t - a, "The sign is turned: the loss falls where the logit moves towards its target."),
    ),
)
