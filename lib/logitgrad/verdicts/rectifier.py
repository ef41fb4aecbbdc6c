"""The claims of source D: cross-entropy behind a ReLU."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from sympy import Derivative, Eq, Gt, Limit, Lt, Symbol, nan, oo, zoo

from ..numeric.logexp import softmax as softmax_in_floats
from ..symbolic import Theorem, bce, half, logits, relu, sigma, softmax, y, z
from ..symbolic.calculus import ground
from ..symbolic.relu_ce import relu_ce
from .claim import Case, Finding, between, claim, found, lemma, proved
from .log_loss import DOMINATED, inside

Computed = Callable[..., Any]
published = (y - z) / (z * (1 - z))
w, x, b = (Symbol(name, real=True) for name in "wxb")


def slope(loss: Any, target: Any) -> Any:
    """The derivative by the logit."""
    return Derivative(loss(z, target), z)


@claim("D1", "backprop", "The derivative by a weight is the derivative by the logit times the weight's input.")
def chain_rule(factor: Any = x) -> Iterator[Case]:
    by_weight = Eq(Derivative(bce(w * x + b, y), w), (sigma(w * x + b) - y) * factor)
    yield Case("", proved(by_weight) & lemma("backprop-weight") & lemma("backprop-mean"))


@claim("D2", "relu_ce", "For z > 0 the derivative is (y - z) / (z (1 - z)).")
def published_gradient(formula: Any = published) -> Iterator[Case]:
    yield Case("", proved(Eq(slope(relu_ce, y), formula), (Gt(z, 0),)))


@claim("D3", "relu_ce", "It is undefined at z = 1.")
def undefined_at_one(loss: Any = relu_ce, certain: Any = relu_ce) -> Iterator[Case]:
    yield Case("the target is below 1", proved(Eq(Limit(slope(loss, y), z, 1, "-"), oo), (Lt(y, 1),)))
    yield Case("the target is 1", proved(Eq(Limit(slope(certain, 1), z, 1, "+-"), -1)).denied())


def no_value(loss: Any, logit: int, target: Any) -> Finding:
    """Whether the loss itself has no finite value."""
    value = ground(loss(logit, target))
    none = value.has(nan, zoo, oo)
    return found(none, f"the loss is {'not finite' if none else value} at z = {logit}, y = {target}")


@claim("D4", "relu_ce", "For z <= 0 it divides by 0, and so is undefined.")
def undefined_below(loss: Any = relu_ce, zero: Any = relu_ce, target: Any = half) -> Iterator[Case]:
    yield Case("the target is above 0", no_value(loss, -1, target) & no_value(loss, 0, target))
    right = proved(Eq(Limit(slope(zero, 0), z, 0, "+"), 0)).denied()  # on the left it is 0
    yield Case("the target is 0 and z = 0", right)
    yield Case("the target is 0 and z < 0", proved(Eq(slope(zero, 0), 0), (Lt(z, 0),)).denied())


@claim("D5", "relu_ce", "The ReLU's derivative at 0 may be put to 0.")
def put_to_zero(zero: Any = relu_ce, loss: Any = relu_ce, target: Any = 1) -> Iterator[Case]:
    left = proved(Eq(slope(zero, 0), 0), (Lt(z, 0),))
    right = proved(Eq(Limit(slope(zero, 0), z, 0, "+"), 1))
    yield Case("the target is 0", left & right)  # 0 lies between the slopes on both sides
    yield Case("the target is above 0", no_value(loss, 0, target).denied())


@claim("D6", "relu_ce", "Cross-entropy needs numbers in [0, 1] that sum to one, or it behaves erratically.")
def needs_probabilities(
    outside: str | Theorem = "relu-ce-not-real",
    unsummed: str | Theorem = "relu-ce-multiclass-unbounded",
    loss: Any = relu_ce,
) -> Iterator[Case]:
    yield Case("0 and 1 are left out as well", lemma(outside) & lemma(unsummed))
    yield Case("0 and 1 are allowed", (no_value(loss, 0, 1) & no_value(loss, 1, 0)).denied())


@claim("D7", "softmax", "The logistic sigmoid is a special case of softmax.")
def special_case(one_output: Any = sigma) -> Iterator[Case]:
    yield Case("", proved(Eq(softmax(logits, 1, 2), one_output(logits[1] - logits[2]))))


@claim("D8", "softmax_ce_floats", "Softmax keeps every output inside (0, 1), so that log 0 and 1/0 never occur.")
def never_log_zero(outputs: Any = softmax, in_floats: Computed = softmax_in_floats) -> Iterator[Case]:
    yield Case("numbers are real and there are two classes or more", inside(outputs))
    with np.errstate(divide="ignore"):
        values = np.log(in_floats(DOMINATED))
    yield Case(
        "numbers are floats",
        found(np.isfinite(values).all(), f"log p is {values.tolist()} at the logits {DOMINATED}"),
    )


@claim("D9", "relu_ce", "The outputs of a ReLU cannot be taken for probabilities.")
def no_probabilities(output: Any = relu) -> Iterator[Case]:
    for condition, given in (
        ("z > 1", (Gt(z, 1),)),
        ("z < 0", (Lt(z, 0),)),
        ("0 < z < 1", (Gt(z, 0), Lt(z, 1))),
    ):
        yield Case(condition, proved(between(output(z), 0, 1), given).denied())
