"""The exercises of the chapter on backpropagation."""

from __future__ import annotations

from sympy import Derivative, IndexedBase, Symbol, tanh

from ..symbolic import bce, in_order, sigma, targets, times, y
from ..symbolic.backprop import N, b, mean, n
from .exercise import Misconception, topic

exercise = topic("backprop")

# A weight of a hidden unit

u, w, x, s, r = (Symbol(name, real=True) for name in "uwxsr")
hidden = tanh(in_order(w * x, s))
top = in_order(u * hidden, r)
error, slope = sigma(top) - y, 1 - hidden**2

exercise(
    "ex-backprop-hidden-weight",
    r"With $a = \tanh(wx + s)$ and $p = \sigma(ua + r)$, what is $\partial L / \partial w$ for BCE?",
    times(in_order(sigma(top), -y), u, in_order(1, -(hidden**2)), x),
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
z_n, y_n = in_order(without_bias[n], b), targets[n]
p_n = sigma(z_n)

exercise(
    "ex-backprop-calibrated",
    r"For $N$ examples with $p_n = \sigma(u_n + b)$, what is the derivative of the mean BCE by the bias $b$?",
    mean(in_order(p_n, -y_n)),
    {"p_n": p_n, "y_n": y_n, "N": N},
    definition=mean(bce(z_n, y_n)).diff(b),  # term by term; a term's slope is held to its theorem
    ranges={"n": N},
    misconceptions=(
        Misconception(mean(y_n - p_n), "The sign is turned: prediction minus target."),
        Misconception(N * mean(p_n - y_n), "That is for the sum of the losses; here it is their mean."),
        Misconception(
            mean((p_n - y_n) * p_n * (1 - p_n)), "That is for squared error; with BCE p(1 - p) cancels."
        ),
    ),
)
