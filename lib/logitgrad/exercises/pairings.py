"""The exercises of the chapter on pairings of activations and losses."""

from __future__ import annotations

from sympy import Derivative, Pow, atan, pi

from ..symbolic import ell, half, in_order, sigma, times, y, z
from ..symbolic.pairings import poisson
from .exercise import Misconception, topic

exercise = topic("pairings")
p = sigma(z)
slope = p * (1 - p)

exercise(
    "ex-pairings-sigmoid-poisson",
    r"What is $dL/dz$ for Poisson's loss $a - y \log a$ behind the sigmoid, $a = p$?",
    times(in_order(p, -y), 1 - p),
    {"z": z, "y": y, "p": p, "a": p},
    definition=Derivative(poisson(p, y), z),
    misconceptions=(
        Misconception((p - y) / p, "That is the derivative by the output; the sigmoid's slope is missing."),
        Misconception(
            (p - y) * slope, "The factor before p(1 - p) is the squared error's slope; Poisson's is another."
        ),
        Misconception(p - y, "That belongs to cross-entropy, whose slope cancels both factors of p(1 - p)."),
        Misconception((y - p) * (1 - p), "The sign is turned: the loss grows with an output above its target."),
    ),
)

output = atan(z) / pi + half
steepness = 1 / (pi * (1 + z**2))

exercise(
    "ex-pairings-rates",
    r"What is $dL/dz$ for cross-entropy with target 0 behind $a = \arctan(z)/\pi + 1/2$?",
    Pow(times(pi, in_order(1, z**2), in_order(half, -atan(z) / pi)), -1, evaluate=False),
    {"z": z, "a": output},
    definition=Derivative(ell(output, 0), z),
    misconceptions=(
        Misconception(
            1 / (1 - output), "That is the derivative by the output; the activation's slope is missing."
        ),
        Misconception(
            pi * steepness / (1 - output), "The activation is the arctan divided by pi, and so is its slope."
        ),
        Misconception(-steepness / (1 - output), "The logarithm of 1 - a brings a second minus sign."),
        Misconception(-steepness / output, "For target 0 the other term remains: the logarithm of 1 - a."),
    ),
)
