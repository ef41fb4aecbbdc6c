"""How much of a computed loss or gradient is right, margin by margin.

For the targets 0 and 1, loss and size of the gradient depend on the margin ``(1 - 2y) z`` alone (theorems
``bce-margin-loss`` and ``bce-margin-gradient``): it is large where the model is wrong, and far below 0 where it is
confident and right. A function of (logits, targets) is tried at each margin with both targets.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import mpmath
import numpy as np
from numpy.typing import DTypeLike, NDArray

from ..symbolic import enclose, y, z
from .exact import FORMS

__all__ = ["Measured", "margins", "measure", "truth"]

Array = NDArray[Any]
Computed = Callable[[Array, Array], Array]
Part = Literal["loss", "grad"]

BITS = 200  # a value as a float64 and what it lacks: more than twice what the former has


def reach(dtype: DTypeLike) -> int:
    """Return the last whole number n for which exp(-n) is not below the type's smallest number.

    >>> reach("float16"), reach("float32"), reach("float64")
    (16, 103, 744)
    """
    return int(-np.log(np.float64(np.finfo(dtype).smallest_subnormal)))


def margins(dtype: DTypeLike) -> Array:
    """Return the whole margins from -`reach` to `reach`; all of them are exact in the type."""
    return np.arange(-reach(dtype), reach(dtype) + 1.0)


@cache
def _truth(part: Part, margin: float) -> tuple[float, float]:
    with mpmath.workprec(BITS):
        value = enclose(FORMS[f"sigmoid_bce.{part}"], {z: margin, y: 0})
        return float(value), float(value - float(value))


def truth(part: Part, at: Array) -> tuple[Array, Array]:
    """Return exact values at margins, each as a float64 and what it lacks.

    >>> [float(v) for (v,) in truth("grad", np.array([-37.0]))]
    [8.533047625744065e-17, 4.970685867507713e-33]
    """
    pairs = np.array([_truth(part, float(margin)) for margin in at])
    return pairs[:, 0], pairs[:, 1]


@dataclass(frozen=True)
class Measured:
    """What came out at each margin, and its error: of the two targets, what the one with the larger error gave."""

    margin: Array
    got: Array
    relative: Array
    ulps: Array

    @property
    def lost(self) -> Array:
        """Where no digit is right: an error of 100 % or more, and more than the type's smallest number."""
        return ~((self.relative < 1) | (self.ulps <= 1))

    @property
    def finite(self) -> Array:
        """Where the result is a number."""
        return np.isfinite(self.got)

    def first_lost(self, side: int) -> float | None:
        """Return the margin, going out from 0 where the model is wrong (1) or right (-1), that is lost first."""
        found = self.margin[self.lost & (self.margin * side >= 0)]
        return float(found[np.argmin(np.abs(found))]) if found.size else None

    def at(self, margin: float) -> float:
        """Return what came out at one of the margins."""
        return float(self.got[self.margin == margin].item()) + 0.0  # no minus at a 0


def measure(computed: Computed, part: Part, dtype: DTypeLike, at: Array | None = None) -> Measured:
    """Measure a function of (logits, targets) that computes the loss or the gradient ("grad") in a type.

    ``at`` are margins that are exact in the type; by default the whole ones. What comes out is signed so that
    the exact value is positive.

    >>> from logitgrad.numeric import naive, sigmoid_bce
    >>> subtracted = measure(naive.bce_grad_fused, "grad", "float64")
    >>> subtracted.first_lost(-1), subtracted.at(-37), subtracted.first_lost(1)
    (-37.0, 0.0, None)
    >>> bool(measure(sigmoid_bce.grad, "grad", "float64").lost.any())
    False
    """
    at = margins(dtype) if at is None else at
    exact, lack = truth(part, at)
    got, error = np.zeros_like(at), np.full_like(at, -1)
    for side, target in ((1, 0), (-1, 1)):
        value = _values(computed, side * at, target, dtype) * (side if part == "grad" else 1)
        gap = np.where(np.isfinite(value), np.abs((value - exact) - lack), np.inf)
        got, error = np.where(gap > error, value, got), np.maximum(gap, error)
    with np.errstate(over="ignore"):  # an error of that many is infinite for every purpose
        return Measured(at, got, error / exact, error / _spacing(exact, dtype))


def _values(computed: Computed, logits: Array, target: int, dtype: DTypeLike) -> Array:
    with np.errstate(all="ignore"):
        values = computed(logits.astype(dtype), np.full(logits.shape, target, dtype))
        return np.asarray(values, dtype=np.float64)


def _spacing(exact: Array, dtype: DTypeLike) -> Array:
    """Return the distance of the type's neighbouring numbers at exact values."""
    info = np.finfo(dtype)
    exponent = np.maximum(np.frexp(exact)[1], int(info.minexp) + 1)
    return np.ldexp(1.0, exponent - 1 - int(info.nmant))
