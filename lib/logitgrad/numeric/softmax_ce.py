"""Cross-entropy on the logits of K classes: ``L = sum_j y_j (logsumexp(z) - z_j)``, in nats.

Logits of any shape with the classes along ``axis``. Integer targets are class indices, in the shape of the
logits without ``axis`` (or one index for all rows); floating targets are probabilities, in the shape of the
logits; booleans are refused, since they could mean either. No average is taken. Results have the type of the
logits (integers become float64).

Target probabilities must be >= 0 and sum to 1, up to the rounding of float32; with ``normalized=False`` they
are any weights >= 0 with a finite sum. Either way the values are those of the targets as given, ``sum y``
included, so that the gradient is the gradient of the loss and its rows sum to 0.

ValueError: a class index out of range (-1 does not wrap), targets that break the rules above, shapes that
differ, no class at all. TypeError: types that are not real numbers. A row with NaN, with all logits -inf, or
with two of them +inf is NaN; a class with logit -inf and no target mass contributes nothing. With soft
targets, a gradient near its zero is as accurate as its terms, ``p_j sum_{i != j} y_i`` and ``y_j (1 - p_j)``.

Sources: Goodfellow, Bengio and Courville, 6.2.2; Blanchard, Higham and Higham (2021).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._arrays import Kernel, class_indices, each_row, real, same_shape, weights
from ._doubled import Array, collapse, sum_pairs, two_sum
from ._scratch import Scratch
from ._shifted import Shifted, complement, log_rest, probabilities, shift

__all__ = ["grad", "hvp", "loss", "loss_and_grad"]


def loss(z: ArrayLike, y: ArrayLike, *, axis: int = -1, normalized: bool = True) -> Array:
    """Return ``-sum_j y_j log p_j``, in nats, one for each row: ``-log p_y`` for a class index.

    Shape: that of ``z`` without ``axis``. Limits: 0 where the target's logit is +inf, inf where a target has
    logit -inf. Errors: the module's.

    Theorems: ``softmax-ce-logit-form``, ``logsumexp-shift``. Source: as the module.

    >>> float(loss([0.0, -745.0], 0))
    5e-324
    """
    return _run(_loss, ["row"], axis, normalized, z, y)[0]


def grad(z: ArrayLike, y: ArrayLike, *, axis: int = -1, normalized: bool = True) -> Array:
    """Return ``dL/dz_j = (sum y) p_j - y_j``: ``p_j - y_j`` for targets that sum to 1.

    The true class's entry is minus the sum of the others and keeps its digits where p rounds to 1.
    Shape: that of ``z``. Limits: those of p. Errors: the module's.

    Theorems: ``softmax-ce-gradient``, ``softmax-ce-gradient-normalized``, ``softmax-ce-true-class``.
    Source: as the module.

    >>> [float(g) for g in grad([0.0, -745.0], 0)]
    [-5e-324, 5e-324]
    """
    return _run(_grad, ["class"], axis, normalized, z, y)[0]


def loss_and_grad(z: ArrayLike, y: ArrayLike, *, axis: int = -1, normalized: bool = True) -> tuple[Array, Array]:
    """Return `loss` and `grad`, bit for bit, for the price of one exponential.

    Shapes, limits and errors: theirs.

    Theorems: ``softmax-ce-logit-form``, ``softmax-ce-gradient``. Source: as the module.

    >>> loss, grad = loss_and_grad([1e308, -1e308], 1)
    >>> float(loss), [float(g) for g in grad]
    (inf, [1.0, -1.0])
    """
    loss, grad = _run(_loss_and_grad, ["row", "class"], axis, normalized, z, y)
    return loss, grad


def hvp(z: ArrayLike, y: ArrayLike, v: ArrayLike, *, axis: int = -1, normalized: bool = True) -> Array:
    """Return the Hessian times ``v``: ``(sum y) p_i (v_i - sum_j p_j v_j)``.

    Shape: that of ``z``, which ``v`` must have. The error is bounded by the terms of ``v_i - sum_j p_j v_j``.
    Limits: those of p, for finite ``v`` (up to half the largest number). Errors: the module's.

    Theorem: ``softmax-ce-hessian``. Source: as the module.

    >>> [float(h) for h in hvp([0.0, -745.0], 0, [0.0, 1.0])]
    [-5e-324, 5e-324]
    """
    return _run(_hvp, ["class"], axis, normalized, z, y, v)[0]


def _run(
    kernel: Kernel,
    outputs: Sequence[str],
    axis: int,
    normalized: bool,
    z: ArrayLike,
    y: ArrayLike,
    *more: ArrayLike,
) -> list[Array]:
    logits, vectors = real(z, "logits"), [real(v, "vectors") for v in more]
    for vector in vectors:
        same_shape("vectors", vector.shape, logits.shape)
    targets = _targets(y, logits, axis)

    def checked(s: Scratch, z: Array, y: Array, *more: Array) -> tuple[Array, ...]:
        if y.ndim == 2:
            weights(y, targets.dtype if normalized else None)
        return kernel(s, shift(z, s), y, *more)

    return each_row(checked, outputs, axis, logits, targets, *vectors)


def _targets(y: ArrayLike, logits: NDArray[Any], axis: int) -> NDArray[Any]:
    targets, moved = real(y, "targets"), np.moveaxis(logits, axis, -1).shape
    if targets.dtype.kind == "b":
        raise TypeError("targets must be class indices (integers) or probabilities (floats); got bool")
    if targets.dtype.kind == "f":
        same_shape("target probabilities", targets.shape, logits.shape)
        return targets
    if targets.ndim:
        same_shape("class indices", targets.shape, moved[:-1])
    class_indices(targets, moved[-1])
    return np.broadcast_to(targets, moved[:-1])


def _loss(s: Scratch, t: Shifted, y: Array) -> tuple[Array]:
    return (_loss_of_weights(s, t, y) if y.ndim == 2 else _loss_of_class(t, y),)


def _grad(s: Scratch, t: Shifted, y: Array) -> tuple[Array]:
    return (_grad_of_weights(s, t, y) if y.ndim == 2 else _grad_of_class(s, t, y),)


def _loss_and_grad(s: Scratch, t: Shifted, y: Array) -> tuple[Array, Array]:
    return _loss(s, t, y) + _grad(s, t, y)


def _loss_of_class(t: Shifted, y: NDArray[Any]) -> Array:
    own = y, np.arange(y.size)
    top, top_low = log_rest(t)
    high, low = two_sum(-t.gap[own], top)
    return collapse(high, low + (top_low if t.gap_low is None else top_low - t.gap_low[own]))


def _loss_of_weights(s: Scratch, t: Shifted, y: Array) -> Array:
    # y peak - y z where the gap overflows (no cancellation there); 0 * inf = 0, a masked class
    apart = np.where(np.isinf(t.gap), y * t.peak - y * t.z, -y * t.gap)
    high, low = sum_pairs(np.fmax(apart, 0), None if t.gap_low is None else -y * t.gap_low, s)
    total, total_low = sum_pairs(y, None, s)
    top, top_low = log_rest(t)
    loss, loss_low = two_sum(high, total * top)
    return collapse(loss, loss_low + (total * top_low + (low + total_low * top)))


def _grad_of_class(s: Scratch, t: Shifted, y: NDArray[Any]) -> Array:
    own = y, np.arange(y.size)
    p = probabilities(t, s)
    p[own] = -complement(t.e[own], None if t.e_low is None else t.e_low[own], t)
    return p


def _grad_of_weights(s: Scratch, t: Shifted, y: Array) -> Array:
    return probabilities(t, s) * _sum_without_each(s, y) - y * complement(t.e, t.e_low, t)


def _sum_without_each(s: Scratch, y: Array) -> Array:
    """Return ``sum y - y_j``: only the largest exceeds half the sum, and there the others are added up.

    Where they are 0 the gradient is ``-y_j (1 - p_j)``: a -0.0 keeps its sign, also where it underflows.
    """
    at = y.argmax(axis=0), np.arange(y.shape[1])
    others = y.copy()
    others[at] = 0
    rest, rest_low = sum_pairs(others, None, s)
    total, low = two_sum(rest, y[at])
    others = (total - y) + (low + rest_low)
    rest += rest_low
    others[at] = np.where(rest == 0, -0.0, rest)
    return others


def _hvp(s: Scratch, t: Shifted, y: Array, v: Array) -> tuple[Array]:
    p = probabilities(t, s)
    # the mean is taken from the peak: p = 1 cancels nothing
    from_peak = v - v[t.z.argmax(axis=0), np.arange(v.shape[1])]
    mean, low = sum_pairs(p * from_peak, None, s)
    scale = y.sum(axis=0) if y.ndim == 2 else 1.0
    return (scale * (p * ((from_peak - mean) - low)),)
