"""The sizes of terms that cancel: where a result is near its zero, no digit of it is owed beyond theirs.

The gradient for a soft target is ``(1 - y) sigmoid(z) - y sigmoid(-z)``; near its zero an error is measured in
units of the larger term. For hard targets one term is 0, so that nothing is forgiven there. Here float64 is
enough, since only the size counts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..numeric import logexp

Array = NDArray[Any]


def scale(function: str, arguments: tuple[Array, ...], entries: Array | None) -> Array:
    """Return the size of the larger term at each point, or entry; 0 where no terms cancel."""
    find = _SCALES.get(function)
    if find is None:
        return np.zeros(())
    with np.errstate(all="ignore"):
        z, *others = (a.astype(np.float64) if a.dtype.kind == "f" else a for a in arguments)
        size = find(z, *others)
    return size if entries is None else np.take_along_axis(size, entries, axis=1)


def _shares(z: Array, y: Array) -> Array:
    return np.maximum((1 - y) * logexp.sigmoid(z), y * logexp.sigmoid(-z))


def _bce_gradient(z: Array, y: Array) -> Array:
    return np.where((y > 0) & (y < 1), _shares(z, y), 0.0)


def _mse_loss(z: Array, y: Array) -> Array:
    terms = _bce_gradient(z, y)
    rounding = np.finfo(np.float64).eps * terms  # of the difference, which is squared
    return np.asarray(terms * np.maximum(np.abs(logexp.sigmoid(z) - y), rounding))


def _mse_gradient(z: Array, y: Array) -> Array:
    return _bce_gradient(z, y) * logexp.sigmoid(z) * logexp.sigmoid(-z)


def _mse_hessian(z: Array, y: Array) -> Array:
    p, spread = logexp.sigmoid(z), logexp.sigmoid(z) * logexp.sigmoid(-z)
    return np.asarray(spread * np.maximum(spread, _shares(z, y) * np.abs(1 - 2 * p)))


def _ce_gradient(z: Array, y: Array) -> Array:
    if y.ndim == 1:
        return np.zeros_like(z)
    p = logexp.softmax(z)
    others = 1 - np.eye(z.shape[1])  # summed, since 1 - p would cancel
    return np.maximum(p * (y @ others), y * (p @ others))


def _logsumexp(z: Array) -> Array:
    return np.maximum(np.abs(z.max(axis=1)), logexp.logsumexp(z - z.max(axis=1, keepdims=True)))


def _hessian_product(z: Array, y: Array, v: Array) -> Array:
    from_peak = v - np.take_along_axis(v, z.argmax(axis=1)[:, None], axis=1)
    return np.asarray(logexp.softmax(z) * np.abs(from_peak).max(axis=1, keepdims=True))


_SCALES: dict[str, Callable[..., Array]] = {
    "sigmoid_bce.grad": _bce_gradient,
    "sigmoid_mse.loss": _mse_loss,
    "sigmoid_mse.grad": _mse_gradient,
    "sigmoid_mse.hess": _mse_hessian,
    "softmax_ce.grad": _ce_gradient,
    "softmax_ce.hvp": _hessian_product,
    "logexp.logsumexp": _logsumexp,
}
