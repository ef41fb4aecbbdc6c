"""What the libraries compute, as they write it: the same functions on paper, not the same in floats."""

from __future__ import annotations

from sympy import Derivative, Le, exp, log

from .cross_entropy import excess
from .functions import equation, in_order, over, sigma, softmax, softplus, times
from .sigmoid_bce import bce
from .softmax_ce_floats import R_j
from .symbols import j, logits, y, z
from .theorem import topic

theorem = topic("frameworks")
e = exp(-z)

# Binary cross-entropy, a form for each library

theorem(
    "bce-one-log",
    equation(bce(z, y), in_order(times(1 - y, z), -log(sigma(z)))),
    "One log-sigmoid and a straight line.",
)
theorem(
    "bce-two-logs",
    equation(bce(z, y), in_order(times(-y, log(sigma(z))), times(-1, 1 - y, log(sigma(-z))))),
    "Two log-sigmoids, each for the weight of its own side.",
)
theorem(
    "sigmoid-from-softplus",
    equation(exp(in_order(z, -softplus(z))), sigma(z)),
    "The sigmoid as the exponential of its logarithm.",
)
theorem(
    "bce-gradient-quotient",
    equation(Derivative(bce(z, y), z), over(in_order(1 - y, -y * e), in_order(1, e))),
    "The gradient as a quotient: for a label, one of the terms above is 0 and nothing cancels.",
)

# A threshold

theorem(
    "softplus-above-line",
    equation(in_order(softplus(z), -z), softplus(-z)),
    "How far softplus lies above its argument.",
)
theorem(
    "softplus-below-exponential",
    Le(softplus(-z), e, evaluate=False),
    "That is less than an exponential.",
    uses=("log-below-line",),
    via=(excess(1 + e),),
)

# Cross-entropy as a binary question

theorem(
    "softmax-ce-lead",
    equation(-log(softmax(logits, j)), softplus(log(R_j))),
    "Cross-entropy is the loss of a binary question, the label against all other classes together.",
    uses=("softmax-ce-others",),
)
theorem(
    "softmax-ce-lead-gradient",
    equation(in_order(softmax(logits, j), -1), -sigma(log(R_j))),
    "The label's gradient, from the same question.",
    uses=("softmax-complement",),
)
