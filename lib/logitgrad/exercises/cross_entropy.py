"""The exercises of the chapter on cross-entropy."""

from __future__ import annotations

from sympy import Derivative, Eq, Gt, Lt, log

from ..symbolic import ell, ell_slope, in_order, p, y
from .exercise import Condition, Misconception, topic

exercise = topic("cross_entropy")
inside = (Gt(p, 0), Lt(p, 1))
log_odds = log(p / (1 - p))
by_ends = y / p**2, (1 - y) / (1 - p) ** 2

exercise(
    "ex-cross-entropy-coin",
    r"What is the derivative of $\ell(p, p)$ by $p$?",
    in_order(log(1 - p), -log(p)),
    {"p": p},
    definition=Derivative(ell(p, p), p),
    assumptions=inside,
    misconceptions=(
        Misconception(ell_slope(p, p), "Only the output was moved here, and the target is p as well: both count."),
        Misconception(log_odds, "The sign is turned: a coin that hardly ever shows heads gains entropy with p."),
        Misconception(-log_odds / log(2), "That is in bits. The book's logarithm is the natural one."),
        Misconception(
            -(log(p) + 1) - (log(1 - p) + 1),
            "The second term is made of 1 - p, which falls where p rises: its inner derivative is missing.",
        ),
    ),
)

exercise(
    "ex-cross-entropy-curvature",
    r"What is $\partial^2 \ell(p, y) / \partial p^2$?",
    sum(by_ends),
    {"p": p, "y": y},
    definition=Derivative(ell(p, y), (p, 2)),
    assumptions=inside,
    conditions=(
        Condition(Eq(y * (1 - y), 0), "the target is 0 or 1"),
        Condition(Eq(y, p), "the target is equal to the output"),
    ),
    misconceptions=(
        Misconception(by_ends[0] - by_ends[1], "In the second term 1 - p is turned twice: count its signs again."),
        Misconception(
            by_ends[1] - by_ends[0], "The derivative of 1/p has a sign of its own; look at the first term."
        ),
        Misconception(ell_slope(p, y), "That is the first derivative; the second is asked for."),
    ),
)
