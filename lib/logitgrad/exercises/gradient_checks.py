"""The exercises of the chapter on gradient checks."""

from __future__ import annotations

from sympy import Expr, Ne, Symbol, factorial, symbols

from ..symbolic.gradient_checks import h
from .exercise import Misconception, topic

exercise = topic("gradient_checks")
x = Symbol("x", real=True)
derivatives = symbols("f_0:6", real=True)
f_5 = derivatives[5]

#: Any function, up to the order that counts, by its derivatives at 0.
taylor = sum(f_n * x**n / factorial(n) for n, f_n in enumerate(derivatives))


def central(step: Expr) -> Expr:
    """The central difference at 0."""
    return (taylor.subs(x, step) - taylor.subs(x, -step)) / (2 * step)


five_points = (4 * central(h) - central(2 * h)) / 3
term = h**4 * f_5 / 120  # of a central difference

exercise(
    "ex-gradient-checks-five-points",
    r"Which term of order $h^4$ does $\bigl(4 D(h) - D(2h)\bigr)/3$ have, with $f_5$ for the fifth derivative?",
    (4 * term - 16 * term) / 3,
    {"h": h, "f_5": f_5},
    definition=five_points - derivatives[1],
    assumptions=(Ne(h, 0),),
    misconceptions=(
        Misconception(
            (4 * term - term) / 3, "In D(2h) the step is twice as long, and so its fourth power counts."
        ),
        Misconception((4 * term + 16 * term) / 3, "The second difference is subtracted: look at the sign."),
        Misconception(4 * term - 16 * term, "The division by 3 applies to every term."),
        Misconception((4 * term - 8 * term) / 3, "The power of 2h is the fourth here, not the third."),
    ),
)
