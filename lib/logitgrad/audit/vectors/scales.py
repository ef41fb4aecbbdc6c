"""The sizes of terms whose difference is a result: near its zero no digit is owed beyond theirs.

A size is made from correctly rounded probabilities by single operations, so that it is the same on every machine.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .inputs import Arguments
from .values import value_of

F64 = np.dtype("float64")


def balance(arguments: Arguments, index: int | None, dtype: np.dtype[Any]) -> float:
    """Of ``(1 - y) p - y q``, the gradient of binary cross-entropy; 0 for hard labels, where nothing cancels."""
    (p, q), y = _sides(arguments), arguments[1]
    return max((1 - y) * p, y * q) if 0 < y < 1 else 0.0


def squared(arguments: Arguments, index: int | None, dtype: np.dtype[Any]) -> float:
    """Of half the square of that."""
    (p, _), y, size = _sides(arguments), arguments[1], balance(arguments, index, dtype)
    return (abs(p - y) + float(np.finfo(dtype).eps) * size) * size


def spread_error(arguments: Arguments, index: int | None, dtype: np.dtype[Any]) -> float:
    """Of that times ``p q``."""
    p, q = _sides(arguments)
    return p * q * balance(arguments, index, dtype)


def curvature(arguments: Arguments, index: int | None, dtype: np.dtype[Any]) -> float:
    """Of ``p q (p q - (p - y) (p - q))``."""
    (p, q), y = _sides(arguments), arguments[1]
    return p * q * max(p * q, max((1 - y) * p, y * q) * abs(p - q))


def shift(arguments: Arguments, index: int | None, dtype: np.dtype[Any]) -> float:
    """Of the maximum and the logarithm of what is left without it."""
    return abs(max(arguments[0]))


def shares(arguments: Arguments, index: int | None, dtype: np.dtype[Any]) -> float:
    """Of ``p_i sum_{k != i} y_k - y_i (1 - p_i)``; 0 for a class index."""
    if isinstance(arguments[1], int) or index is None:
        return 0.0
    p, own = _probability(arguments, index), arguments[1][index]
    return max(p * (math.fsum(arguments[1]) - own), own * (1 - p))


def deviation(arguments: Arguments, index: int | None, dtype: np.dtype[Any]) -> float:
    """Of ``p_i (v_i - sum_k p_k v_k)``."""
    return 0.0 if index is None else _probability(arguments, index) * max(map(abs, arguments[2]))


def _sides(arguments: Arguments) -> tuple[float, float]:
    p, q = (value_of("logexp.sigmoid", (z,), None, F64).rounded for z in (arguments[0], -arguments[0]))
    return float.fromhex(p), float.fromhex(q)


def _probability(arguments: Arguments, index: int) -> float:
    return float.fromhex(value_of("logexp.softmax", arguments[:1], index, F64).rounded)
