"""The exercises of the chapter on how to read this book."""

from __future__ import annotations

from sympy import Abs, Gt, Ne, log

from ..symbolic import y
from .exercise import Condition, Form, Misconception, topic

exercise = topic("how_to_read")

exercise(
    "ex-how-to-read-assumption",
    r"For a real $y \neq 0$, which multiple of a logarithm is $\log(y^2)$, whatever the sign of $y$?",
    2 * log(Abs(y)),
    {"y": y},
    definition=log(y**2),
    assumptions=(Ne(y, 0),),
    form=Form("a number times a logarithm, without the square of y", ("y", "log", "abs"), needed=("abs",)),
    conditions=(Condition(Gt(y, 0), "y is positive"),),
    misconceptions=(
        Misconception(log(y) ** 2, "The exponent belongs to y, not to the logarithm: only then is it a factor."),
        Misconception(log(Abs(y)), "The sign of y is taken care of; look again at what becomes of the exponent."),
    ),
)
