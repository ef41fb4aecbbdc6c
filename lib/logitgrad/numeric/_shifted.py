"""A row of logits minus its maximum, with nothing lost: what softmax, log-softmax and CE have in common.

Blanchard, Higham and Higham, *Accurately computing the log-sum-exp and softmax functions* (2021), show why
the shift is harmless; here its rounding error is kept as well, and the maximum's own 1 stays out of the sum.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._doubled import Array, collapse, quotient, sum_pairs, two_sum

Index = tuple[NDArray[np.intp], NDArray[np.intp]]


class Shifted(NamedTuple):
    """Logits ``z = peak + gap + gap_low`` and their exponentials, classes along the first axis."""

    z: Array
    at: Index  # where each row has its (first) maximum
    peak: Array
    gap: Array
    gap_low: Array
    e: Array  # exp(gap); 1 at the maximum
    e_low: Array
    rest: Array  # the sum of e without the maximum's own 1
    rest_low: Array


def leave_out(values: Array, low: Array, at: Index) -> tuple[Array, Array]:
    """Return, as a pair, the sum of each row without one of its entries."""
    others, others_low = values.copy(), low.copy()
    others[at] = others_low[at] = 0
    return sum_pairs(others, others_low)


def shift(z: Array) -> Shifted:
    """Subtract the maximum. Without a limit (all -inf, two +inf, a NaN) the row's ``rest`` is NaN."""
    at = z.argmax(axis=0), np.arange(z.shape[1])
    peak = z[at]
    gap, low = two_sum(z, -peak)
    gap[at] = 0  # also for +inf, where inf - inf is not 0
    low[np.isnan(low)] = 0  # an infinite gap has no rounding error
    e = np.exp(gap)
    e_low = e * low  # exp(gap + low) = e (1 + low), up to low^2
    rest, rest_low = leave_out(e, e_low, at)
    rest = np.where(np.isneginf(peak), np.nan, rest)
    return Shifted(z, at, peak, gap, low, e, e_low, rest, rest_low)


def log_rest(s: Shifted) -> tuple[Array, Array]:
    """Return ``log(1 + rest)``, which is logsumexp(z) - max(z) = -log(max p), as a pair."""
    return np.log1p(s.rest), s.rest_low / (1 + s.rest)


def log_probabilities(s: Shifted) -> Array:
    """Return log p: gap and -log(1 + rest) are both <= 0, so nothing cancels."""
    top, top_low = log_rest(s)
    high, low = two_sum(s.gap, -top)
    return collapse(high, low + (s.gap_low - top_low))


def probabilities(s: Shifted) -> Array:
    """Return p = e / (1 + rest)."""
    total, low = two_sum(np.ones_like(s.rest), s.rest)
    return quotient(s.e, s.e_low, total, low + s.rest_low)


def complement_at_peak(s: Shifted) -> Array:
    """Return 1 - max p = rest / (1 + rest), which does not subtract."""
    total, low = two_sum(np.ones_like(s.rest), s.rest)
    return quotient(s.rest, s.rest_low, total, low + s.rest_low)


def complements(s: Shifted, p: Array) -> Array:
    """Return 1 - p: where p is not the maximum it is at most 1/2 and 1 - p is safe."""
    other = 1 - p
    other[s.at] = complement_at_peak(s)
    return other
