"""Binary cross-entropy on logits: ``L = -y log(sigmoid(z)) - (1 - y) log(1 - sigmoid(z))``, in nats.

Logits of any shape; targets of the same shape, or one number for all; no average is taken. The result has the
type of the logits (integers become float64). A target may be any number in [0, 1]; others, and NaN, raise
ValueError, as do shapes that differ. Types that are not real numbers raise TypeError. With a soft target, the
gradient near its zero is as accurate as its two terms, ``(1 - y) sigmoid(z)`` and ``y sigmoid(-z)``.

Other names: logistic loss, log loss. Sources: Goodfellow, Bengio and Courville, 6.2.2; Nielsen, ch. 3.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ._arrays import each, unit_targets, with_targets
from ._doubled import Array
from .logexp import tail

__all__ = ["grad", "hess", "loss", "loss_and_grad"]

LARGEST = np.finfo(np.float64).max


def loss(z: ArrayLike, y: ArrayLike) -> Array:
    """Return ``softplus(z) - y z``, in nats, for each logit.

    Computed as ``|z| |h - y| + log(1 + exp(-|z|))`` with ``h = [z > 0]``: both terms are >= 0.
    Limits at +-inf: 0 on the right side, inf on the wrong one and for 0 < y < 1.

    Theorems: ``bce-stable-loss``, ``bce-stable-soft-loss``. Source: Maechler (2012) for ``log1p(exp(-|z|))``.

    >>> float(loss(800.0, 0)), float(loss(-700.0, 0)) > 0
    (800.0, True)
    """
    return each(_loss, 1, *with_targets(z, y))[0]


def grad(z: ArrayLike, y: ArrayLike) -> Array:
    """Return ``dL/dz = sigmoid(z) - y`` for each logit, with all its digits where it is small.

    Limits at +inf: 1 - y; at -inf: -y.

    Theorems: ``sigmoid-bce-gradient``, ``bce-half-form``. Source: Nielsen, ch. 3.

    >>> float(grad(745.0, 1))
    -5e-324
    """
    return each(_grad, 1, *with_targets(z, y))[0]


def hess(z: ArrayLike, y: ArrayLike) -> Array:
    """Return ``d2L/dz2 = sigmoid(z) sigmoid(-z)`` for each logit; the target does not matter.

    Limits at +-inf: 0.

    Theorems: ``sigmoid-bce-second-derivative``, ``bce-stable-second-derivative``.
    Source: Goodfellow, Bengio and Courville, 6.2.2.

    >>> float(hess(745.0, 1))
    5e-324
    """
    return each(_hess, 1, *with_targets(z, y))[0]


def loss_and_grad(z: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """Return `loss` and `grad`, bit for bit, for the price of one exponential.

    Theorems: ``bce-stable-loss``, ``sigmoid-bce-gradient``. Source: as theirs.

    >>> [float(v) for v in loss_and_grad(-800.0, 1)]
    [800.0, -1.0]
    """
    loss, grad = each(_loss_and_grad, 2, *with_targets(z, y))
    return loss, grad


def _wrong_side(z: Array, y: Array) -> tuple[Array, Array]:
    """Return ``h - y`` as a pair: the weight of the term that |z| makes large, signed."""
    unit_targets(y)
    h = (z > 0).astype(np.float64)
    weight = h - y
    return weight, (h - weight) - y  # exact, since h = 0 or h >= y


def _loss(z: Array, y: Array) -> tuple[Array]:
    return (_loss_from(np.exp(-np.abs(z)), z, *_wrong_side(z, y)),)


def _grad(z: Array, y: Array) -> tuple[Array]:
    _, q, q_low = tail(z)
    return (_grad_from(q, q_low, z, *_wrong_side(z, y)),)


def _loss_and_grad(z: Array, y: Array) -> tuple[Array, Array]:
    e, q, q_low = tail(z)
    weight, low = _wrong_side(z, y)
    return _loss_from(e, z, weight, low), _grad_from(q, q_low, z, weight, low)


def _loss_from(e: Array, z: Array, weight: Array, low: Array) -> Array:
    size = np.abs(z)
    large = np.fmax(size * np.abs(weight), 0)  # 0 * inf = 0: the limit of a term without weight
    return large + (np.log1p(e) + np.minimum(size, LARGEST) * low)


def _grad_from(q: Array, q_low: Array, z: Array, weight: Array, low: Array) -> Array:
    side = 1.0 - 2.0 * (z > 0)  # sigmoid(z) = h + side q
    return (weight + side * q) + (low + side * q_low)


def _hess(z: Array, y: Array) -> tuple[Array]:
    unit_targets(y)
    _, q, low = tail(z)
    return (q - (q * q - low * (1 - 2 * q)),)  # q (1 - q), and what q lacks
