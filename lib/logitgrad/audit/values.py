"""Exact values as arrays, so that the errors of many results are measured at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

Array = NDArray[Any]
Parts = tuple[float, float, int]

LEAST_EXPONENT = -(1 << 20)  # that is kept; the smallest floats of any type are far above it
NOT_REAL: Parts = (np.nan, 0.0, 0)


@dataclass(frozen=True)
class Exact:
    """Values ``(high + low) 2^exponent`` with 1/2 <= |high| < 1: over 100 bits, and no underflow.

    ``high`` is NaN where there is no real value.
    """

    high: Array
    low: Array
    exponent: Array

    @classmethod
    def collect(cls, parts: Iterable[Parts], shape: tuple[int, ...]) -> Exact:
        """Put values into arrays, one triple after the other."""
        table = np.array(list(parts), np.float64).reshape(*shape, 3)
        return cls(table[..., 0], table[..., 1], table[..., 2].astype(np.int64))

    def ulps(self, got: ArrayLike, dtype: DTypeLike, scale: ArrayLike = 0.0) -> Array:
        """Return |got - value| in units in the last place of ``dtype``: at the value, or at a larger ``scale``.

        No unit is smaller than the spacing of the subnormals. Where the value rounds to an infinity, that one
        has error 0; where there is no real value, NaN has; any other result that is not finite has error inf.
        """
        got, place = np.asarray(got, np.float64), self._place(dtype, scale)
        with np.errstate(all="ignore"):
            # The first difference is exact where it matters: for numbers within a factor of 2.
            apart = np.ldexp(got, -place) - self._in_units(self.high, place)
            error = np.minimum(np.abs(apart - self._in_units(self.low, place)), np.finfo(np.float64).max)
            error = np.where(np.isfinite(got), error, np.inf)
            right = np.where(np.isnan(self.high), np.isnan(got), got == np.copysign(np.inf, self.high))
        return np.where(np.isnan(self.high) | self.overflows(dtype), np.where(right, 0.0, np.inf), error)

    def relative(self, got: ArrayLike, dtype: DTypeLike, scale: ArrayLike = 0.0) -> Array:
        """Return |got - value| / |value|, or over a larger ``scale``; 0 where there is no error."""
        place, error = self._place(dtype, scale), self.ulps(got, dtype, scale)
        with np.errstate(all="ignore"):
            size = np.abs(self._in_units(self.high, place))
            size = np.fmax(size, np.ldexp(np.asarray(scale, np.float64), -place))
            return np.where(error == 0, 0.0, error / size)

    def overflows(self, dtype: DTypeLike) -> Array:
        """Return where the value rounds to an infinity."""
        info = np.finfo(np.dtype(dtype))
        halfway = 2.0 ** (-int(info.nmant) - 2)  # below 1: between the largest number and the next power of two
        missing = (1 - np.abs(self.high)) - np.abs(self.low)  # exact there: the parts have one sign
        above = self.exponent - int(info.maxexp)
        return (above > 0) | ((above == 0) & (missing <= halfway))

    def subnormal(self, dtype: DTypeLike) -> Array:
        """Return where |value| is below the smallest normal number and not below the smallest of all."""
        info = np.finfo(np.dtype(dtype))
        least = int(info.minexp) - int(info.nmant)
        return (self.exponent > least) & (self.exponent <= int(info.minexp)) & (self.high != 0)

    def nearest(self) -> Array:
        """Return the values as float64."""
        with np.errstate(over="ignore"):
            return self._in_units(self.high + self.low, np.zeros((), np.int32))

    def columns(self) -> Exact:
        """Return the values of points as a matrix: a row for each point."""
        return self if self.high.ndim == 2 else self[:, None]

    def __getitem__(self, key: Any) -> Exact:
        return Exact(self.high[key], self.low[key], self.exponent[key])

    def _place(self, dtype: DTypeLike, scale: ArrayLike) -> Array:
        """The exponent of one unit."""
        info = np.finfo(np.dtype(dtype))
        scale = np.asarray(scale, np.float64)
        exponent = np.maximum(self.exponent, np.where(scale > 0, np.frexp(scale)[1], LEAST_EXPONENT))
        leading = np.clip(exponent - 1, int(info.minexp), int(info.maxexp) - 1)
        return np.asarray(leading - int(info.nmant), np.int32)

    def _in_units(self, part: Array, place: Array) -> Array:
        shift = np.clip(self.exponent - place, -2500, 2500)  # beyond, a float64 is 0 or inf anyway
        return np.asarray(np.ldexp(part, shift.astype(np.int32)))


def parts_of(end: Any) -> Parts:
    """Return a binary fraction of any length as (high, low, exponent); what is beyond 106 bits is cut off."""
    sign, mantissa, exponent, length = end._mpi_[0]
    if not mantissa:
        return 0.0, 0.0, LEAST_EXPONENT
    leading, rest = _split(int(mantissa), length - 53)
    trailing, _ = _split(rest, length - 106)
    turn = -1 if sign else 1
    high, low = turn * leading * 2.0**-53, turn * trailing * 2.0**-106
    return high, low, max(exponent + length, LEAST_EXPONENT)


def _split(bits: int, drop: int) -> tuple[int, int]:
    """The bits from ``drop`` upwards, as an integer, and those below."""
    return (bits >> drop, bits & ((1 << drop) - 1)) if drop > 0 else (bits << -drop, 0)
