"""What a float16 or float32 result should be, for many logits at once and with certainty.

With ``a = |z|`` and ``e = exp(-a)`` every scalar function, for both signs of ``z`` and both hard labels, is one of
a few positive numbers, up to its sign: `QUANTITIES`. Each is computed without a difference, so that its relative
error stays below `BOUND`. Where both ends of that margin round to the same float, this float is the right one;
where they do not, the value lies too near the middle of two floats, and `exact` decides from the theorem.

What is trusted: the C library's ``expl`` and ``log1pl``, to `TRUST` units in their last place. They share nothing
with NumPy's float64 loops, on which the library under test stands. On x86-64 (64 bits) the GNU C library's test
suite knows of errors up to 1 and 2 units. Where ``long double`` is no wider than float64 the same code runs with
a margin that is wider accordingly. Additions, products and quotients of float64 are rounded correctly (IEEE 754).

Source: The GNU C Library Reference Manual, on the known maximum errors of its mathematical functions.
"""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from typing import Any, NamedTuple

import mpmath
import numpy as np
from numpy.typing import NDArray

from ..symbolic import enclose
from .exact import FORMS, exact, point_of

__all__ = ["BOUND", "MARGIN", "QUANTITIES", "TRUST", "Rounded", "deviations", "rounded", "wide"]

Array = NDArray[Any]
WIDE = np.longdouble

TRUST = 32  # units in the last place: sixteen times the largest error that is known
UNIT = 2.0**-53  # the relative error u of one rounding to float64
TRUSTED = TRUST * float(np.finfo(WIDE).eps)  # the relative error w of the wide exp and of the wide log1p

# Relative errors, to first order in u and w; log1p and 1/(1 + e) are no worse conditioned in e than the identity:
#   e: w + u      t = log1p(e): 2w + u      s = a + t: 2w + 2u      p = 1 / (1 + e): w/2 + 2.5u
#   q = e p: 1.5w + 4.5u      h = p q: 2w + 8u      pp: w + 6u      qq: 3w + 10u      ph: 2.5w + 11.5u
#   qh: 3.5w + 13.5u
# What the second order adds is far below what is left up to:
BOUND = 15 * UNIT + 4 * TRUSTED
MARGIN = BOUND + 3 * UNIT  # the ends of the margin are rounded themselves: 1 -+ MARGIN, and the product with it

FAR = 1000.0  # from here on exp(-a) counts as exp(-1000): both lie far below half of the smallest subnormal
BITS = 200  # of mpmath, to measure by: three times what the wide type has

#: Each number as a function of the library, the sign with which it takes ``a``, and the label where there is one.
QUANTITIES: dict[str, tuple[Any, ...]] = {
    "p": ("logexp.sigmoid", 1),
    "q": ("logexp.sigmoid", -1),
    "s": ("logexp.softplus", 1),
    "t": ("logexp.softplus", -1),
    "h": ("sigmoid_bce.hess", 1, 0),
    "pp": ("sigmoid_mse.loss", 1, 0),
    "qq": ("sigmoid_mse.loss", -1, 0),
    "ph": ("sigmoid_mse.grad", 1, 0),
    "qh": ("sigmoid_mse.grad", -1, 0),
}

_one_at_a_time = Lock()  # SymPy's caches are not made for the threads of a cluster's worker


class Rounded(NamedTuple):
    """One quantity at many magnitudes."""

    value: Array  # correctly rounded
    wide: Array  # float64, within BOUND
    by_exact: Array  # the positions that `exact` has decided


def wide(a: Array) -> dict[str, Array]:
    """Return each quantity at magnitudes ``a >= 0`` (no NaN), in float64, within ``BOUND`` relatively.

    Where ``e`` is subnormal in float64, or 0, the bound does not hold and does not matter: the value is far below
    half of the smallest float32.
    """
    size = a.astype(np.float64)
    wide_e = np.exp(-np.minimum(size, FAR).astype(WIDE))
    e, t = wide_e.astype(np.float64), np.log1p(wide_e).astype(np.float64)
    p = 1 / (1 + e)
    q = e * p
    h = p * q
    squared = {"pp": p * p / 2, "qq": q * q / 2, "ph": p * h, "qh": q * h}
    return {"p": p, "q": q, "s": size + t, "t": t, "h": h} | squared


def rounded(a: Array) -> dict[str, Rounded]:
    """Return each quantity at float16 or float32 magnitudes, correctly rounded to their type."""
    with np.errstate(all="ignore"):
        return {name: _rounded(name, a, value) for name, value in wide(a).items()}


def _rounded(name: str, a: Array, value: Array) -> Rounded:
    low, high = ((value * (1 + side)).astype(a.dtype) for side in (-MARGIN, MARGIN))
    undecided = np.flatnonzero(low != high)
    for n in undecided:
        with _one_at_a_time:
            low[n] = exact(*_call(name, a[n]), dtype=a.dtype)
    return Rounded(low, value, undecided)


def _call(name: str, a: Any) -> list[Any]:
    """The function and the arguments of a quantity at one magnitude."""
    function, side, *label = QUANTITIES[name]
    return [function, side * float(a), *label]


def deviations(a: Array) -> dict[str, float]:
    """Measure the reference at magnitudes below 700: the largest relative errors found.

    Those of the wide functions are in units of the wide type's eps, to be compared with ``TRUST``; those of the
    quantities are parts of ``BOUND``, measured against the theorems.
    """
    eps, wide_e = float(np.finfo(WIDE).eps), np.exp(-a.astype(WIDE))
    with mpmath.workprec(BITS):
        found = {
            "exp": _largest(wide_e, (mpmath.exp(-_mpf(x)) for x in a)) / eps,
            "log1p": _largest(np.log1p(wide_e), (mpmath.log1p(_mpf(x)) for x in wide_e)) / eps,
        }
        for name, got in wide(a).items():
            calls = (_call(name, x) for x in a)
            true = (enclose(FORMS[function], point_of(function, point)) for function, *point in calls)
            found[name] = _largest(got, true) / BOUND
    return found


def _mpf(x: Any) -> Any:
    """A wide float as it is: its upper and its lower part are float64."""
    upper = float(x)
    return mpmath.mpf(upper) + mpmath.mpf(float(x - WIDE(upper)))


def _largest(got: Array, true: Iterable[Any]) -> float:
    return max(float(abs(_mpf(x) - value) / value) for x, value in zip(got, true, strict=True))
