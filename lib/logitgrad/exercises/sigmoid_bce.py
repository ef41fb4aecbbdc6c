"""The exercises of the chapter on the sigmoid and binary cross-entropy."""

from __future__ import annotations

from sympy import Derivative

from ..symbolic import bce, half, sigma, y, z
from .exercise import Misconception, topic

exercise = topic("sigmoid_bce")
p = sigma(z)
symbols = {"z": z, "y": y, "p": p}

exercise(
    "ex-sigmoid-bce-label",
    r"What is $\partial L/\partial y$, the derivative of the loss by the *target*?",
    -z,
    symbols,
    definition=Derivative(bce(z, y), y),
    misconceptions=(
        Misconception(z, "The sign is turned: a label of 1 makes a positive logit cheaper, not dearer."),
        Misconception(p - y, "That is the derivative by the logit. Here the logit stays, and the target moves."),
        Misconception(half - p, "The loss is a straight line in the target, and its slope is not bounded."),
    ),
)
