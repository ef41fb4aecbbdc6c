"""The exercises of the chapter on softmax."""

from __future__ import annotations

from sympy import Derivative, KroneckerDelta, Ne, log

from ..symbolic import i, in_order, j, logits, softmax
from .exercise import Condition, Misconception, topic

exercise = topic("softmax")
delta, p_i, p_j = KroneckerDelta(i, j), softmax(logits, i), softmax(logits, j)
symbols = {"z_j": logits[j], "p_j": p_j}

exercise(
    "ex-softmax-log-gradient",
    r"What is $\partial \log p_j / \partial z_i$, for any two classes $i$ and $j$?",
    in_order(delta, -p_i),
    symbols,
    definition=Derivative(log(p_j), logits[i]),
    indices=(i, j),
    conditions=(Condition(Ne(i, j), "the two classes are different"),),
    misconceptions=(
        Misconception(p_j * (delta - p_i), "That is the derivative of p_j; its logarithm's is divided by p_j."),
        Misconception(delta - p_j, "The derivative is by z_i, so the probability in it is that of class i."),
        Misconception(delta, "The second term of the logarithm, the log-sum-exp, depends on z_i, too."),
    ),
)
