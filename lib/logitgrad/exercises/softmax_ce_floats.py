"""The exercises of the chapter on softmax and cross-entropy in floating point."""

from __future__ import annotations

from sympy import Derivative, Eq, Expr, Gt, Lt, Symbol, exp, log

from ..symbolic import over, p, times
from .exercise import Misconception, topic

exercise = topic("softmax_ce_floats")
t = Symbol("t", real=True)
R = Symbol("R", positive=True)
loss = log(1 + R)


def leads_to_p(lead: Expr) -> Expr:
    """The first of two classes has the probability p when its logit is ahead by this much."""
    return Eq(exp(t + lead) / (exp(t + lead) + exp(t)), p)


exercise(
    "ex-softmax-ce-floats-two-infinities",
    r"At which $c$ is the first probability of $(t + c, t)$ equal to $p$, whatever $t$ is?",
    log(p / (1 - p)),
    {"p": p},
    definition=leads_to_p,
    assumptions=(Gt(p, 0), Lt(p, 1)),
    misconceptions=(
        Misconception(
            log((1 - p) / p), "The sign is turned: the first class is to be ahead where p is above 1/2."
        ),
        Misconception(log(p), "The second class takes its share, too: c is about both probabilities."),
        Misconception(p / (1 - p), "These are the odds, which the difference of the logits has in its exponent."),
    ),
)

exercise(
    "ex-softmax-ce-floats-elasticity",
    r"What is the factor $R\,L'(R)/L(R)$ for $L = \log(1 + R)$?",
    over(R, times(1 + R, loss)),
    {"R": R},
    definition=R * Derivative(loss, R) / loss,
    misconceptions=(
        Misconception(1 / loss, "That is the factor for an error of 1 + R: the error is one of R here."),
        Misconception(R / (1 + R), "This is R L'(R): an error is relative to the loss, too."),
        Misconception(
            1 / ((1 + R) * loss), "A relative error of R is R times as large when it is no longer relative."
        ),
        Misconception(R / loss, "The derivative of the logarithm is missing."),
    ),
)
