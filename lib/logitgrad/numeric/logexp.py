"""Sigmoid, softplus, softmax and log-sum-exp, without overflow and without lost digits.

All take float16, float32 or float64 and return the same type; integers and booleans become float64. Infinite
logits are taken as limits. Other types raise TypeError. No warning is issued: the value says what happened.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ._arrays import each, each_row, real
from ._doubled import Array, collapse, two_sum
from ._scratch import Scratch
from ._shifted import log_probabilities, log_rest, probabilities, shift
from ._tail import plus_log, smaller_side, tail

__all__ = ["log_sigmoid", "log_softmax", "logsumexp", "sigmoid", "softmax", "softplus"]


def sigmoid(z: ArrayLike) -> Array:
    """Return ``1 / (1 + exp(-z))`` for each logit.

    Shape: that of ``z``. Limits: 0 at -inf, 1 at +inf. Nothing is flushed to 0, down to the smallest
    subnormal. Errors: the module's.

    Theorems: ``sigmoid-stable``, ``sigmoid-symmetry``, ``sigmoid-range``.
    Source: Goodfellow, Bengio and Courville, 3.10.

    >>> float(sigmoid(-745.0))
    5e-324
    """
    return each(_sigmoid, 1, real(z, "logits"))[0]


def softplus(z: ArrayLike) -> Array:
    """Return ``log(1 + exp(z))``, in nats, for each logit.

    Shape: that of ``z``. Limits: 0 at -inf, ``z`` itself at +inf. Errors: the module's.

    Theorem: ``softplus-stable``. Source: Maechler, *Accurately computing log(1 - exp(-|a|))* (2012).

    >>> float(softplus(1e308))
    1e+308
    """
    return each(_softplus, 1, real(z, "logits"))[0]


def log_sigmoid(z: ArrayLike) -> Array:
    """Return ``log(sigmoid(z)) = -softplus(-z)``, in nats, for each logit.

    Shape: that of ``z``. Limits: -inf at -inf, 0 at +inf. Errors: the module's.

    Theorems: ``log-sigmoid``, ``softplus-stable``. Source: as `softplus`.

    >>> float(log_sigmoid(-1e308))
    -1e+308
    """
    return each(_log_sigmoid, 1, real(z, "logits"))[0]


def logsumexp(z: ArrayLike, *, axis: int = -1) -> Array:
    """Return ``log(sum(exp(z)))``, in nats, along ``axis``.

    Shape: that of ``z`` without ``axis``. Limits: -inf if all logits are -inf, +inf if one is +inf. Near a
    result of 0 the error is bounded by the terms, max(z) and the rest, not by their sum. Errors: ValueError
    without any class; others are the module's.

    Theorem: ``logsumexp-shift``. Source: Blanchard, Higham and Higham (2021).

    >>> float(logsumexp([-1e300, -1e300]))
    -1e+300
    """
    return each_row(_logsumexp, ["row"], axis, real(z, "logits"))[0]


def softmax(z: ArrayLike, *, axis: int = -1) -> Array:
    """Return ``p_i = exp(z_i) / sum(exp(z))`` along ``axis``.

    Shape: that of ``z``. Limits: a logit -inf gets 0; one logit +inf gets all; NaN for the row where all are
    -inf or two are +inf, since there is no limit. Errors: as `logsumexp`.

    Theorem: ``softmax-shift``. Source: Blanchard, Higham and Higham (2021).

    >>> [float(p) for p in softmax([0.0, -745.0])]
    [1.0, 5e-324]
    """
    return each_row(_softmax, ["class"], axis, real(z, "logits"))[0]


def log_softmax(z: ArrayLike, *, axis: int = -1) -> Array:
    """Return ``log(softmax(z)) = z_i - logsumexp(z)``, in nats, along ``axis``.

    Shape: that of ``z``. Limits: as `softmax`, with log 0 = -inf. A class that dominates keeps its digits, and
    a zero is -0.0, as that of `log_sigmoid` is. Errors: as `logsumexp`.

    Theorems: ``log-softmax``, ``logsumexp-shift``. Source: Blanchard, Higham and Higham (2021).

    >>> [float(l) for l in log_softmax([0.0, -745.0])]
    [-5e-324, -745.0]
    """
    return each_row(_log_softmax, ["class"], axis, real(z, "logits"))[0]


def _sigmoid(s: Scratch, z: Array) -> tuple[Array]:
    q, low = smaller_side(tail(z, s), s)
    if low is not None:
        q += low
    # 1 - q on the right, q on the left
    return (np.abs(np.subtract(z > 0, q, out=q), out=q),)


def _softplus(s: Scratch, z: Array) -> tuple[Array]:
    return (plus_log(np.maximum(z, 0, out=s("start", z.shape)), tail(z, s), s),)


def _log_sigmoid(s: Scratch, z: Array) -> tuple[Array]:
    (value,) = _softplus(s, np.negative(z, out=s("mirrored", z.shape)))
    return (np.negative(value, out=value),)


def _logsumexp(s: Scratch, z: Array) -> tuple[Array]:
    t = shift(z, s)
    top, top_low = log_rest(t)
    high, low = two_sum(t.peak, top)
    return (np.where(np.isinf(t.peak), t.peak, collapse(high, low + top_low)),)


def _softmax(s: Scratch, z: Array) -> tuple[Array]:
    return (probabilities(shift(z, s), s),)


def _log_softmax(s: Scratch, z: Array) -> tuple[Array]:
    log_p = log_probabilities(shift(z, s), s)
    return (np.copysign(log_p, -1, out=log_p),)  # never positive: what underflows to 0 comes from below
