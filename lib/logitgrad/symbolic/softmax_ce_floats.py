"""Softmax and cross-entropy in floating point: what an error of the logits does, and forms that keep digits."""

from __future__ import annotations

from typing import Any

from sympy import Derivative, Expr, Ge, Gt, KroneckerDelta, Lambda, Le, exp, log

from .cross_entropy import excess
from .functions import Defined, at, equation, in_order, logsumexp, softmax, times, total, unused
from .softmax import p_i, p_j, p_k
from .softmax_ce import ce
from .symbols import K, c, direction, gaps, i, j, k, logits, m, targets
from .symbols import z as x
from .theorem import topic

z, y, v, g = logits, targets, direction, gaps
moved, raised, lowered = (Lambda(k, in_order(z[k], change)) for change in (v[k], g[k], -g[k]))
below = Lambda(k, in_order(m, -g[k]))
theorem = topic("softmax_ce_floats")


class others(Defined):
    """R_j = sum over the other classes of e^(z_k - z_j): what they weigh, compared with class j.

    >>> from logitgrad.symbolic import j, logits, prove_equal, softmax
    >>> print(prove_equal(softmax(logits, j), 1 / (1 + others(logits, j))))
    proved by sums
    """

    nargs = 2

    @classmethod
    def define(cls, z: Any, j: Any) -> Expr:
        n = unused(z)
        return total(times(1 - KroneckerDelta(j, n), exp(in_order(at(z, n), -at(z, j)))), n)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return f"R_{{{printer._print(self.args[1])}}}{'^{' + exp + '}' if exp else ''}"


R_j = others(z, j)

#: e^g - 1 >= g >= 0 for each class, from the tangent of the logarithm at 1: what every bound here rests on.
growth = excess(exp(g[k])) + g[k]
at_z, at_raised, at_lowered = (total(exp(power)) for power in (z[k], z[k] + g[k], z[k] - g[k]))
shares = total(exp(-g[k]))

# What an error of the logits does

theorem(
    "softmax-perturbation",
    equation(softmax(moved, j) / p_j, exp(v[j]) / total(times(p_k, exp(v[k])))),
    "When the logits move by v, each probability changes by its own factor, divided by the mean factor.",
)
theorem(
    "softmax-raised",
    Le(softmax(raised, j), times(exp(g[j]), p_j), evaluate=False),
    "Raising the logits by amounts of at least 0 raises a probability by no more than its own factor.",
    uses=("log-below-line",),
    via=(exp(z[j] + g[j]) * total(exp(z[k]) * growth) / (at_z * at_raised),),
)
theorem(
    "softmax-lowered",
    Ge(softmax(lowered, j), times(exp(-g[j]), p_j), evaluate=False),
    "Lowering the logits by amounts of at least 0 lowers a probability by no more than its own factor.",
    uses=("log-below-line",),
    via=(exp(z[j] - g[j]) * total(exp(z[k] - g[k]) * growth) / (at_z * at_lowered),),
)
theorem(
    "exp-above-line",
    Ge(exp(x), in_order(1, x), evaluate=False),
    "The exponential lies above its tangent at 0.",
    uses=("log-below-line",),
    via=(excess(exp(x)),),
)
theorem(
    "exp-correction",
    Ge(in_order(1, x), times(in_order(1, -(x**2)), exp(x)), evaluate=False),
    "A factor 1 + z in place of the exponential of z is too small by no more than the share z squared.",
    assumptions=(Gt(x, -1),),
    uses=("log-below-line",),
    via=((1 + x) * exp(x) * excess(exp(-x)),),
)

# Log-sum-exp and the class in front

theorem(
    "logsumexp-upper",
    Le(logsumexp(below), in_order(m, log(K)), evaluate=False),
    "Where no logit exceeds m, log-sum-exp exceeds it by log K at most.",
    uses=("log-below-line",),
    via=(excess(shares / K) + total(exp(-g[k]) * growth) / K,),
)
theorem(
    "softmax-ce-others",
    equation(-log(p_j), log(in_order(1, R_j))),
    "The loss of a class is the log1p of what the others weigh, compared with it.",
)
theorem(
    "softmax-complement",
    equation(in_order(1, -p_j), R_j / in_order(1, R_j)),
    "What a probability lacks to 1, without a subtraction.",
)

# The Hessian along a vector

theorem(
    "softmax-ce-hvp",
    equation(
        total(times(Derivative(ce(z, y), z[i], z[j]), v[j]), j),
        times(p_i, in_order(v[i], -c, -total(times(p_j, in_order(v[j], -c)), j))),
    ),
    "The Hessian times v: how far v lies above its mean, from whichever level c it is measured.",
    assumptions=(equation(total(y[k]), 1),),
    uses=("softmax-ce-hessian", "softmax-sums-to-one"),
)

__all__ = ["others"]
