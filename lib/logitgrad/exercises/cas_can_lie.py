"""The exercises of the chapter on what a computer algebra system gets wrong."""

from __future__ import annotations

from sympy import I, Integer, log, pi

from ..symbolic import a, c, in_order
from .exercise import Misconception, topic

exercise = topic("cas_can_lie")

exercise(
    "ex-cas-can-lie-turn",
    r"For negative $a$ and $c$, how much is $\log a + \log c - \log(ac)$?",
    2 * pi * I,
    {"a": a, "c": c, "i": I},
    definition=in_order(in_order(log(a), log(c)), -log(a * c)),
    theorem="logarithms-of-negatives",
    assumptions=(a < 0, c < 0),
    misconceptions=(
        Misconception(Integer(0), "The rule for the logarithm of a product holds for positive factors."),
        Misconception(pi * I, "Each of the two negative numbers contributes a half turn."),
        Misconception(-2 * pi * I, "The sign is turned: the logarithm of a negative number has a positive angle."),
    ),
)
