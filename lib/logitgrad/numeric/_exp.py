"""The exponential as a pair of floats, to 2^-62 of its value.

NumPy's own exponential errs by up to 0.71 units in the last place here (AVX-512) and by up to 1 elsewhere; a sum,
a quotient or a logarithm of it errs by more. ``x = k ln2/1024 + r`` with ``|r| <= ln2/2048``, and ``exp(x)`` is
``2^(k // 1024) 2^(k % 1024 / 1024) exp(r)``: the middle factor comes from a table of pairs, the last one from its
series. Only additions and multiplications are used, which IEEE 754 fixes to the last bit: the result is the
same on every machine. Source: Tang, *Table-driven implementation of the exponential function in IEEE
floating-point arithmetic* (1989).
"""

from __future__ import annotations

from math import isqrt

import numpy as np

from ._doubled import Array
from ._scratch import Scratch

BITS = 10
STEPS = 1 << BITS  # of the table, between 1 and 2
LN2 = 0xB17217F7D1CF79ABC9E3B39803F2F6AF40F343267298B62D8A  # floor(2^200 log 2)
STEP_HIGH = (LN2 >> 167) * 2.0**-43  # ln2/1024, cut off after 33 bits: times k < 2^20 it is exact
STEP_LOW = (LN2 - (LN2 >> 167 << 167)) / 2.0**210
STEPS_PER_UNIT = 2.0**210 / LN2
ROUND = 1.5 * 2.0**52  # x + ROUND is x rounded to an integer, in the low bits; - ROUND leaves that integer
LEAST = -700.0  # below, the power of two or the low part could be subnormal: NumPy's exponential takes over


def powers_of_two() -> tuple[Array, Array]:
    """Return 2^(j/1024) for j < 1024 as pairs."""
    unit = 1 << 300
    root = 2 * unit
    for _ in range(BITS):
        root = isqrt(root * unit)
    exact = [unit]
    for _ in range(STEPS - 1):
        exact.append(exact[-1] * root // unit)
    high = [value / unit for value in exact]  # of integers, a quotient is rounded correctly
    low = [(value - int(h * 2**52) * (unit >> 52)) / unit for value, h in zip(exact, high, strict=True)]
    return np.array(high), np.array(low)


HIGH, LOW = powers_of_two()


def exp(x: Array, s: Scratch, lift: int = 0) -> tuple[Array, Array | None]:
    """Return ``exp(x)`` for ``x <= 0``: as a pair where results are float64, else without its low part.

    With a ``lift`` of at least 64, the pair is that of ``2^lift exp(x)``, or 0 where ``exp(x)`` is negligible
    beside the smallest positive number.
    """
    if not s.wide:
        return np.exp(x, out=s("e", x.shape)), None
    high, low = _pair(x, s, lift)
    least = LEAST - 0.69 * lift  # a little less than log(2) for each factor of two
    if not x.min() >= least:  # NaN included
        tiny = ~(x >= least)
        high[tiny], low[tiny] = np.exp(x[tiny]), 0
    return high, low


def _pair(x: Array, s: Scratch, lift: int) -> tuple[Array, Array]:
    e, low, t, r = (s(name, x.shape) for name in ("e", "e_low", "t", "r"))
    scale, index = s("scale", x.shape), s("index", x.shape, np.int64)
    np.multiply(x, STEPS_PER_UNIT, out=t)
    t += ROUND
    k = t.view(np.int64)
    np.bitwise_and(k, STEPS - 1, out=index)
    power = np.right_shift(k, BITS, out=scale.view(np.int64))
    power += 1023 + lift
    power <<= 52  # scale is now 2^(k // 1024 + lift)
    t -= ROUND
    np.multiply(t, -STEP_HIGH, out=r)
    r += x  # exact
    t *= -STEP_LOW
    r += t
    np.multiply(r, 1 / 24, out=t)  # t = exp(r) - 1 = r + r^2 (1/2 + r (1/6 + r/24)), up to 2^-64
    for coefficient in (1 / 6, 1 / 2):
        t += coefficient
        t *= r
    t *= r
    t += r
    np.take(HIGH, index, out=e, mode="clip")
    np.take(LOW, index, out=low, mode="clip")
    t *= e
    t += low
    np.add(e, t, out=r)
    e -= r
    np.add(e, t, out=low)  # what the sum lost: |t| < |e|
    return np.multiply(r, scale, out=e), np.multiply(low, scale, out=low)
