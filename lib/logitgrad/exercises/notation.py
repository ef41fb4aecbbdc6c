"""The exercises of the chapter on notation."""

from __future__ import annotations

from sympy import log

from ..symbolic import i, in_order, j, logits, logsumexp, softmax
from .exercise import Misconception, topic

exercise = topic("notation")
z_i, z_j, p_i, p_j = logits[i], logits[j], softmax(logits, i), softmax(logits, j)

exercise(
    "ex-notation-in-code",
    r"What is $\log p_i - \log p_j$ in terms of the logits alone?",
    in_order(z_i, -z_j),
    {"z_j": logits[j]},
    definition=log(p_i) - log(p_j),
    indices=(i, j),
    misconceptions=(
        Misconception(z_j - z_i, "The sign is turned: the larger logit has the larger probability."),
        Misconception(z_i - logsumexp(logits), "That is log p_i alone; subtract the other logarithm, too."),
        Misconception(z_i / z_j, "A quotient of exponentials is the exponential of a difference."),
    ),
)
