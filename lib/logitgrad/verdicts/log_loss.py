"""The claims of source B: log loss in backpropagation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from sympy import Derivative, Eq, Lt, Rational, fraction, nan, oo, together, zoo

from ..audit.exact import exact
from ..numeric import naive, softmax_ce
from ..numeric.logexp import softmax as softmax_in_floats
from ..symbolic import K, Theorem, ell, logits, p, softmax, squared_error, y
from ..symbolic.calculus import differentiate, ground
from ..symbolic.symbols import j
from .claim import Case, Finding, against, between, claim, found, lemma, proved
from .division import WRONG

__all__ = ["inside"]

Computed = Callable[..., Any]
DOMINATED = [0.0, -746.0]  # logits whose second probability is below the smallest float64
CERTAIN, SOFT = Rational(1), Rational(3, 10)


def slope(loss: Any, output: Any, target: Any) -> Any:
    """The loss's derivative by the output, at one output and target."""
    return ground(differentiate(loss(p, y), p)).subs({p: output, y: target})


def undefined(loss: Any, output: Any, target: Any) -> Finding:
    """Whether the derivative by the output has no finite value at a place."""
    value = slope(loss, output, target)
    none = value.has(nan, zoo, oo)
    return found(none, f"at output {output}, target {target} it is {'not finite' if none else value}")


@claim("B1", "cross_entropy", "The derivative of log loss is undefined for some outputs.")
def slope_undefined(loss: Any = ell, ends: tuple[int, int] = (0, 1)) -> Iterator[Case]:
    yield Case("", undefined(loss, ends[0], 1) & undefined(loss, ends[1], 0))


@claim("B2", "cross_entropy", "The derivative of the squared error, output minus label, is defined everywhere.")
def squared_error_slope(loss: Any = squared_error) -> Iterator[Case]:
    yield Case("", proved(Eq(Derivative(loss(p, y), p), p - y)))


@claim("B3", "cross_entropy", "One divides by zero when the output is exactly right.")
def division_when_right(loss: Any = ell, hard: Any = CERTAIN, soft: Any = SOFT) -> Iterator[Case]:
    for condition, target in (("the target is 0 or 1", hard), ("the target lies between", soft)):
        below = fraction(together(ground(differentiate(loss(p, y), p))))[1]
        value = below.subs({p: target, y: target})
        yield Case(condition, found(value == 0, f"the denominator is {value} at output and target {target}"))


def inside(outputs: Any = softmax) -> Finding:
    """Whether every output lies strictly between 0 and 1 for real logits and two or more classes."""
    return proved(between(outputs(logits, j), 0, 1), (K >= 2,))


@claim(
    "B4",
    "softmax_ce_floats",
    "Softmax of finite logits is strictly between 0 and 1, so nothing is divided by zero.",
)
def strictly_inside(
    outputs: Any = softmax, in_floats: Computed = softmax_in_floats, alone: Any = softmax
) -> Iterator[Case]:
    yield Case("numbers are real and there are two classes or more", inside(outputs))
    yield Case("there is one class", proved(Lt(alone(logits, 1, 1), 1, evaluate=False)))
    values = [float(value) for value in in_floats(DOMINATED)]
    yield Case(
        "numbers are floats", found(min(values) > 0 and max(values) < 1, f"{values} at the logits {DOMINATED}")
    )


@claim("B5", "softmax_ce_floats", "Finite precision can underflow; working with logits avoids it.")
def logits_avoid_it(loss: Computed = softmax_ce.loss, outputs: Computed = softmax_in_floats) -> Iterator[Case]:
    written = float(-naive.log_softmax(DOMINATED)[1])
    value, true = float(loss(DOMINATED, 1)), float(exact("softmax_ce.loss", DOMINATED, 1))
    shown = f"{against(value, true)} at the logits {DOMINATED}, as written {written}"
    yield Case("one needs the loss", found(written == np.inf and abs(value - true) <= 1e-12 * true, shown))
    smallest = float(outputs(DOMINATED)[1])
    yield Case(
        "one needs the probability itself", found(smallest > 0, f"it is {smallest} at the logits {DOMINATED}")
    )


@claim("B6", "backprop", "Only the loss's derivative changes, the rest of backpropagation is the same.")
def only_the_loss_changes(
    theorem: str | Theorem = "backprop-weight", top: Computed = naive.bce_grad
) -> Iterator[Case]:
    yield Case("numbers are real", lemma(theorem))
    merged, apart = float(naive.bce_grad_fused(*WRONG)), float(top(*WRONG))
    shown = f"{against(apart, 1)} at z = {WRONG[0]:g}, y = 0, and {merged:g} when the factors are merged"
    yield Case("numbers are floats, and the two factors at the top are multiplied", found(apart == merged, shown))
