"""Numbers of one type, at which something happens in it.

The same on every machine: Python's own generator, whose ``random()`` is fixed, and nothing after it but the four
basic operations and powers of two, which IEEE 754 fixes.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from typing import Any

import numpy as np

from .near_ties import HEIRS, NEAR_TIES

LN2, LN3 = 0.6931471805599453, 1.0986122886681098


class Grid:
    """Numbers of one type, and where something happens in it."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        info = np.finfo(dtype)
        self.dtype, self.top = dtype, float(info.max)
        self.digits, self.least = int(info.nmant) + 1, int(info.minexp) - int(info.nmant)
        self.normal, self.most = int(info.minexp), int(info.maxexp)
        # From here on 1 + exp(-z) rounds to 1; beyond the other, exp(-z) is below half the smallest subnormal.
        self.saturated, self.vanishing = self.digits * LN2, (1 - self.least) * LN2

    def rounded(self, numbers: Iterable[float]) -> list[float]:
        """The nearest floats of the type."""
        return [float(self.dtype.type(number)) for number in numbers]

    def spread(self, low: float, high: float, n: int) -> list[float]:
        """One random number in each of n equal parts of an interval; the same for the same arguments."""
        source = random.Random(f"{low} {high} {n}")
        return self.rounded(low + (high - low) * (k + source.random()) / n for k in range(n))

    def powers(self, low: int, high: int, n: int) -> list[float]:
        """Numbers of n magnitudes: 1 to 2 times a power of two."""
        source = random.Random(f"{low} {high} {n}")
        exponents = sorted({low + (high - 1 - low) * k // (n - 1) for k in range(n)})
        return self.rounded(math.ldexp(1 + source.random(), exponent) for exponent in exponents)

    @property
    def tiny(self) -> list[float]:
        """The smallest subnormal and normal numbers, the rounding unit, its square root, and below."""
        ends, unit = (self.least, self.normal), -self.digits
        return [math.ldexp(1.0, exponent) for exponent in (*ends, unit, 1 + unit, unit // 2, 3 + unit // 2)]

    @property
    def magnitudes(self) -> list[float]:
        """Numbers of all sizes, few of those where nothing happens any more."""
        return [*self.powers(self.normal, 13, 9), *self.powers(13, self.most, 3)]

    @property
    def margins(self) -> list[float]:
        """From where the smaller side is lost beside 1 to the subnormals, to where it vanishes, and beyond."""
        end = (0.96 * self.vanishing, 0.985 * self.vanishing, 1.02 * self.vanishing, 2500.0)
        return [*self.spread(self.saturated, self.vanishing, 4), *self.rounded(end)]

    def near_ties(self, function: str) -> list[float]:
        """Logits at which a result is hard to round; none if none have been searched for."""
        return NEAR_TIES.get(HEIRS.get(function, function), {}).get(self.dtype.name, [])


def both(numbers: Iterable[float]) -> list[float]:
    """Each number and its negative."""
    return [signed for number in numbers for signed in (number, -number)]
