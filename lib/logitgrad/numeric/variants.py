"""Variants of cross-entropy on logits: smoothed targets, a weight for positives, focal loss, distillation.

Shapes, types and targets are those of `sigmoid_bce`: results have the type of the logits (integers become
float64), no average is taken, and one target stands for all. The parameters are Python numbers. Weights of the
classes need no function: give `softmax_ce` the weighted targets with ``normalized=False``.

Sources: Szegedy et al. (2016), Lin et al. (2017), Hinton, Vinyals and Dean (2015).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from ._arrays import each, first, real, result_dtype, same_shape, unit_targets, with_targets
from ._doubled import Array
from ._scratch import Scratch
from .logexp import sigmoid, softmax, softplus

__all__ = ["distillation_grad", "focal", "smooth", "weighted_bce"]

LARGEST = np.finfo(np.float64).max


def smooth(y: ArrayLike, amount: float, *, classes: int = 2) -> Array:
    """Return ``(1 - amount) y + amount / classes``, the smoothed targets.

    Shape: that of ``y``, which holds probabilities, one-hot rows for more than two classes. Limits: ``y`` itself
    for the amount 0, uniform for 1. Errors: a target or an amount outside [0, 1] is a ValueError.

    Theorems: ``smoothing-gradient``, ``smoothing-two-classes``. Source: Szegedy et al. (2016), section 7.

    >>> [float(t) for t in smooth([0.0, 1.0], 0.5)]
    [0.25, 0.75]
    """
    targets = real(y, "targets")
    unit_targets(targets)
    _between(0, amount, 1, "the amount of smoothing")
    result: Array = ((1 - amount) * targets.astype(np.float64) + amount / classes).astype(result_dtype(targets))
    return result[()]


def weighted_bce(z: ArrayLike, y: ArrayLike, *, pos_weight: float) -> tuple[Array, Array]:
    """Return ``w y softplus(-z) + (1 - y) softplus(z)``, in nats, and ``(1 - y) sigmoid(z) - w y sigmoid(-z)``.

    Shape: that of ``z``. Limits at +-inf: those of `sigmoid_bce`, the positive term times ``w``. Errors: as there;
    a ``pos_weight`` that is negative or not finite is a ValueError.

    Theorems: ``pos-weight-gradient``, ``pos-weight-as-target``. Source: PyTorch, BCEWithLogitsLoss.

    >>> [float(v) for v in weighted_bce(-800.0, 1, pos_weight=3)]
    [2400.0, -3.0]
    """
    _between(0, pos_weight, LARGEST, "pos_weight")

    def kernel(_: Scratch, z: Array, y: Array) -> tuple[Array, Array]:
        unit_targets(y)
        negative, positive = 1 - y, pos_weight * y
        # each term >= 0; one without weight is 0, also where softplus is infinite
        loss = np.where(negative > 0, negative * softplus(z), 0) + np.where(y > 0, positive * softplus(-z), 0)
        return loss, negative * sigmoid(z) - positive * sigmoid(-z)

    loss, grad = each(kernel, 2, *with_targets(z, y))
    return loss, grad


def focal(z: ArrayLike, y: ArrayLike, *, gamma: float) -> tuple[Array, Array]:
    """Return ``sigmoid(m)^gamma softplus(m)``, in nats, and its derivative by ``z``; ``m = (1 - 2y) z``.

    The derivative is ``(1 - 2y) sigmoid(m)^gamma (sigmoid(m) + gamma sigmoid(-m) softplus(m))``: nothing is
    subtracted, and no power is taken of ``1 - p``. Shape: that of ``z``. Limits: loss and gradient 0 where the
    unit is right; inf and +-1 where it is wrong. Errors: a target that is not 0 or 1 is a ValueError, and so is
    a ``gamma`` that is negative or not finite; others as in `sigmoid_bce`.

    Theorems: ``focal-margin``, ``focal-gradient``. Source: Lin et al. (2017).

    >>> [float(v) for v in focal([-800.0, 300.0], 1, gamma=0.5)[1]]
    [-1.0, -5.540824602730884e-196]
    """
    _between(0, gamma, LARGEST, "gamma")

    def kernel(_: Scratch, z: Array, y: Array) -> tuple[Array, Array]:
        if not ((y == 0) | (y == 1)).all():
            raise ValueError(f"targets must be 0 or 1; got {first(y, (y != 0) & (y != 1))}")
        sign = 1 - 2 * y
        m = sign * z
        wrong, cost = sigmoid(m), softplus(m)
        weight = wrong**gamma
        slope = wrong + gamma * sigmoid(-m) * np.minimum(cost, LARGEST)  # 0 times infinity has the limit 0
        return weight * cost, sign * weight * slope

    loss, grad = each(kernel, 2, *with_targets(z, y))
    return loss, grad


def distillation_grad(z: ArrayLike, t: ArrayLike, *, temperature: float, axis: int = -1) -> Array:
    """Return ``T (softmax(z/T) - softmax(t/T))``, T^2 times the gradient of a student ``z`` under a teacher ``t``.

    Where all differences of the two are within T of each other it is computed from them, as
    ``T q_j (E_j - M) / (1 + M)`` with ``E = expm1((z - t)/T)``, ``q = softmax(t/T)`` and ``M`` the mean of E under
    q. Shape: that of ``z``, which ``t`` must have. Limit for T to infinity: ``(d_j - mean d)/K``, ``d = z - t``.
    Errors: logits that are not finite, or a temperature that is not above 0, are a ValueError, as are shapes that
    differ; types that are not real a TypeError.

    Theorems: ``distillation-gradient``, ``softmax-difference``, ``temperature-limit``.
    Source: Hinton, Vinyals and Dean (2015), section 2.1.

    >>> [float(g) for g in distillation_grad([1.0, 0.0], [0.0, 0.0], temperature=1e12)]
    [0.25, -0.25]
    """
    student, teacher = real(z, "logits"), real(t, "teacher's logits")
    same_shape("teacher's logits", teacher.shape, student.shape)
    _between(np.finfo(np.float64).tiny, temperature, LARGEST, "temperature")
    if not (np.isfinite(student).all() and np.isfinite(teacher).all()):
        raise ValueError("logits must be finite")
    a, b = student.astype(np.float64), teacher.astype(np.float64)
    with np.errstate(all="ignore"):
        q, d = softmax(b / temperature, axis=axis), (a - b) / temperature
        d -= d.max(axis=axis, keepdims=True, initial=-np.inf)
        e = np.expm1(d)  # of numbers from -1 to 0
        mean = (q * e).sum(axis=axis, keepdims=True)
        near = (d >= -1).all(axis=axis, keepdims=True)
        apart = softmax(a / temperature, axis=axis) - q
        result: Array = temperature * np.where(near, q * (e - mean) / (1 + mean), apart)
        return result.astype(result_dtype(student))


def _between(low: float, value: float, high: float, name: str) -> None:
    if not (math.isfinite(value) and low <= value <= high):
        raise ValueError(f"{name} must lie in [{low:g}, {high:g}]; got {value}")
