"""A row of logits minus its maximum, with nothing lost: what softmax, log-softmax and CE have in common.

Blanchard, Higham and Higham, *Accurately computing the log-sum-exp and softmax functions* (2021), show why
the shift is harmless; here its rounding error is kept as well, and so are those of the exponential and of the
sum: ``total`` is a pair, from which the maximum's own 1 can be taken away again. Classes lie along the first axis.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._doubled import Array, add, collapse, reciprocal, sum_pairs, two_sum
from ._exp import exp
from ._scratch import Scratch

LIFT = 128  # with K terms, those below 2^-1074 2^-54 / K do not count: this leaves room for K = 2^60

Index = tuple[NDArray[np.intp], NDArray[np.intp]]


class Shifted(NamedTuple):
    """Logits ``z = peak + gap + gap_low``, ``e = unit exp(gap)``, ``unit`` at the maximum, and the sum of ``e``.

    A part named ``..._low`` is None where it is not kept: where results are narrower than float64. There the
    unit is 1. For float64 it is 2^LIFT: a sum of many exponentials may be a number though each of them is less
    than the smallest one.
    """

    z: Array
    peak: Array
    gap: Array
    gap_low: Array | None
    e: Array
    e_low: Array | None
    total: Array
    total_low: Array
    unit: float


def shift(z: Array, s: Scratch) -> Shifted:
    """Subtract the maximum. Without a limit (all -inf, two +inf, a NaN) the row's ``total`` is NaN."""
    peak = z.max(axis=0)
    gap, gap_low = _gap(z, peak, s)
    e, e_low = exp(gap, s, LIFT)
    if gap_low is not None and e_low is not None:
        e_low += np.multiply(e, gap_low, out=s("t", e.shape))  # exp(gap + low) = e (1 + low), up to low^2
    unit = 2.0**LIFT if s.wide else 1.0
    return Shifted(z, peak, gap, gap_low, e, e_low, *sum_pairs(e, e_low, s), unit)


def _gap(z: Array, peak: Array, s: Scratch) -> tuple[Array, Array | None]:
    if s.wide:
        gap, low = add(z, np.negative(peak), s, "gap")
    else:
        gap, low = np.subtract(z, peak, out=s("gap", z.shape)), None
    if not np.isfinite(peak).all():
        gap[z == np.inf] = 0  # inf - inf
        gap[:, np.isposinf(z).sum(axis=0) > 1] = np.nan
    if low is not None and np.isnan(low.max()):
        low[np.isnan(low)] = 0  # an infinite gap has no rounding error
    return gap, low


def log_rest(t: Shifted) -> tuple[Array, Array]:
    """Return ``log(total)``, which is ``logsumexp(z) - max(z) = -log(max p)``, as a pair."""
    rest, low = two_sum(t.total - t.unit, t.total_low)  # without the maximum's: the difference is exact
    rest /= t.unit
    return np.log1p(rest), low / t.unit / (1 + rest)


def log_probabilities(t: Shifted, s: Scratch) -> Array:
    """Return log p: gap and -log(total) are both <= 0, so nothing cancels."""
    top, top_low = log_rest(t)
    if t.gap_low is None:
        return np.subtract(t.gap, top, out=s("log_p", t.gap.shape))
    high, low = add(t.gap, -top, s)
    low += t.gap_low
    low -= top_low
    return collapse(high, low)


def probabilities(t: Shifted, s: Scratch) -> Array:
    """Return p = e / total."""
    return _over_total(t.e, t.e_low, t, s("p", t.e.shape), s("t", t.e.shape))


def complement(e: Array, e_low: Array | None, t: Shifted) -> Array:
    """Return 1 - p for entries of e: the sum of the other exponentials, over total."""
    others, low = two_sum(t.total, -e)
    low += t.total_low if e_low is None else t.total_low - e_low
    return _over_total(others + low, None, t, np.empty_like(others), np.empty_like(others))


def _over_total(high: Array, low: Array | None, t: Shifted, quotient: Array, product: Array) -> Array:
    """Return ``(high + low) / total`` in ``quotient``; ``product`` is a buffer of its shape."""
    inverse, inverse_low = reciprocal(t.total / t.unit, t.total_low / t.unit)
    np.multiply(high, inverse, out=quotient)
    if t.gap_low is None:  # float64 has digits to spare
        return quotient
    np.multiply(high, inverse_low, out=product)
    if low is not None:
        product += low * inverse
    quotient += product
    quotient /= t.unit
    return quotient
