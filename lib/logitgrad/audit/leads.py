"""How much of softmax and cross-entropy is right, lead by lead and gap by gap, for two classes.

The label is the first class; its *lead* is how far its logit lies above the other one, negative where the model
is wrong. Exact values come from the definitions, with as many digits as the cancellation in 1 - p takes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import mpmath
import numpy as np
from numpy.typing import NDArray
from sympy import diff, lambdify

from ..numeric.logexp import softmax as library
from ..numeric.remedies import Remedy
from ..symbolic.functions import softmax, unfold
from ..symbolic.softmax_ce import ce
from ..symbolic.symbols import logits, targets

__all__ = [
    "LEADS",
    "NOT_FINITE",
    "RIGHT",
    "WRONG",
    "border",
    "borders",
    "everyday_ulps",
    "far_ulps",
    "normal_gap",
    "relative_errors",
    "states",
    "worst_ulps",
]

Array = NDArray[Any]
Computed = Callable[[Any], Any]

#: Dense where digits are lost, sparser where overflow is near; each is exact in all three types.
AHEAD = np.concatenate([np.arange(1, 48 * 8) / 8, np.arange(48 * 4, 128 * 4) / 4, np.arange(128.0, 800.0)])
LEADS = np.concatenate([-AHEAD[::-1], AHEAD])
LARGEST = 1e300  # of a relative error: what is wrong by more is not wrong in a worse way
RIGHT, WRONG, NOT_FINITE = range(3)

CLASSES = 4  # of the ordinary rows


def _loss_of_first(classes: int) -> tuple[tuple[Any, ...], Any]:
    """The logits of so many classes, and the loss where the first is the label, both from the definition."""
    label = {targets[n + 1]: int(n == 0) for n in range(classes)}
    return tuple(logits[n + 1] for n in range(classes)), unfold(ce(logits, targets, classes)).doit().subs(label)


Z, LOSS = _loss_of_first(2)
TRAILING = unfold(softmax(logits, 2, 2)).doit()
_loss, _slope, _trailing = (lambdify(Z, expr, "mpmath") for expr in (LOSS, diff(LOSS, Z[0]), TRAILING))
ROW, ROW_LOSS = _loss_of_first(CLASSES)
_everyday = lambdify(ROW, [ROW_LOSS, *(diff(ROW_LOSS, at) for at in ROW)], "mpmath")


@cache
def exact_at_leads() -> tuple[list[Any], list[Any]]:
    """Return the loss and its slope by the label's logit, at the logits (lead, 0), for all ``LEADS``."""
    return [_at(_loss, lead) for lead in LEADS], [_at(_slope, lead) for lead in LEADS]


def _at(function: Callable[..., Any], lead: float) -> Any:
    with mpmath.workdps(20 + abs(int(lead)) // 2):  # 1 - p cancels lead / log(10) digits
        return function(mpmath.mpf(lead), mpmath.mpf(0))


@cache
def relative_errors(remedy: Remedy, dtype: str) -> tuple[Array, Array]:
    """Return |computed - exact| / |exact| for loss and label's gradient; infinite where the computed is.

    It is 0 where a result lies within one subnormal number of the exact value: no float of the type is better.

    >>> from logitgrad.numeric.softmax_remedies import REMEDIES
    >>> errors = relative_errors(REMEDIES[1], "float32")
    >>> [float(error[LEADS == 20][0]) for error in errors]  # shifted: all is lost
    [1.0, 1.0]
    """
    z = np.stack([LEADS, np.zeros_like(LEADS)], axis=-1).astype(dtype)
    y = np.broadcast_to(np.array([1, 0], dtype), z.shape)
    pairs = zip((remedy.loss(z, y), remedy.grad(z, y)[:, 0]), exact_at_leads(), strict=True)
    step = float(np.finfo(dtype).smallest_subnormal)
    loss, grad = (np.array([_relative(*both, step) for both in zip(*pair, strict=True)]) for pair in pairs)
    return loss, grad


def _relative(got: Any, exact: Any, step: float) -> float:
    if not np.isfinite(got):
        return np.inf
    error = abs(mpmath.mpf(float(got)) - exact)
    return 0.0 if error < step else float(min(error / abs(exact), LARGEST))


def states(errors: Array) -> Array:
    """Return RIGHT; WRONG where not one bit is right, an error of half the value or more; NOT_FINITE.

    >>> states(np.array([0.1, 0.5, np.inf])).tolist()
    [0, 1, 2]
    """
    return np.where(np.isinf(errors), NOT_FINITE, np.where(errors >= 0.5, WRONG, RIGHT))


def border(errors: Array, state: int, ahead: bool) -> float | None:
    """Return the smallest lead, ahead or behind, at which the errors are in a state; None if there is none.

    >>> border(np.where(LEADS > 10, 1, 0), WRONG, ahead=True)
    10.125
    """
    found = np.abs(LEADS[(states(errors) == state) & ((LEADS > 0) == ahead)])
    return float(found.min()) if found.size else None


def borders(remedy: Remedy, part: int, dtype: str) -> list[float | None]:
    """Return where a remedy's loss (part 0) or gradient (1) is WRONG ahead, WRONG behind, and NOT_FINITE.

    Each is the smallest size of such a lead, None if there is none.

    >>> from logitgrad.numeric.softmax_remedies import REMEDIES
    >>> borders(REMEDIES[0], 1, "float32")  # as written, the gradient
    [16.75, None, 88.75]
    """
    errors = relative_errors(remedy, dtype)[part]
    ahead, behind = (border(errors, WRONG, ahead=side) for side in (True, False))
    ends = [border(errors, NOT_FINITE, ahead=side) for side in (True, False)]
    return [ahead, behind, min((end for end in ends if end is not None), default=None)]


def normal_gap(dtype: str) -> float:
    """Return the largest gap at which the trailing class still has a normal probability.

    >>> round(normal_gap("float32"), 2)
    87.34
    """
    return -float(np.log(np.float64(np.finfo(dtype).tiny)))


@cache
def worst_ulps(computed: Computed, gap: float, dtype: str) -> float:
    """Return the largest error of the trailing probability found, in ulp, at random logits with about this gap.

    Where the function and the library disagree most, and at some other rows, the exact value decides.

    >>> worst_ulps(library, 700.0, "float64") < 3
    True
    """
    top, part = np.random.default_rng(0).uniform(0, 1, (2, 3000))
    z = np.stack([top * gap, (top - 1 + part / 10) * gap], axis=-1).astype(dtype)
    z = z[z[:, 0].astype(float) - z[:, 1] <= normal_gap(dtype)]
    got, fine = computed(z)[:, 1], library(z)[:, 1]
    suspects = np.argsort(np.abs(got - fine) / np.spacing(fine))[-8:]
    return max(_ulps(got[n], z[n]) for n in (*range(8), *suspects))


def far_ulps(remedy: Remedy, dtype: str) -> float:
    """Return the largest error found, in ulp, of the gradient of a class that trails the label as far as may be.

    >>> from logitgrad.numeric.softmax_remedies import REMEDIES
    >>> far_ulps(REMEDIES[-1], "float32") < 0.501
    True
    """
    label = np.array([1, 0], dtype)
    return worst_ulps(lambda z: remedy.grad(z, np.broadcast_to(label, z.shape)), normal_gap(dtype), dtype)


def _ulps(got: Any, row: Array) -> float:
    with mpmath.workdps(40):
        return _in_units(got, _trailing(*map(mpmath.mpf, row.tolist())))


def _in_units(got: Any, exact: Any) -> float:
    """The error in the spacing of floats of the result's type at the exact value."""
    return float(abs(mpmath.mpf(float(got)) - exact) / float(np.spacing(got.dtype.type(abs(exact)))))


def everyday_ulps(remedy: Remedy, dtype: str) -> tuple[float, float]:
    """Return the largest error of the loss and of the gradient, in ulp, at 100 rows of ordinary logits.

    Four classes, logits of mean 0 and standard deviation 2, the label drawn at random (it comes first).

    >>> from logitgrad.numeric.softmax_remedies import REMEDIES
    >>> [error < 0.501 for error in everyday_ulps(REMEDIES[-1], "float32")]
    [True, True]
    """
    z = np.random.default_rng(0).normal(scale=2, size=(100, CLASSES)).astype(dtype)
    y = np.broadcast_to(np.eye(CLASSES, dtype=dtype)[0], z.shape)
    with mpmath.workdps(40):
        exact = [_everyday(*map(mpmath.mpf, row)) for row in z.tolist()]
        got = np.column_stack([remedy.loss(z, y), remedy.grad(z, y)])
        errors = [[*map(_in_units, *pair)] for pair in zip(got, exact, strict=True)]
    return max(row[0] for row in errors), max(max(row[1:]) for row in errors)
