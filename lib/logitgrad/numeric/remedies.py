"""What people put around binary cross-entropy against NaN: each remedy as a loss and its gradient.

As in `naive`, formulas are evaluated in the type of their input, shapes broadcast as in NumPy, and no warning is
issued. A gradient is the one that backpropagation finds when the remedy is in place.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from . import naive, sigmoid_bce
from .naive import Array, like, quiet, real, sigmoid

__all__ = ["REMEDIES", "Remedy"]

Computed = Callable[[ArrayLike, ArrayLike], Array]


class Remedy(NamedTuple):
    """A remedy by its ``name``: what it makes of the ``loss``, and what of the gradient, ``grad``."""

    name: str
    loss: Computed
    grad: Computed


def as_written(z: ArrayLike, y: ArrayLike) -> Array:
    """Return the loss from the probability, no remedy at all.

    >>> float(as_written(40.0, 1)), float(as_written(40.0, 0))
    (nan, inf)
    """
    return naive.bce(sigmoid(z), y)


def in_float64(computed: Computed) -> Computed:
    """Return the same function, computed in float64 and rounded to the input's type at the end.

    >>> z = np.float32(20)
    >>> float(as_written(z, 0)), float(in_float64(as_written)(z, 0))
    (inf, 20.0)
    """

    @wraps(computed)
    def widened(z: ArrayLike, y: ArrayLike) -> Array:
        z = real(z)
        return computed(z.astype(np.float64), y).astype(z.dtype)

    return widened


@quiet
def product(a: Array, b: Array) -> Array:
    """Return ``a b``, taking 0 times anything to be 0.

    >>> float(product(np.float64(0), np.float64("-inf")))
    0.0
    """
    return np.where(a == 0, 0, a * b)


@quiet
def zero_wins(z: ArrayLike, y: ArrayLike) -> Array:
    """Return the loss with ``0 log 0 = 0``: right for a right answer, still inf for a wrong one.

    >>> float(zero_wins(40.0, 1)), float(zero_wins(40.0, 0))
    (-0.0, inf)
    """
    p = sigmoid(z)
    y = like(y, p)
    return -(product(y, np.log(p)) + product(1 - y, np.log(1 - p)))


@quiet
def zero_wins_grad(z: ArrayLike, y: ArrayLike) -> Array:
    """Return the two factors' product with ``0 x = 0``: no gradient where the output rounds to 0 or 1.

    >>> float(zero_wins_grad(40.0, 0))
    0.0
    """
    p = sigmoid(z)
    spread = p * (1 - p)
    return product(spread, (p - like(y, p)) / spread)


@quiet
def limits(z: ArrayLike, y: ArrayLike) -> Array:
    """Return the loss with a special case where p rounds to 0 or 1: ``|z|`` if wrong, 0 if right.

    >>> float(limits(40.0, 0)), float(limits(40.0, 1))
    (40.0, 0.0)
    """
    z, p = real(z), sigmoid(z)
    return np.where(p * (1 - p) == 0, np.maximum(z, 0) - like(y, p) * z, as_written(z, y))


@quiet
def limits_grad(z: ArrayLike, y: ArrayLike) -> Array:
    """Return the two factors' product, and its limit ``p - y`` where p rounds to 0 or 1.

    >>> float(limits_grad(40.0, 0)), float(limits_grad(40.0, 1))
    (1.0, 0.0)
    """
    p = sigmoid(z)
    return np.where(p * (1 - p) == 0, p - like(y, p), naive.bce_grad(z, y))


@quiet
def eps_below_grad(z: ArrayLike, y: ArrayLike, eps: float = 1e-8) -> Array:
    """Return the two factors' product with ``eps`` added to the denominator: 0 where p rounds to 0 or 1.

    In float16 the default ``eps`` rounds to 0 and changes nothing.

    >>> float(eps_below_grad(40.0, 0)), float(eps_below_grad(np.float16(10), 0))
    (0.0, nan)
    """
    p = sigmoid(z)
    spread = p * (1 - p)
    return (p - like(y, p)) / (spread + eps) * spread


@quiet
def nan_to_num_grad(z: ArrayLike, y: ArrayLike) -> Array:
    """Return the two factors' product with ``nan_to_num`` around it: 0 where the output rounds to 0 or 1.

    >>> float(nan_to_num_grad(40.0, 0))
    0.0
    """
    return np.nan_to_num(naive.bce_grad(z, y))


@quiet
def by_where(z: ArrayLike, y: ArrayLike) -> Array:
    """Return the loss by a form for each sign of the logit; ``where`` evaluates both and picks one.

    >>> float(by_where(800.0, 0)), float(by_where(-800.0, 1))
    (800.0, 800.0)
    """
    z = real(z)
    right, left = np.log1p(np.exp(-z)), np.log1p(np.exp(z))
    return np.where(z > 0, right + (1 - like(y, z)) * z, left - like(y, z) * z)


@quiet
def by_where_grad(z: ArrayLike, y: ArrayLike) -> Array:
    """Return what backpropagation makes of `by_where`: each branch's slope times 1 or 0, and the sum.

    The branch that was not picked is multiplied by 0; where it overflowed, that is NaN.

    >>> float(by_where_grad(700.0, 0)), float(by_where_grad(800.0, 0))
    (1.0, nan)
    """
    z = real(z)
    y, picked = like(y, z), (z > 0).astype(z.dtype)
    e, f = np.exp(-z), np.exp(z)
    return picked * ((1 - y) - e / (1 + e)) + (1 - picked) * (f / (1 + f) - y)


@quiet
def on_logits(z: ArrayLike, y: ArrayLike) -> Array:
    """Return the loss on the logit, ``max(z, 0) - y z + log1p(exp(-|z|))``.

    >>> float(on_logits(800.0, 0)), float(on_logits(40.0, 1)) > 0
    (800.0, True)
    """
    z = real(z)
    return np.maximum(z, 0) - like(y, z) * z + np.log1p(np.exp(-np.abs(z)))


#: In the order in which they are proposed: nothing, more precision, special cases, constants, forms on the logit.
REMEDIES = (
    Remedy("as written", as_written, naive.bce_grad),
    Remedy("float64 inside", in_float64(as_written), in_float64(naive.bce_grad)),
    Remedy("0 · anything = 0", zero_wins, zero_wins_grad),
    Remedy("special cases", limits, limits_grad),
    Remedy("ε in the denominator", as_written, eps_below_grad),
    Remedy("ε in the logarithm", naive.bce_eps, naive.bce_eps_grad),
    Remedy("clipping", naive.bce_clip, naive.bce_clip_grad),
    Remedy("nan_to_num", naive.bce_nan_to_num, nan_to_num_grad),
    Remedy("where, by sign", by_where, by_where_grad),
    Remedy("logits and p − y", on_logits, naive.bce_grad_fused),
    Remedy("logitgrad", sigmoid_bce.loss, sigmoid_bce.grad),
)
