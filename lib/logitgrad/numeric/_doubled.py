"""Sums and quotients whose rounding errors are kept: a value is a pair (high, low), high + low.

Sources: Knuth, *The Art of Computer Programming* 2, 4.2.2 (the sum of two); Veltkamp and Dekker,
*A floating-point technique for extending the available precision* (1971) (the split).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

SPLIT = 2.0**27 + 1.0  # 53 = 26 + 27 bits: the product of two upper halves is exact


def two_sum(a: Array, b: Array) -> tuple[Array, Array]:
    """Return ``fl(a + b)`` and its rounding error; their sum is exactly ``a + b``."""
    high = np.add(a, b)
    seen = high - a
    return high, (a - (high - seen)) + (b - seen)


def collapse(high: Array, low: Array) -> Array:
    """Round a pair to one number. An infinite or NaN sum has no rounding error (``low`` is NaN there)."""
    return np.where(np.isfinite(high), high + low, high)


def sum_pairs(high: Array, low: Array) -> tuple[Array, Array]:
    """Add up pairs along the first axis. Both arguments are overwritten.

    Halves are added onto halves, so that the order depends on the length alone.
    """
    keep = len(high)
    while keep > 1:
        half = keep // 2
        keep -= half
        high[:half], error = two_sum(high[:half], high[keep : keep + half])
        low[:half] += low[keep : keep + half] + error
    return high[0], low[0]


def upper_half(x: Array) -> Array:
    """Return ``x`` rounded to 26 bits."""
    scaled = SPLIT * x
    return scaled - (scaled - x)


def quotient(high: Array, low: Array, den: Array, den_low: Array) -> Array:
    """Return ``(high + low) / (den + den_low)``, rounded once; ``den`` has one entry for each row."""
    inverse, den_half = 1 / den, upper_half(den)
    first = upper_half(high * inverse)
    # first * den_half is exact and so is the difference: what is left over is known to 53 bits
    left = ((high - first * den_half) - first * ((den - den_half) + den_low)) + low
    return first + left * inverse
