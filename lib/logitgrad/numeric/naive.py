"""The forms that fail, and the popular repairs that fail elsewhere. For comparison; tests keep them wrong.

Formulas are evaluated in the type of their input, one operation after the other. Shapes broadcast as in
NumPy. No warning is issued: the value is the message. A function and its gradient belong together: the
gradient of a repaired loss is that of the repaired loss, not of the one it replaces.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.floating[Any]]

quiet = np.errstate(all="ignore")


def real(x: ArrayLike) -> Array:
    """Return an array of floats: integers become float64.

    >>> real([1, 2]).dtype.name, real(np.float16(1)).dtype.name
    ('float64', 'float16')
    """
    array = np.asarray(x)
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def like(y: ArrayLike, p: Array) -> Array:
    """Return targets in the type of the outputs.

    >>> like([0, 1], real(np.float32(0.5))).dtype.name
    'float32'
    """
    return np.asarray(y, dtype=p.dtype)


@quiet
def sigmoid(z: ArrayLike) -> Array:
    """Return ``1 / (1 + exp(-z))`` as written: exactly 1 from z = 37 on, 0 below z = -710 (float64).

    >>> float(sigmoid(37.0)), float(sigmoid(-710.0))
    (1.0, 0.0)
    """
    z = real(z)
    return 1 / (1 + np.exp(-z))


@quiet
def softplus(z: ArrayLike) -> Array:
    """Return ``log(1 + exp(z))`` as written: inf from z = 710 on, 0 below z = -37 (float64).

    >>> float(softplus(710.0)), float(softplus(-37.5))
    (inf, 0.0)
    """
    return np.log(1 + np.exp(real(z)))


@quiet
def bce(p: ArrayLike, y: ArrayLike) -> Array:
    """Return ``-(y log p + (1 - y) log(1 - p))`` from probabilities: NaN where a 0 meets log 0.

    >>> float(bce(sigmoid(40.0), 1)), float(bce(sigmoid(40.0), 0))
    (nan, inf)
    """
    p = real(p)
    y = like(y, p)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


@quiet
def bce_grad(z: ArrayLike, y: ArrayLike) -> Array:
    """Return dL/dp times dp/dz, the two factors multiplied as numbers: 0/0 where p rounds to 0 or 1.

    >>> float(bce_grad(40.0, 1))
    nan
    """
    p = sigmoid(z)
    y = like(y, p)
    return (p - y) / (p * (1 - p)) * (p * (1 - p))


def bce_grad_fused(z: ArrayLike, y: ArrayLike) -> Array:
    """Return ``p - y`` as written: never NaN, but 0 where the model is confident and right.

    >>> float(bce_grad_fused(40.0, 1))
    0.0
    """
    p = sigmoid(z)
    return p - like(y, p)


@quiet
def bce_eps(z: ArrayLike, y: ArrayLike, eps: float = 1e-8) -> Array:
    """Return BCE with ``eps`` inside both logarithms: negative for a right answer, capped at ``-log eps``.

    In float16 the default ``eps`` rounds to 0, so there is no cap.

    >>> float(bce_eps(-1000.0, 1)) == -float(np.log(1e-8))
    True
    """
    p = sigmoid(z)
    y = like(y, p)
    return -(y * np.log(p + eps) + (1 - y) * np.log(1 - p + eps))


@quiet
def bce_eps_grad(z: ArrayLike, y: ArrayLike, eps: float = 1e-8) -> Array:
    """Return the gradient of `bce_eps`: it vanishes where the model is confident and wrong.

    >>> float(bce_eps_grad(-1000.0, 1))
    -0.0
    """
    p = sigmoid(z)
    y = like(y, p)
    return ((1 - y) / (1 - p + eps) - y / (p + eps)) * (p * (1 - p))


@quiet
def bce_clip(z: ArrayLike, y: ArrayLike, eps: float = 1e-7) -> Array:
    """Return BCE of p clipped to ``[eps, 1 - eps]``: flat outside.

    >>> bool(bce_clip(-20.0, 1) == bce_clip(-1000.0, 1))
    True
    """
    return bce(np.clip(sigmoid(z), eps, 1 - eps), y)


@quiet
def bce_clip_grad(z: ArrayLike, y: ArrayLike, eps: float = 1e-7) -> Array:
    """Return the gradient of `bce_clip`: 0 where p was clipped, also where it is wrong.

    >>> float(bce_clip_grad(-20.0, 1))
    0.0
    """
    p = sigmoid(z)
    return np.where((p > eps) & (p < 1 - eps), bce_grad(z, y), 0)


@quiet
def bce_nan_to_num(z: ArrayLike, y: ArrayLike) -> Array:
    """Return BCE with ``nan_to_num`` around it: 1.8e308 for inf, so that two of them add to inf.

    >>> loss = float(bce_nan_to_num(40.0, 0))
    >>> loss, loss + loss
    (1.7976931348623157e+308, inf)
    """
    return np.nan_to_num(bce(sigmoid(z), y))


@quiet
def logsumexp(z: ArrayLike, *, axis: int = -1) -> Array:
    """Return ``log(sum(exp(z)))`` as written: inf from z = 710 on, -inf below z = -746 (float64).

    >>> float(logsumexp([710.0, 0.0]))
    inf
    """
    return np.log(np.sum(np.exp(real(z)), axis=axis))


@quiet
def softmax(z: ArrayLike, *, axis: int = -1) -> Array:
    """Return ``exp(z) / sum(exp(z))`` without the shift: inf/inf or 0/0 for large logits.

    >>> [float(p) for p in softmax([710.0, 0.0])]
    [nan, 0.0]
    """
    e = np.exp(real(z))
    return e / np.sum(e, axis=axis, keepdims=True)


@quiet
def log_softmax(z: ArrayLike, *, axis: int = -1) -> Array:
    """Return ``log(softmax(z))``: -inf where p underflows, 0 where p rounds to 1.

    >>> [float(l) for l in log_softmax([0.0, -746.0])]
    [0.0, -inf]
    """
    return np.log(softmax(z, axis=axis))


@quiet
def softmax_ce_grad_fused(z: ArrayLike, y: ArrayLike, *, axis: int = -1) -> Array:
    """Return ``p - y`` with a shifted softmax: finite, but 0 for a true class that dominates.

    >>> [float(g) for g in softmax_ce_grad_fused([0.0, -40.0], [1.0, 0.0])][0]
    0.0
    """
    z = real(z)
    p = softmax(z - np.max(z, axis=axis, keepdims=True), axis=axis)
    return p - like(y, p)
