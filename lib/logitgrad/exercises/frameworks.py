"""The exercises of the chapter on frameworks."""

from __future__ import annotations

from sympy import exp, log

from ..symbolic import in_order, logits, softmax, softplus
from .exercise import Misconception, topic

exercise = topic("frameworks")
z_1, z_2 = logits[1], logits[2]

exercise(
    "ex-frameworks-two-classes",
    r"With two classes and label 1, what does the loss become, as a function of $z_1$ and $z_2$?",
    softplus(in_order(z_2, -z_1)),
    {"z_1": z_1, "z_2": z_2},
    definition=-log(softmax(logits, 1, 2)),
    misconceptions=(
        Misconception(softplus(z_1 - z_2), "The sign is turned: what counts is the lead of the *other* class."),
        Misconception(z_2 - z_1, "That is the lead; the loss is its softplus."),
        Misconception(log(exp(z_1) + exp(z_2)), "The label's logit is to be subtracted from the log-sum-exp."),
        Misconception(
            softplus(z_2) - softplus(z_1), "Softplus is not linear: first the difference, then softplus."
        ),
    ),
)
