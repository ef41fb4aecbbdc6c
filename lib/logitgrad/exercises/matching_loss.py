"""The exercises of the chapter on matching losses."""

from __future__ import annotations

from sympy import And, Derivative, Eq, Expr, Gt, Lt, Subs, exp, log

from ..symbolic import a, in_order, over, times, y, z
from .exercise import Misconception, topic

exercise = topic("matching_loss")
left, right = log(1 - a), log(1 + a)


def matches_tanh(loss: Expr) -> Expr:
    """The loss's slope is the error over tanh's slope, 1 - a^2, and it begins at 0."""
    return And(Eq(Derivative(loss, a), (a - y) / (1 - a**2)), Eq(Subs(loss, a, 0), 0))


exercise(
    "ex-matching-loss-tanh",
    r"Which loss matches the tanh, as a function of $a$ and $y$, if it is to be 0 at $a = 0$?",
    in_order(-times(over(1 - y, 2), left), -times(over(in_order(1, y), 2), right)),
    {"a": a, "y": y},
    definition=matches_tanh,
    assumptions=(Gt(a, -1), Lt(a, 1)),
    misconceptions=(
        Misconception(
            -(1 - y) * left - (1 + y) * right, "Differentiate it again: the slope comes out twice as large."
        ),
        Misconception(
            ((1 - y) * left + (1 + y) * right) / 2, "The sign is turned: the loss rises towards a wrong end."
        ),
        Misconception(
            -((1 + y) * left + (1 - y) * right) / 2,
            "The weights have changed places: which end costs target 1 more?",
        ),
        Misconception(
            (a - y) / (1 - a**2), "That is the loss's slope, the right-hand side of the equation; integrate it."
        ),
    ),
)

output = exp(z)

exercise(
    "ex-matching-loss-gamma",
    r"What is the gradient by the logit of $\log a + y/a$ behind the exponential, $a = e^z$?",
    1 - y * exp(-z),
    {"z": z, "y": y, "a": output},
    definition=Derivative(log(output) + y / output, z),
    misconceptions=(
        Misconception(
            (output - y) / output**2, "That is the derivative by the output; the exponential has a slope, too."
        ),
        Misconception(
            output - y, "This is the error itself, and the exponential is not the activation that matches."
        ),
        Misconception(1 + y * exp(-z), "The derivative of 1/a has a minus sign."),
        Misconception(1 - y * exp(-2 * z), "One of the two factors of 1/a^2 goes against the activation's slope."),
    ),
)
