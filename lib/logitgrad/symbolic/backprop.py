"""From the gradient by a logit to the gradients by the weights: one weight, a batch, a layer, a hidden unit."""

from __future__ import annotations

from typing import Any

from sympy import Derivative, Expr, IndexedBase, Lambda, Subs, Sum, Symbol, exp

from .functions import Defined, Unspecified, equation, in_order, softmax, times, total
from .softmax import p_k
from .softmax_ce import ce
from .symbols import K, j, k, logits, targets, y
from .theorem import topic

b = Symbol("b", real=True)
t = Symbol("t", real=True)  # how far along a direction
N = Symbol("N", integer=True, positive=True)  # examples in the batch
D = Symbol("D", integer=True, positive=True)  # inputs of the layer
n, d = (Symbol(name, integer=True, positive=True) for name in "nd")

w = IndexedBase("w", real=True)
x = IndexedBase("x", real=True)
W = IndexedBase("W", real=True)
E = IndexedBase("E", real=True)  # a direction in which the weights move
r = IndexedBase("r", real=True)  # what does not depend on the unit in question
a_j = Symbol("a_j", real=True)


class loss_slope(Unspecified):
    """L'(z, y), the derivative of an unspecified loss by its logit."""

    nargs = 2

    @classmethod
    def example(cls, z: Expr, y: Expr) -> Expr:
        return exp(z) + 3 * (z - y) ** 2

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return "L'(" + ", ".join(map(printer._print, self.args)) + ")"


class any_loss(Unspecified):
    """L(z, y), any loss that is differentiable in its logit: nothing else is known of it.

    >>> from logitgrad.symbolic import y, z
    >>> any_loss(z, y).diff(z)
    loss_slope(z, y)
    """

    nargs = 2

    def fdiff(self, argindex: int = 1) -> Expr:
        if argindex != 1:
            raise NotImplementedError("the targets are given; no derivative by them is defined")
        return loss_slope(*self.args)

    @classmethod
    def example(cls, z: Expr, y: Expr) -> Expr:
        return exp(z) + (z - y) ** 3

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return "L(" + ", ".join(map(printer._print, self.args)) + ")"


class logit(Defined):
    """z = sum over k of w_k x_k + b, for any number of inputs.

    >>> from logitgrad.symbolic.backprop import b, logit, w, x
    >>> logit(w, x, b).definition
    b + Sum(w[k]*x[k], (k, 1, K))
    """

    nargs = 3

    @classmethod
    def define(cls, w: IndexedBase, x: IndexedBase, b: Expr) -> Expr:
        return total(w[k] * x[k]) + b

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return "z"


class logit_of(Defined):
    """z_n = sum over k of w_k x_nk + b: the logit of example n.

    >>> from logitgrad.symbolic.backprop import b, logit_of, n, w, x
    >>> logit_of(w, x, b, n).definition
    b + Sum(w[k]*x[n, k], (k, 1, K))
    """

    nargs = 4

    @classmethod
    def define(cls, w: IndexedBase, x: IndexedBase, b: Expr, n: Expr) -> Expr:
        return total(w[k] * x[n, k]) + b

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return f"z_{{{printer._print(self.args[3])}}}"


class loss_along(Defined):
    """Cross-entropy of softmax after the layer's weights have moved from W to W + tE, which moves z by tEx."""

    nargs = 6

    @classmethod
    def define(cls, z: IndexedBase, E: IndexedBase, x: IndexedBase, y: IndexedBase, t: Expr, D: Expr) -> Expr:
        return ce(Lambda(k, z[k] + t * Sum(E[k, d] * x[d], (d, 1, D))), y)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        z, E, x, y, t, _ = (printer._print(part) for part in self.args)
        return rf"L({z} + {t} {E} {x},\, {y})"


class loss_by_unit(Defined):
    """Cross-entropy of softmax as a function of one hidden output a_j: z_k = W_kj a_j + r_k."""

    nargs = 4

    @classmethod
    def define(cls, W: IndexedBase, a: Expr, r: IndexedBase, y: IndexedBase) -> Expr:
        return ce(_logits_by_unit(W, a, r), y)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return f"L(z, {printer._print(self.args[3])})"


class share(Defined):
    """p_k where the logits are z_k = W_kj a_j + r_k."""

    nargs = 4

    @classmethod
    def define(cls, W: IndexedBase, a: Expr, r: IndexedBase, k: Expr) -> Expr:
        return softmax(_logits_by_unit(W, a, r), k)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return f"p_{{{printer._print(self.args[3])}}}"


def _logits_by_unit(W: IndexedBase, a: Expr, r: IndexedBase) -> Lambda:
    return Lambda(k, W[k, j] * a + r[k])


def mean(body: Expr) -> Expr:
    """The mean over the batch."""
    return times(1 / N, Sum(body, (n, 1, N)))


theorem = topic("backprop")
normalized = (equation(total(targets[k]), 1),)
z, z_n = logit(w, x, b), logit_of(w, x, b, n)

theorem(
    "backprop-weight",
    equation(Derivative(any_loss(z, y), w[j]), times(loss_slope(z, y), x[j])),
    "For any loss and any number of inputs: the gradient by a weight is the logit's gradient times the input.",
)
theorem(
    "backprop-bias",
    equation(Derivative(any_loss(z, y), b), loss_slope(z, y)),
    "A bias is a weight whose input is 1.",
)
theorem(
    "backprop-mean",
    equation(
        Derivative(mean(any_loss(z_n, targets[n])), w[j]),
        mean(times(loss_slope(z_n, targets[n]), x[n, j])),
    ),
    "The gradient of the mean over a batch, of any size, is the mean of the gradients.",
)
theorem(
    "backprop-layer",
    equation(
        Subs(Derivative(loss_along(logits, E, x, targets, t, D), t), t, 0),
        total(Sum(times(in_order(p_k, -targets[k]), x[d], E[k, d]), (d, 1, D))),
    ),
    "For any number of classes and inputs: moved along E, the loss changes by the sum of (p - y) x^T times E.",
    assumptions=normalized,
    uses=("softmax-ce-gradient-normalized",),
)
theorem(
    "backprop-hidden",
    equation(
        Derivative(loss_by_unit(W, a_j, r, targets), a_j),
        total(times(in_order(share(W, a_j, r, k), -targets[k]), W[k, j])),
    ),
    "A hidden output receives the errors of all classes, each through the weight that leads there.",
    assumptions=normalized,
    uses=("softmax-ce-gradient-normalized",),
)

__all__ = [
    "D",
    "E",
    "K",
    "N",
    "W",
    "a_j",
    "any_loss",
    "b",
    "d",
    "logit",
    "logit_of",
    "loss_along",
    "loss_by_unit",
    "loss_slope",
    "mean",
    "n",
    "r",
    "share",
    "t",
    "w",
    "x",
]
