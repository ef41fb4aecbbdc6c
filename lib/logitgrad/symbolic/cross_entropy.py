"""Cross-entropy itself: from likelihood, for two classes and for many, and where it is smallest."""

from __future__ import annotations

from typing import Any

from sympy import Derivative, Expr, Ge, Gt, IndexedBase, KroneckerDelta, Le, Limit, Lt, S, Symbol, log

from .functions import Defined, at, equation, in_order, times, total, unused, vector_tex
from .statement import LowestAt
from .symbols import j, k, p, probabilities, targets, y
from .theorem import topic

q, t = probabilities, targets
r = IndexedBase("y", positive=True)  # a target distribution in which every class has mass
x = Symbol("x", positive=True)


class ell(Defined):
    """Cross-entropy of an output p under a target y, in nats: -(y log p + (1 - y) log(1 - p)).

    >>> from logitgrad.symbolic import ell, p
    >>> ell(p, 1).definition
    -log(p)
    """

    tex = r"\ell"
    nargs = 2

    @classmethod
    def define(cls, p: Expr, y: Expr) -> Expr:
        return -y * log(p) - (1 - y) * log(1 - p)


class ell_slope(Defined):
    """The derivative of ``ell`` by the output, -y/p + (1 - y)/(1 - p), a factor of the chain rule.

    >>> from logitgrad.symbolic import ell_slope, p
    >>> ell_slope(p, 1).definition
    -1/p
    """

    tex = r"\ell'"
    nargs = 2

    @classmethod
    def define(cls, p: Expr, y: Expr) -> Expr:
        return -y / p + (1 - y) / (1 - p)


class excess(Defined):
    """x - 1 - log(x): how far the line x - 1 lies above the logarithm."""

    tex = r"g"
    nargs = 1

    @classmethod
    def define(cls, x: Expr) -> Expr:
        return x - 1 - log(x)

    def _eval_is_nonnegative(self) -> bool | None:
        return self.args[0].is_positive


class cross_entropy(Defined):
    """H(y, q) = - sum over k of y_k log(q_k): ``cross_entropy(targets, probabilities)``."""

    tex = "H"
    nargs = 2

    @classmethod
    def define(cls, targets: Any, probabilities: Any) -> Expr:
        n = unused(targets, probabilities)
        return -total(times(targets[n], log(at(probabilities, n))), n)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        targets, probabilities = (vector_tex(vector, printer) for vector in self.args)
        return rf"H{'^{' + exp + '}' if exp else ''}({targets}, {probabilities})"


class divergence(Defined):
    """KL(y || q) = sum over k of y_k log(y_k / q_k)."""

    tex = r"\operatorname{KL}"
    nargs = 2

    @classmethod
    def define(cls, targets: Any, probabilities: Any) -> Expr:
        return total(times(targets[k], in_order(log(targets[k]), -log(probabilities[k]))))


inside = (Gt(p, 0), Lt(p, 1))
theorem = topic("cross_entropy")

theorem(
    "bernoulli-likelihood",
    equation(-log(p**y * (1 - p) ** (1 - y)), ell(p, y)),
    "Binary cross-entropy is the negative log-likelihood of a coin that shows 1 with probability p.",
    assumptions=inside,
)
theorem(
    "cross-entropy-slope",
    equation(Derivative(ell(p, y), p), ell_slope(p, y)),
    "The derivative by the output, term by term.",
)
theorem(
    "cross-entropy-derivative",
    equation(Derivative(ell(p, y), p), in_order(p, -y) / times(p, 1 - p)),
    "The derivative by the output is the error over the variance p(1 - p).",
)
theorem(
    "cross-entropy-convex",
    Gt(Derivative(ell(p, y), (p, 2)), 0),
    "As a function of the output, binary cross-entropy is strictly convex.",
    assumptions=(Ge(y, 0), Le(y, 1)),
    via=(y / p**2 + (1 - y) / (1 - p) ** 2,),
)
theorem(
    "cross-entropy-minimiser",
    Ge(ell(p, y), ell(y, y)),
    "No output does better than the target itself.",
    assumptions=(*inside, Gt(y, 0), Lt(y, 1)),
    via=(LowestAt(p, y),),
)
theorem(
    "zero-log-zero",
    equation(Limit(x * log(x), x, 0, "+"), 0),
    "x log x has the limit 0 at 0, which is why 0 log 0 is read as 0 in a loss.",
)
theorem(
    "log-below-line",
    Ge(in_order(x, -1, -log(x)), 0, evaluate=False),
    "The logarithm lies below its tangent at 1.",
    via=(LowestAt(x, S.One),),
)
theorem(
    "cross-entropy-one-hot",
    equation(-total(KroneckerDelta(k, j) * log(q[k])), -log(q[j])),
    "With a one-hot target, only the probability of the labelled class enters.",
)
theorem(
    "cross-entropy-decomposition",
    equation(cross_entropy(r, q), in_order(cross_entropy(r, r), divergence(r, q))),
    "Cross-entropy is the target's entropy plus the divergence from it.",
)
theorem(
    "gibbs-inequality",
    Ge(divergence(r, q), 0),
    "The divergence is never negative, so no prediction beats the target distribution.",
    assumptions=(equation(total(r[k]), 1), equation(total(q[k]), 1)),
    uses=("log-below-line",),
    via=(total(r[k] * excess(q[k] / r[k])),),
)
theorem(
    "cross-entropy-output-derivative",
    equation(Derivative(cross_entropy(t, q), q[j]), -t[j] / q[j]),
    "The derivative by an output is minus the target over that output.",
)

__all__ = ["cross_entropy", "divergence", "ell", "ell_slope", "excess"]
