"""Squared error behind a sigmoid: ``L = (sigmoid(z) - y)^2 / 2``.

The 1/2 makes the derivative by the output the error itself, ``sigmoid(z) - y``; without it loss and derivatives
are twice as large. Logits of any shape; targets of the same shape, or one number for all; no average is taken,
although the name says mean. The result has the type of the logits (integers become float64). A target may be
any number in [0, 1], as in `sigmoid_bce`: no other is the output of a sigmoid. Others, and NaN, raise
ValueError, as do shapes that differ. Types that are not real numbers raise TypeError.

For targets 0 and 1 nothing cancels but in the second derivative. With a soft target the results near their
zeros are as accurate as the terms of ``(1 - y) sigmoid(z) - y sigmoid(-z)``, and the second derivative near its
own two zeros as accurate as its two terms.

Other names: Brier score (its mean, without the 1/2), quadratic cost. Sources: Ekman, *Learning Deep Learning*
(2021), ch. 5; Nielsen, ch. 3.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ._arrays import each, unit_targets, with_targets
from ._doubled import Array, two_sum, upper_half
from ._scratch import Scratch
from ._tail import smaller_side, tail

__all__ = ["grad", "hess", "loss", "loss_and_grad"]

LIFT = 2.0**200  # far from the subnormals, where a product's low part would be rounded away

Pair = tuple[Array, Array | None]  # a value and what rounding took from it


def loss(z: ArrayLike, y: ArrayLike) -> Array:
    """Return ``(sigmoid(z) - y)^2 / 2`` for each logit; it has no unit (not nats) and is at most 1/2.

    Shape: that of ``z``. Limits: ``(1 - y)^2 / 2`` at +inf, ``y^2 / 2`` at -inf. Errors: the module's.

    Theorems: ``sigmoid-mse-soft-loss``, ``sigmoid-mse-margin-loss``, ``sigmoid-mse-bounded``.
    Source: Ekman, ch. 5.

    >>> float(loss(800.0, 0)), float(loss(-350.0, 0)) > 0
    (0.5, True)
    """
    return each(_loss, 1, *with_targets(z, y))[0]


def grad(z: ArrayLike, y: ArrayLike) -> Array:
    """Return ``dL/dz = (sigmoid(z) - y) sigmoid(z) sigmoid(-z)`` for each logit.

    Shape: that of ``z``. Limits at +-inf: 0, also where the prediction is wrong; at most 4/27 in size between.
    Errors: the module's.

    Theorems: ``sigmoid-mse-gradient``, ``sigmoid-mse-soft-gradient``, ``sigmoid-mse-margin-gradient``.
    Source: Ekman, ch. 5.

    >>> float(grad(40.0, 0)), float(grad(800.0, 0))
    (4.248354255291589e-18, 0.0)
    """
    return each(_grad, 1, *with_targets(z, y))[0]


def hess(z: ArrayLike, y: ArrayLike) -> Array:
    """Return ``d2L/dz2 = p q (p q - (p - y) (p - q))``, ``p = sigmoid(z)``, ``q = sigmoid(-z)``, for each logit.

    It is negative where the prediction is far off. Shape: that of ``z``. Limits at +-inf: 0. Errors: the
    module's.

    Theorems: ``sigmoid-mse-second-derivative``, ``sigmoid-mse-stable-second-derivative``.
    Source: derived in the chapter.

    >>> float(hess(0.0, 0)), float(hess(2.0, 0)) < 0
    (0.0625, True)
    """
    return each(_hess, 1, *with_targets(z, y))[0]


def loss_and_grad(z: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """Return `loss` and `grad`, bit for bit, for the price of one exponential.

    Shapes, limits and errors: theirs.

    Theorems: ``sigmoid-mse-soft-loss``, ``sigmoid-mse-gradient``. Source: as theirs.

    >>> [float(v) for v in loss_and_grad(-800.0, 1)]
    [0.5, -0.0]
    """
    loss, grad = each(_loss_and_grad, 2, *with_targets(z, y))
    return loss, grad


def _loss(s: Scratch, z: Array, y: Array) -> tuple[Array]:
    return (_loss_from(_excess(s, z, y)[0]),)


def _grad(s: Scratch, z: Array, y: Array) -> tuple[Array]:
    return (_grad_from(z, *_excess(s, z, y)),)


def _loss_and_grad(s: Scratch, z: Array, y: Array) -> tuple[Array, Array]:
    excess, q = _excess(s, z, y)
    return _loss_from(excess), _grad_from(z, excess, q)


def _hess(s: Scratch, z: Array, y: Array) -> tuple[Array]:
    excess, q = _excess(s, z, y)
    spread = _spread(q)
    slant = _sum((np.ones_like(z), None), _scaled(-2, q))  # 1 - 2 sigmoid(z), up to its sign on the right
    return (_times(spread, _sum(spread, _product(excess, slant))),)


def _excess(s: Scratch, z: Array, y: Array) -> tuple[Pair, Pair]:
    """Return ``q - |y - h|`` and the smaller side, ``q = sigmoid(-|z|)``, where ``h = [z > 0]``.

    The excess is ``sigmoid(z) - y``, times -1 on the right. Nothing cancels where the prediction is right.
    """
    unit_targets(y)
    q = smaller_side(tail(z, s), s)
    h = (z > 0).astype(np.float64)
    weight = np.abs(y - h)
    low = y - np.abs(h - weight) if s.wide else None  # exact, since h = 0 or h >= y
    return _sum((-weight, low), q), q


def _loss_from(excess: Pair) -> Array:
    return _times(_scaled(0.5, excess), excess)


def _grad_from(z: Array, excess: Pair, q: Pair) -> Array:
    return np.where(z > 0, -1.0, 1.0) * _times(excess, _spread(q))


def _spread(q: Pair) -> Pair:
    """Return ``q (1 - q)``."""
    return _sum(q, _scaled(-1, _product(q, q)))


# Pairs. The low part is None where it is not kept: where results are narrower than float64.


def _scaled(factor: Array | float, a: Pair) -> Pair:
    high, low = a
    return factor * high, None if low is None else factor * low  # exact: the factor is a power of two


def _times(a: Pair, b: Pair) -> Array:
    """Return ``a b``, rounded once, also where it is subnormal or a 0 with a sign."""
    high, low = _product(_scaled(LIFT, a), b)
    return (high if low is None else np.copysign(high + low, high)) / LIFT


def _sum(a: Pair, b: Pair) -> Pair:
    if b[1] is None:
        return a[0] + b[0], None
    high, low = two_sum(a[0], b[0])
    return two_sum(high, low + (b[1] if a[1] is None else a[1] + b[1]))


def _product(a: Pair, b: Pair) -> Pair:
    """Dekker's: of two halves with 26 bits each the product is exact."""
    (x, x_low), (y, y_low) = a, b
    high = x * y
    if x_low is None or y_low is None:
        return high, None
    i, j = upper_half(x), upper_half(y)
    error = ((i * j - high) + i * (y - j) + (x - i) * j) + (x - i) * (y - j)
    return high, error + (x * y_low + x_low * y)
