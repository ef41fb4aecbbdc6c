"""The exercises of the chapter on the ReLU and cross-entropy."""

from __future__ import annotations

from ..symbolic import ell_slope, sigma, softplus, y, z
from .exercise import Misconception, topic

exercise = topic("relu_ce")
a = softplus(z)

exercise(
    "ex-relu-ce-softplus",
    r"With $a = \log(1 + e^z)$ in place of the ReLU, what is $dL/dz$?",
    (a - y) / (a * (1 - a)) * sigma(z),
    {"z": z, "y": y, "a": a},
    misconceptions=(
        Misconception(ell_slope(a, y), "That is dL/da: the chain rule's second factor, da/dz, is missing."),
        Misconception(ell_slope(a, y) * a * (1 - a), "The factor a(1 - a) is the slope of a sigmoid."),
        Misconception(-ell_slope(a, y) * sigma(z), "The sign is turned: the loss is minus a sum of logarithms."),
    ),
)
