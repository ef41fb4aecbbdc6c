"""The edge table as data: the results where a logit is infinite or NaN, a class is masked, a target is none.

These are conventions, not theorems: the losses are extended by continuity, and NaN means that the input was NaN or
that there is no limit. Results are SymPy's numbers, so that log(2) is rounded to each type.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sympy import Rational, log, nan, oo

from .inputs import Arguments

ERROR = "error"
half = Rational(1, 2)
inf, NaN = float("inf"), float("nan")


@dataclass(frozen=True)
class Edge:
    """A function at arguments beyond its theorem: a number or a list for a row, or `ERROR`."""

    function: str
    arguments: Arguments
    result: Any
    comment: str


# A logit: sigmoid, softplus, log of the sigmoid.
LOGITS = [
    ("at -inf", -inf, 0, 0, -oo),
    ("at +inf", inf, 1, oo, 0),
    ("NaN", NaN, nan, nan, nan),
]

# A logit and a target: loss, gradient, second derivative.
BINARY = [
    ("+inf, and right", inf, 1.0, 0, 0, 0),
    ("+inf, and wrong", inf, 0.0, oo, 1, 0),
    ("-inf, and right", -inf, 0.0, 0, 0, 0),
    ("-inf, and wrong", -inf, 1.0, oo, -1, 0),
    ("+inf, a soft target", inf, 0.25, oo, Rational(3, 4), 0),
    ("-inf, a soft target", -inf, 0.25, oo, -Rational(1, 4), 0),
    ("NaN, target 0", NaN, 0.0, nan, nan, nan),
    ("NaN, target 1", NaN, 1.0, nan, nan, nan),
    ("NaN, a soft target", NaN, 0.5, nan, nan, nan),
]

# A logit and a target behind squared error: loss, gradient, second derivative.
SQUARED = [
    ("+inf, and right", inf, 1.0, 0, 0, 0),
    ("+inf, and wrong", inf, 0.0, half, 0, 0),
    ("-inf, and right", -inf, 0.0, 0, 0, 0),
    ("-inf, and wrong", -inf, 1.0, half, 0, 0),
    ("+inf, a soft target", inf, 0.25, Rational(9, 32), 0, 0),
    ("-inf, a soft target", -inf, 0.25, Rational(1, 32), 0, 0),
    ("NaN, target 0", NaN, 0.0, nan, nan, nan),
    ("NaN, a soft target", NaN, 0.5, nan, nan, nan),
]

# The pairings that fail, evaluated as they are written: loss, gradient.
RELU = [
    ("the dead side, target 1: infinity times 0", -1.0, 1.0, oo, nan),
    ("the dead side, target 0: 0 log 0, and 0/0", -1.0, 0.0, nan, nan),
    ("at 0, target 1", 0.0, 1.0, oo, nan),
    ("at 0, target 0", 0.0, 0.0, nan, nan),
    ("at 1, target 0: the pole", 1.0, 0.0, oo, oo),
    ("at 1, a soft target: the pole", 1.0, 0.5, oo, oo),
    ("at 1, target 1: 0 log 0, and 0/0", 1.0, 1.0, nan, nan),
    ("beyond 1: the logarithm of a negative number", 2.0, 0.0, nan, -1),
    ("beyond 1, target 1: 0 times that", 4.0, 1.0, nan, Rational(-1, 4)),
    ("+inf", inf, 1.0, nan, 0),
    ("-inf", -inf, 1.0, oo, nan),
    ("NaN", NaN, 0.5, nan, nan),
]
TANH = [
    ("at 0, target 1", 0.0, 1.0, oo, -oo),
    ("at 0, target 0: 0 log 0, and 0/0", 0.0, 0.0, nan, nan),
    ("far right, target 0: infinity times 0", 1000.0, 0.0, oo, nan),
    ("far right, target 1: 0 log 0, and 0/0", 1000.0, 1.0, nan, nan),
    ("far left: the logarithm of a negative number", -1000.0, 1.0, nan, 0),
    ("+inf", inf, 0.5, oo, nan),
    ("-inf", -inf, 0.5, nan, 0),
    ("NaN", NaN, 0.5, nan, nan),
]

# A row: softmax, log-softmax, log-sum-exp.
ROWS = [
    ("a masked class", (0.0, -inf, 0.0), [half, 0, half], [-log(2), -oo, -log(2)], log(2)),
    ("all but one masked", (-inf, 0.0), [0, 1], [-oo, 0], 0),
    ("one +inf", (0.0, inf, 5.0), [0, 1, 0], [-oo, 0, -oo], oo),
    ("one +inf, the others masked", (-inf, inf, -inf), [0, 1, 0], [-oo, 0, -oo], oo),
    ("one class, +inf", (inf,), [1], [0], oo),
    ("one class, masked", (-inf,), [nan], [nan], -oo),
    ("all masked", (-inf, -inf), [nan] * 2, [nan] * 2, -oo),
    ("two +inf", (inf, inf, 0.0), [nan] * 3, [nan] * 3, oo),
    ("NaN", (NaN, 0.0), [nan] * 2, [nan] * 2, nan),
    ("NaN beside +inf", (NaN, inf), [nan] * 2, [nan] * 2, nan),
    ("NaN beside a masked class", (0.0, -inf, NaN), [nan] * 3, [nan] * 3, nan),
]

# A row and a target: loss, gradient, and the Hessian's product with V.
V = (1.0, 2.0, 4.0)
_fair, _sure = [Rational(-3, 4), 0, Rational(3, 4)], [0, 0, 0]
CLASSES = [
    ("a masked class", (0.0, -inf, 0.0), 0, log(2), [-half, 0, half], _fair),
    ("a masked class without mass", (0.0, -inf, 0.0), (0.5, 0.0, 0.5), log(2), [0, 0, 0], _fair),
    ("all but the target masked", (0.0, -inf, -inf), 0, 0, [0, 0, 0], _sure),
    ("the target masked", (0.0, -inf, 0.0), 1, oo, [half, -1, half], _fair),
    ("mass on a masked class", (0.0, -inf, 0.0), (0.5, 0.5, 0.0), oo, [0, -half, half], _fair),
    ("one +inf, the target", (0.0, inf, 5.0), 1, 0, [0, 0, 0], _sure),
    ("one +inf, with all the mass", (0.0, inf, 5.0), (0.0, 1.0, 0.0), 0, [0, 0, 0], _sure),
    ("one +inf, not the target", (0.0, inf, 5.0), 0, oo, [-1, 1, 0], _sure),
    ("one +inf, with half the mass", (0.0, inf, 5.0), (0.5, 0.5, 0.0), oo, [-half, half, 0], _sure),
    ("one +inf, the others masked", (-inf, inf, -inf), 1, 0, [0, 0, 0], _sure),
    ("all masked", (-inf,) * 3, 0, nan, [nan] * 3, [nan] * 3),
    ("all masked, probabilities", (-inf,) * 3, (1.0, 0.0, 0.0), nan, [nan] * 3, [nan] * 3),
    ("two +inf", (inf, 0.0, inf), 0, nan, [nan] * 3, [nan] * 3),
    ("NaN", (NaN, 0.0, 1.0), 2, nan, [nan] * 3, [nan] * 3),
    ("NaN, in a class without mass", (NaN, inf, 1.0), (0.0, 0.0, 1.0), nan, [nan] * 3, [nan] * 3),
]


# Which functions a table is for, and how many of its columns are inputs.
TABLES: tuple[tuple[tuple[str, ...], int, Sequence[Sequence[Any]]], ...] = (
    (("sigmoid", "softplus", "log_sigmoid"), 1, LOGITS),
    (("sigmoid_bce.loss", "sigmoid_bce.grad", "sigmoid_bce.hess"), 2, BINARY),
    (("sigmoid_mse.loss", "sigmoid_mse.grad", "sigmoid_mse.hess"), 2, SQUARED),
    (("relu_ce.loss", "relu_ce.grad"), 2, RELU),
    (("tanh_ce.loss", "tanh_ce.grad"), 2, TANH),
    (("softmax", "log_softmax", "logsumexp"), 1, ROWS),
    (("softmax_ce.loss", "softmax_ce.grad", "softmax_ce.hvp"), 2, CLASSES),
)


def edges(function: str) -> Iterator[Edge]:
    """Lines of the table for a function; none if it has none."""
    more = (V,) if function == "softmax_ce.hvp" else ()
    for names, inputs, table in TABLES:
        if function in names:
            for comment, *cells in table:
                result = cells[inputs + names.index(function)]
                yield Edge(function, (*cells[:inputs], *more), result, comment)


def bad_targets(function: str, dtype: np.dtype[Any]) -> Iterator[Edge]:
    """Targets that are none: a function that checks its targets refuses them."""
    info = np.finfo(dtype)
    above, below = 1 + float(info.eps), -float(info.smallest_subnormal)
    if function.startswith(("sigmoid_bce", "sigmoid_mse")):
        for target in (-0.5, below, above, 1.5, NaN, inf, -inf):
            yield Edge(function, (0.5, target), ERROR, "a target lies in [0, 1]")
    if function.startswith("softmax_ce"):
        more = (V,) if function == "softmax_ce.hvp" else ()
        for label in (-1, 3, 2**40):
            yield Edge(function, ((1.0, 2.0, 3.0), label, *more), ERROR, "a class index counts from 0")
        for sums in ((0.5, 0.5, 0.25), (0.0, 0.0, 0.0)):
            yield Edge(function, ((1.0, 2.0, 3.0), sums, *more), ERROR, "probabilities sum to 1")
        for bad in ((1.5, -0.5, 0.0), (NaN, 1.0, 0.0), (inf, 0.0, 0.0)):
            yield Edge(
                function, ((1.0, 2.0, 3.0), bad, *more), ERROR, "probabilities are finite, and not negative"
            )
