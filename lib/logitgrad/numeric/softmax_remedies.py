"""What people do about softmax and cross-entropy in floating point: each remedy as a loss and its gradient.

As in `naive`, formulas are evaluated in the type of their input and no warning is issued. The classes lie along
the last axis, and ``y`` has a probability for each: a target of 0 removes its term, as a class index would. A
gradient is the one that backpropagation finds when the remedy is in place.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from . import naive, softmax_ce
from .naive import Array, like, quiet, real
from .remedies import Remedy, product

__all__ = ["REMEDIES", "from_log_probabilities", "shifted", "shifted_log"]


@quiet
def shifted(z: ArrayLike) -> Array:
    """Return softmax with the maximum subtracted: no overflow, but a far class errs by up to 512 ulp (float64).

    >>> [float(p) for p in shifted([800.0, 0.0])], [float(p) for p in shifted([np.inf, 0.0])]
    ([1.0, 0.0], [nan, nan])
    """
    z = real(z)
    return naive.softmax(z - z.max(axis=-1, keepdims=True))


@quiet
def shifted_log(z: ArrayLike) -> Array:
    """Return log-softmax as gap minus log of the sum: never log 0, but 0 for a class that dominates.

    >>> [float(l) for l in shifted_log([40.0, -746.0])]
    [0.0, -786.0]
    """
    z = real(z)
    gap = z - z.max(axis=-1, keepdims=True)
    return gap - naive.logsumexp(gap)[..., np.newaxis]


@quiet
def from_log_probabilities(log_p: Array, y: ArrayLike) -> Array:
    """Return ``- sum y log p``, where a target of 0 has no term.

    >>> float(from_log_probabilities(np.array([-2.0, -np.inf]), [1.0, 0.0]))
    2.0
    """
    return -product(like(y, log_p), log_p).sum(axis=-1)


def from_weights(p: Array, w: Array) -> Array:
    """Return ``p sum(w) - w``, the gradient by the logits if ``-w/p`` is the one by the probabilities.

    >>> [float(g) for g in from_weights(np.array([0.75, 0.25]), np.array([1.0, 0.0]))]
    [-0.25, 0.25]
    """
    return p * w.sum(axis=-1, keepdims=True) - w


@quiet
def as_written(z: ArrayLike, y: ArrayLike) -> Array:
    """Return the loss from an unshifted softmax.

    >>> float(as_written([0.0, -746.0], [0.0, 1.0])), float(as_written([710.0, 0.0], [1.0, 0.0]))
    (inf, nan)
    """
    return from_log_probabilities(naive.log_softmax(z), y)


def as_written_grad(z: ArrayLike, y: ArrayLike) -> Array:
    """Return ``p - y`` from an unshifted softmax.

    >>> float(as_written_grad([710.0, 0.0], [1.0, 0.0])[0])
    nan
    """
    p = naive.softmax(z)
    return p - like(y, p)


@quiet
def from_shifted(z: ArrayLike, y: ArrayLike) -> Array:
    """Return the loss from a shifted softmax: inf where the label's probability underflows.

    >>> float(from_shifted([746.0, 0.0], [0.0, 1.0]))
    inf
    """
    return from_log_probabilities(np.log(shifted(z)), y)


def on_logits(z: ArrayLike, y: ArrayLike) -> Array:
    """Return the loss from log-softmax: right where the model is wrong, 0 where it is sure and right.

    >>> float(on_logits([746.0, 0.0], [0.0, 1.0])), float(on_logits([40.0, 0.0], [1.0, 0.0]))
    (746.0, -0.0)
    """
    return from_log_probabilities(shifted_log(z), y)


@quiet
def on_logits_grad(z: ArrayLike, y: ArrayLike) -> Array:
    """Return ``exp(log p) - y``, which needs no division.

    >>> float(on_logits_grad([40.0, 0.0], [1.0, 0.0])[0])
    0.0
    """
    p = np.exp(shifted_log(z))
    return p - like(y, p)


@quiet
def with_eps(z: ArrayLike, y: ArrayLike, eps: float = 1e-8) -> Array:
    """Return the loss with ``eps`` inside the logarithm: capped at ``-log eps``, below 0 for a right answer.

    >>> round(float(with_eps([1e3, 0.0], [0.0, 1.0])), 6), float(with_eps([1e3, 0.0], [1.0, 0.0])) < 0
    (18.420681, True)
    """
    return from_log_probabilities(np.log(shifted(z) + eps), y)


@quiet
def with_eps_grad(z: ArrayLike, y: ArrayLike, eps: float = 1e-8) -> Array:
    """Return the gradient of `with_eps`: it vanishes where the model is sure and wrong.

    >>> float(with_eps_grad([1e3, 0.0], [0.0, 1.0])[0])
    0.0
    """
    p = shifted(z)
    return from_weights(p, product(like(y, p), p / (p + eps)))


@quiet
def clipped(z: ArrayLike, y: ArrayLike, eps: float = 1e-7) -> Array:
    """Return the loss of probabilities clipped to ``[eps, 1 - eps]``: flat outside.

    >>> float(clipped([20.0, 0.0], [0.0, 1.0])) == float(clipped([1e3, 0.0], [0.0, 1.0]))
    True
    """
    return from_log_probabilities(np.log(np.clip(shifted(z), eps, 1 - eps)), y)


@quiet
def clipped_grad(z: ArrayLike, y: ArrayLike, eps: float = 1e-7) -> Array:
    """Return the gradient of `clipped`: 0 where the label's probability was clipped, also where it is wrong.

    >>> float(clipped_grad([20.0, 0.0], [0.0, 1.0])[0])
    0.0
    """
    p = shifted(z)
    return from_weights(p, np.where((p > eps) & (p < 1 - eps), like(y, p), 0))


#: In the order in which they are proposed.
REMEDIES = (
    Remedy("as written", as_written, as_written_grad),
    Remedy("shifted", from_shifted, naive.softmax_ce_grad_fused),
    Remedy("log-softmax", on_logits, on_logits_grad),
    Remedy("ε in the logarithm", with_eps, with_eps_grad),
    Remedy("clipping", clipped, clipped_grad),
    Remedy("logitgrad", softmax_ce.loss, softmax_ce.grad),
)
