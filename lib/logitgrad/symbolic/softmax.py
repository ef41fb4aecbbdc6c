"""Softmax and its Jacobian, for any number of classes."""

from __future__ import annotations

from sympy import And, Derivative, Ge, Gt, KroneckerDelta, Lambda, Lt, log

from .functions import equation, in_order, logsumexp, sigma, softmax, times, total
from .symbols import K, beta, c, direction, i, j, k, logits, m
from .theorem import topic

z, v = logits, direction
p_i, p_j, p_k = (softmax(z, index) for index in (i, j, k))
several = (Ge(K, 2),)
heated = Lambda(k, times(beta, z[k]))
shifted = Lambda(k, in_order(z[k], c))
theorem = topic("softmax")

#: v^T J v, written out, and the variance that it is.
quadratic_form = total(total(times(v[i], v[j], p_i, in_order(KroneckerDelta(i, j), -p_j)), j), i)
variance = total(times(p_k, in_order(v[k], -total(times(p_i, v[i]), i)) ** 2))

theorem(
    "softmax-jacobian",
    equation(Derivative(p_j, z[i]), times(p_j, in_order(KroneckerDelta(i, j), -p_i))),
    "The Jacobian of softmax, for any number of classes.",
)
theorem("softmax-shift", equation(softmax(shifted, j), p_j), "Adding one number to all logits changes nothing.")
theorem("softmax-sums-to-one", equation(total(p_k), 1), "The outputs sum to one.")
theorem(
    "softmax-jacobian-rows",
    equation(total(Derivative(p_j, z[i]), i), 0),
    "Each row of the Jacobian sums to zero: a common shift of the logits is not felt.",
    uses=("softmax-jacobian", "softmax-sums-to-one"),
)
theorem(
    "softmax-jacobian-columns",
    equation(total(Derivative(p_j, z[i]), j), 0),
    "Each column sums to zero too: what one output gains, the others lose together.",
    uses=("softmax-jacobian", "softmax-sums-to-one"),
)
theorem(
    "softmax-jacobian-variance",
    equation(
        quadratic_form,
        variance,
    ),
    "Along v, the Jacobian's quadratic form is the variance of v under p: zero only if all v_k are equal.",
    uses=("softmax-jacobian",),
)
theorem(
    "softmax-range",
    And(Gt(p_j, 0, evaluate=False), Lt(p_j, 1, evaluate=False)),
    "With at least two classes every output lies strictly between 0 and 1.",
    assumptions=several,
)
theorem(
    "softmax-two-classes",
    equation(softmax(z, 1, 2), sigma(in_order(z[1], -z[2]))),
    "With two classes, softmax is the sigmoid of the difference of the logits.",
)
theorem(
    "log-softmax", equation(log(p_j), in_order(z[j], -logsumexp(z))), "The log-probability without a quotient."
)
theorem(
    "logsumexp-gradient", equation(Derivative(logsumexp(z), z[j]), p_j), "Softmax is the gradient of log-sum-exp."
)
theorem(
    "logsumexp-shift",
    equation(logsumexp(z), in_order(m, logsumexp(Lambda(k, in_order(z[k], -m))))),
    "Log-sum-exp with any number m taken out; with the maximum, no exponential overflows.",
)
theorem(
    "softmax-temperature",
    equation(
        Derivative(log(softmax(heated, j)), beta),
        in_order(z[j], -total(times(softmax(heated, i), z[i]), i)),
    ),
    "An inverse temperature favours a class by how far its logit lies above the mean logit.",
)

__all__ = ["p_i", "p_j", "p_k", "quadratic_form", "variance"]
