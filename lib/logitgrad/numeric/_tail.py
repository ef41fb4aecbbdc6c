"""What sigmoid, softplus and their pairings have in common: everything that depends on ``exp(-|z|)`` alone.

``e = exp(-|z|)`` never overflows; ``q = e / (1 + e) = sigmoid(-|z|)`` is the smaller side of the sigmoid, and
``log1p(e)`` what softplus adds to ``max(z, 0)``. For float64 each comes with its low part: what rounding took.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ._doubled import Array, add, collapse
from ._exp import exp
from ._scratch import Scratch


class Tail(NamedTuple):
    """``size = |z|``, ``e + e_low = exp(-size)`` and ``total = 1 + e``; a low part is None if not kept."""

    size: Array
    e: Array
    e_low: Array | None
    total: Array


def tail(z: Array, s: Scratch) -> Tail:
    """Return what the other functions of this module start from."""
    size = np.abs(z, out=s("size", z.shape))
    e, e_low = exp(np.negative(size, out=s("x", z.shape)), s)
    return Tail(size, e, e_low, np.add(1, e, out=s("total", z.shape)))


def smaller_side(t: Tail, s: Scratch) -> tuple[Array, Array | None]:
    """Return ``q = e / (1 + e)`` as a pair."""
    q = np.divide(t.e, t.total, out=s("q", t.e.shape))
    if t.e_low is None:
        return q, None
    # (1 + e) (1 - q) = 1, so q lacks (e - q (1 + e) + e_low (1 - q)) (1 - q); e - q is exact, as e/2 <= q <= e
    low, product = np.subtract(t.e, q, out=s("q_low", q.shape)), s("t", q.shape)
    low -= np.multiply(q, t.e, out=product)
    other = np.subtract(1, q, out=s("other", q.shape))
    low += np.multiply(t.e_low, other, out=product)
    low *= other
    return q, low


def plus_log(start: Array, t: Tail, s: Scratch, more: Array | None = None) -> Array:
    """Return ``start + log(1 + e)``, rounded once, with ``more`` as the low part of ``start``."""
    log = np.log1p(t.e, out=s("log", t.e.shape))
    if t.e_low is None:
        return np.add(start, log, out=log)
    high, low = add(start, log, s)
    low += np.divide(t.e_low, t.total, out=s("t", low.shape))  # log1p'(e) = 1 / (1 + e)
    if more is not None:
        low += more
    return collapse(high, low)
