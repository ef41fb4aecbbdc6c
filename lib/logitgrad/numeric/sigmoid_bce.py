"""Binary cross-entropy on logits: ``L = -y log(sigmoid(z)) - (1 - y) log(1 - sigmoid(z))``, in nats.

Logits of any shape; targets of the same shape, or one number for all; no average is taken. The result has the
type of the logits (integers become float64). A target may be any number in [0, 1]; others, and NaN, raise
ValueError, as do shapes that differ. Types that are not real numbers raise TypeError. With a soft target, the
gradient near its zero is as accurate as its two terms, ``(1 - y) sigmoid(z)`` and ``y sigmoid(-z)``.

Other names: logistic loss, log loss. Sources: Goodfellow, Bengio and Courville, 6.2.2; Nielsen, ch. 3.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ._arrays import each, unit_targets, with_targets
from ._doubled import Array
from ._scratch import Scratch
from ._tail import Tail, plus_log, smaller_side, tail

__all__ = ["grad", "hess", "loss", "loss_and_grad"]

LARGEST = np.finfo(np.float64).max


def loss(z: ArrayLike, y: ArrayLike) -> Array:
    """Return ``softplus(z) - y z``, in nats, for each logit.

    Computed as ``|z| |h - y| + log(1 + exp(-|z|))`` with ``h = [z > 0]``: both terms are >= 0.
    Shape: that of ``z``. Limits at +-inf: 0 on the right side, inf on the wrong one and for 0 < y < 1.
    Errors: the module's.

    Theorems: ``bce-stable-loss``, ``bce-stable-soft-loss``. Source: Maechler (2012) for ``log1p(exp(-|z|))``.

    >>> float(loss(800.0, 0)), float(loss(-700.0, 0)) > 0
    (800.0, True)
    """
    return each(_loss, 1, *with_targets(z, y))[0]


def grad(z: ArrayLike, y: ArrayLike) -> Array:
    """Return ``dL/dz = sigmoid(z) - y`` for each logit, with all its digits where it is small.

    Shape: that of ``z``. Limits: ``1 - y`` at +inf, ``-y`` at -inf. Errors: the module's.

    Theorems: ``sigmoid-bce-gradient``, ``bce-half-form``. Source: Nielsen, ch. 3.

    >>> float(grad(745.0, 1))
    -5e-324
    """
    return each(_grad, 1, *with_targets(z, y))[0]


def hess(z: ArrayLike, y: ArrayLike) -> Array:
    """Return ``d2L/dz2 = sigmoid(z) sigmoid(-z)`` for each logit; the target does not matter.

    Shape: that of ``z``. Limits at +-inf: 0. Errors: the module's.

    Theorems: ``sigmoid-bce-second-derivative``, ``bce-stable-second-derivative``.
    Source: Goodfellow, Bengio and Courville, 6.2.2.

    >>> float(hess(745.0, 1))
    5e-324
    """
    return each(_hess, 1, *with_targets(z, y))[0]


def loss_and_grad(z: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """Return `loss` and `grad`, bit for bit, for the price of one exponential.

    Shapes, limits and errors: theirs.

    Theorems: ``bce-stable-loss``, ``sigmoid-bce-gradient``. Source: as theirs.

    >>> [float(v) for v in loss_and_grad(-800.0, 1)]
    [800.0, -1.0]
    """
    loss, grad = each(_loss_and_grad, 2, *with_targets(z, y))
    return loss, grad


class Side(NamedTuple):
    """``h = [z > 0]``, and ``y - h`` as a pair: up to its sign, the weight of the term that |z| makes large."""

    h: Array
    weight: Array
    low: Array | None


def _side(s: Scratch, z: Array, y: Array) -> Side:
    unit_targets(y)
    h = s("h", z.shape)
    np.copyto(h, z > 0)
    weight = np.subtract(y, h, out=s("weight", z.shape))
    if not s.wide:
        return Side(h, weight, None)
    low = np.add(h, weight, out=s("weight_low", z.shape))
    return Side(h, weight, np.subtract(y, low, out=low))  # exact, since h = 0 or h >= y


def _loss(s: Scratch, z: Array, y: Array) -> tuple[Array]:
    return (_loss_from(s, tail(z, s), _side(s, z, y)),)


def _grad(s: Scratch, z: Array, y: Array) -> tuple[Array]:
    return (_grad_from(s, tail(z, s), _side(s, z, y)),)


def _loss_and_grad(s: Scratch, z: Array, y: Array) -> tuple[Array, Array]:
    t, side = tail(z, s), _side(s, z, y)
    return _loss_from(s, t, side), _grad_from(s, t, side)


def _loss_from(s: Scratch, t: Tail, side: Side) -> Array:
    large = np.abs(side.weight, out=s("large", side.weight.shape))
    large *= t.size
    if not t.size.max() < np.inf:  # 0 * inf = 0: the limit of a term without weight; a NaN stays in log1p(e)
        large[np.isnan(large)] = 0
    low = side.low
    if low is not None:
        low = -low * np.minimum(t.size, LARGEST) if low.any() else None  # not 0 only where |y - h| = h - y
    return plus_log(large, t, s, low)


def _grad_from(s: Scratch, t: Tail, side: Side) -> Array:
    q, q_low = smaller_side(t, s)
    sign = np.multiply(-2, side.h, out=s("sign", q.shape))
    sign += 1  # sigmoid(z) = h + sign q
    q *= sign
    q -= side.weight  # for y = h a subtraction of 0, which keeps the sign of -q where q underflows
    if side.low is not None and q_low is not None:
        q_low *= sign
        q_low -= side.low
        q += q_low
    return q


def _hess(s: Scratch, z: Array, y: Array) -> tuple[Array]:
    unit_targets(y)
    q, low = smaller_side(tail(z, s), s)
    lacking = np.multiply(q, q, out=s("square", q.shape))
    if low is not None:
        lacking -= low * (1 - 2 * q)
    return (np.subtract(q, lacking, out=q),)  # (q + low) (1 - q - low), up to low^2
