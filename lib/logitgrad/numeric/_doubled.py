"""Sums and quotients whose rounding errors are kept: a value is a pair (high, low), high + low.

Sources: Knuth, *The Art of Computer Programming* 2, 4.2.2 (the sum of two); Veltkamp and Dekker,
*A floating-point technique for extending the available precision* (1971) (the split and the product).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._scratch import Scratch

Array = NDArray[np.floating[Any]]

SPLIT = 2.0**27 + 1.0  # 53 = 26 + 27 bits: the product of two upper halves is exact


def two_sum(a: Array, b: Array) -> tuple[Array, Array]:
    """Return ``fl(a + b)`` and its rounding error; their sum is exactly ``a + b``."""
    high = np.add(a, b)
    seen = high - a
    return high, (a - (high - seen)) + (b - seen)


def add(a: Array, b: Array, s: Scratch, name: str = "sum") -> tuple[Array, Array]:
    """As `two_sum`, in buffers; ``a`` has the shape of the result."""
    high, low, seen = s(name, a.shape), s(f"{name}_low", a.shape), s("seen", a.shape)
    np.add(a, b, out=high)
    np.subtract(high, a, out=seen)
    np.subtract(high, seen, out=low)
    np.subtract(a, low, out=low)
    low += np.subtract(b, seen, out=seen)
    return high, low


def collapse(high: Array, low: Array) -> Array:
    """Round a pair to one number, in place of ``low``. An infinite or NaN sum has no rounding error."""
    np.add(high, low, out=low)
    lost = np.isnan(low)
    if lost.any():
        np.copyto(low, high, where=lost)
    return low


def sum_pairs(high: Array, low: Array | None, s: Scratch) -> tuple[Array, Array]:
    """Add up pairs along the first axis.

    Halves are added onto halves, so that the order depends on the length alone.
    """
    highs, lows = s("highs", high.shape), s("lows", high.shape)
    np.copyto(highs, high)
    np.copyto(lows, 0 if low is None else low)
    keep = len(high)
    while keep > 1:
        half = keep // 2
        keep -= half
        total, error = add(highs[:half], highs[keep : keep + half], s)
        highs[:half] = total
        lows[:half] += np.add(error, lows[keep : keep + half], out=error)
    return highs[0].copy(), lows[0].copy()


def upper_half(x: Array) -> Array:
    """Return ``x`` rounded to 26 bits."""
    scaled = SPLIT * x
    return scaled - (scaled - x)


def reciprocal(high: Array, low: Array) -> tuple[Array, Array]:
    """Return ``1 / (high + low)`` as a pair."""
    inverse = 1 / high
    h, i = upper_half(high), upper_half(inverse)
    # high * inverse in four parts, each exact; what is left of 1 is small, so no subtraction rounds much
    left = (((1 - h * i) - (high - h) * i) - h * (inverse - i)) - (high - h) * (inverse - i)
    return inverse, (left - low * inverse) * inverse
