"""The exercises of the chapter on backpropagation."""

from __future__ import annotations

from sympy import Derivative, IndexedBase, Symbol, tanh

from ..symbolic import bce, sigma, softplus, targets, y
from ..symbolic.backprop import N, b, mean, n
from .exercise import Misconception, topic

exercise = topic("backprop")

# A weight of a hidden unit

u, w, x, s, r = (Symbol(name, real=True) for name in "uwxsr")
hidden = tanh(w * x + s)
top = u * hidden + r
error, slope = sigma(top) - y, 1 - hidden**2

exercise(
    "ex-backprop-hidden-weight",
    r"With $a = \tanh(wx + s)$ and $p = \sigma(ua + r)$, what is $\partial L / \partial w$ for BCE?",
    error * u * slope * x,
    {"p": sigma(top), "y": y, "u": u, "a": hidden, "x": x, "w": w, "s": s, "r": r},
    definition=Derivative(bce(top, y), w),
    misconceptions=(
        Misconception(
            error * u * x, "The way from the top to w leads through the tanh, and its slope is missing."
        ),
        Misconception(error * u * slope, "The last factor is missing: by how much does wx + s move with w?"),
        Misconception(error * slope * x, "The error comes down through the weight u; it is missing."),
        Misconception(
            error * sigma(top) * (1 - sigma(top)) * u * slope * x,
            "Cross-entropy cancels the sigmoid's slope: at the logit the error is p - y alone.",
        ),
        Misconception(error * hidden, "That is the gradient by u, the weight above the hidden unit."),
    ),
)

# The mean over a batch

without_bias = IndexedBase("u", real=True)
z_n, y_n = without_bias[n] + b, targets[n]
p_n = sigma(z_n)

exercise(
    "ex-backprop-calibrated",
    r"For $N$ examples with outputs $p_n$, what is the derivative of the mean BCE by the output bias $b$?",
    mean(p_n - y_n),
    {"p_n": p_n, "y_n": y_n, "N": N},
    definition=Derivative(mean(softplus(z_n) - y_n * z_n), b),
    ranges={"n": N},
    misconceptions=(
        Misconception(mean(y_n - p_n), "The sign is turned: prediction minus target."),
        Misconception(N * mean(p_n - y_n), "That is for the sum of the losses; here it is their mean."),
        Misconception(
            mean((p_n - y_n) * p_n * (1 - p_n)), "That is for squared error; with BCE p(1 - p) cancels."
        ),
    ),
)
