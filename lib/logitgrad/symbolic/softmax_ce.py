"""Softmax and cross-entropy: the gradient (sum y) p - y, for any number of classes."""

from __future__ import annotations

from typing import Any

from sympy import Derivative, Expr, Ge, KroneckerDelta, log

from .functions import Defined, components_tex, equation, in_order, logsumexp, softmax, times, total, unused
from .sigmoid_bce import bce
from .softmax import p_i, p_j, p_k, quadratic_form, variance
from .symbols import K, direction, half, i, j, k, logits, targets
from .theorem import topic

z, y, v = logits, targets, direction


class ce(Defined):
    """Cross-entropy of logits, in nats: - sum over k of y_k log softmax(z)_k.

    >>> from logitgrad.symbolic import j, logits, prove_equal, softmax, targets
    >>> from logitgrad.symbolic.functions import total
    >>> from sympy import Derivative
    >>> gradient = Derivative(ce(logits, targets), logits[j])
    >>> print(prove_equal(gradient, total(targets[k]) * softmax(logits, j) - targets[j]))
    proved by sums
    """

    tex = "L"
    nargs = 3

    def __new__(cls, z: Any, y: Any, classes: Any = K, **options: Any) -> Any:
        return super().__new__(cls, z, y, classes, **options)

    @classmethod
    def define(cls, z: Any, y: Any, classes: Any) -> Expr:
        n = unused(z, y)
        return -total(y[n] * log(softmax(z, n, classes)), n, classes)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        z, y, classes = self.args
        if classes == K:
            return rf"L({printer._print(z)}, {printer._print(y)})"
        return rf"L({components_tex(z, classes, printer)};\, {components_tex(y, classes, printer)})"


theorem = topic("softmax_ce")
normalized = (equation(total(y[k]), 1),)

theorem(
    "softmax-ce-gradient",
    equation(Derivative(ce(z, y), z[j]), in_order(times(total(y[k]), p_j), -y[j])),
    "The gradient for any number of classes and any targets.",
    uses=("softmax-jacobian",),
)
theorem(
    "softmax-ce-gradient-normalized",
    equation(Derivative(ce(z, y), z[j]), in_order(p_j, -y[j])),
    "For targets that sum to one, the gradient is the prediction minus the target.",
    assumptions=normalized,
    uses=("softmax-ce-gradient",),
)
theorem(
    "softmax-ce-gradient-sums-to-zero",
    equation(total(Derivative(ce(z, y), z[j]), j), 0),
    "The gradient's components sum to zero, whatever the targets.",
    uses=("softmax-ce-gradient", "softmax-sums-to-one"),
)
theorem(
    "softmax-ce-logit-form",
    equation(ce(z, y), in_order(times(total(y[k]), logsumexp(z)), -total(times(y[k], z[k])))),
    "The loss in terms of the logits: no logarithm of a small number.",
    uses=("log-softmax",),
)
theorem(
    "softmax-ce-true-class",
    equation(in_order(p_j, -1), -total(times(1 - KroneckerDelta(j, k), p_k))),
    "The true class's gradient is minus the sum of the others: nothing cancels.",
    uses=("softmax-sums-to-one",),
)
theorem(
    "softmax-ce-hessian",
    equation(Derivative(ce(z, y), z[i], z[j]), times(p_i, in_order(KroneckerDelta(i, j), -p_j))),
    "The Hessian is diag(p) - pp^T: the targets do not enter.",
    assumptions=normalized,
    uses=("softmax-ce-gradient-normalized", "softmax-jacobian"),
)
theorem(
    "softmax-ce-convex",
    Ge(total(total(times(v[i], v[j], Derivative(ce(z, y), z[i], z[j])), j), i), 0),
    "The Hessian is positive semidefinite: along every direction v its form is a variance.",
    assumptions=normalized,
    uses=("softmax-ce-hessian", "softmax-jacobian-variance"),
    via=(quadratic_form, variance),
)
theorem(
    "softmax-ce-two-classes",
    equation(ce(z, y, 2), bce(in_order(z[1], -z[2]), y[1])),
    "With two classes and targets that sum to one, it is binary cross-entropy of the logits' difference.",
    assumptions=(equation(y[1] + y[2], 1),),
    uses=("softmax-two-classes",),
)
theorem(
    "softmax-mse-gradient",
    equation(
        Derivative(half * total(in_order(p_k, -y[k]) ** 2), z[j]),
        times(p_j, in_order(p_j, -y[j], -total(times(p_k, in_order(p_k, -y[k]))))),
    ),
    "Squared error behind softmax: every component carries a factor p_j that vanishes with the output.",
    uses=("softmax-jacobian",),
)

__all__ = ["ce"]
