"""The exercises of the chapter on the sigmoid and squared error."""

from __future__ import annotations

from sympy import And, Derivative, Eq, Expr, Ge, Le, Lt, Subs, Symbol, exp, sqrt

from ..symbolic import half, in_order, mse, over, p, sigma, times, y, z
from .exercise import Condition, Form, Misconception, topic

exercise = topic("sigmoid_mse")

# The largest gradient

gradient = (p - y) * p * (1 - p)
root = sqrt(1 - y + y**2)
highest, lowest = (over(in_order(1, y, sign * root), 3) for sign in (1, -1))


def is_highest(output: Expr) -> Expr:
    """The gradient as a function of the output is level there, and bends downwards."""
    slope, bend = (Subs(Derivative(gradient, (p, order)), p, output) for order in (1, 2))
    return And(Eq(slope, 0), Lt(bend, 0))


exercise(
    "ex-sigmoid-mse-half",
    r"For a target $y$ from 0 to 1, at which output $p$ is the gradient by the logit largest?",
    highest,
    {"y": y},
    definition=is_highest,
    assumptions=(Ge(y, 0), Le(y, 1)),
    conditions=(Condition(Eq(y, 0), "the target is 0"), Condition(Eq(y, half), "the target is 1/2")),
    misconceptions=(
        Misconception(lowest, "The gradient is level there, too, but it is at its lowest: take the other root."),
        Misconception((1 + y) / 3, "The second derivative is 0 there: the gradient is steepest, not largest."),
        Misconception(1 + y + root, "The square of p has a factor 3, and the root formula divides by twice that."),
    ),
)

# The sigmoid's bends

share = sigma(z)
slope, bend = share * (1 - share), share * (1 - share) * (1 - 2 * share)

exercise(
    "ex-sigmoid-mse-bend",
    r"What is the sigmoid's *third* derivative by $z$, as a polynomial in its output $p$?",
    times(share, 1 - share, in_order(1, -times(6, share, 1 - share))),
    {"z": z, "p": share},
    definition=Derivative(share, (z, 3)),
    form=Form("a polynomial in p", ("p",)),
    misconceptions=(
        Misconception(
            1 - 6 * slope, "That is the second derivative, differentiated by p; p moves with the logit."
        ),
        Misconception(bend, "That is the second derivative; there is one more to take."),
        Misconception(
            bend * (1 - 2 * share), "The factor 1 - 2p moves with the logit, too: the product rule has two terms."
        ),
        Misconception(slope - 6 * slope, "What 1 - 2p adds is twice the square of p(1 - p)."),
    ),
)

# The way back

z_0 = Symbol("z_0", real=True)
to_start = in_order(exp(z_0), 3 * z_0, -3 * exp(-z_0), -exp(-2 * z_0) / 2)


def is_time(time: Expr) -> Expr:
    """The time from the start back to 0: none from 0, and growing with it by the inverse of the gradient."""
    return And(Eq(Derivative(time, z_0) * Derivative(mse(z_0, 0), z_0), 1), Eq(Subs(time, z_0, 0), 0))


exercise(
    "ex-sigmoid-mse-time",
    r"For target 0, how long does the way from the logit $z_0$ back to 0 take, as a function of $z_0$?",
    in_order(*to_start.args, -to_start.subs(z_0, 0)),
    {"z_0": z_0},
    definition=is_time,
    misconceptions=(
        Misconception(to_start, "An integral has two ends: at the logit 0 this is not 0 yet."),
        Misconception(
            to_start + 6 * exp(-z_0) - (to_start + 6 * exp(-z_0)).subs(z_0, 0),
            "Differentiate it again: the antiderivative of e^(-z) has a minus sign.",
        ),
        Misconception(
            exp(z_0) - exp(-z_0) + z_0 * 2, "The gradient for target 0 has the square of p, not p alone."
        ),
    ),
)
