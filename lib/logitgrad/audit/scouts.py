"""A hundred thousand points, or every float16, looked over quickly for those that deserve an exact value.

A stable form of each theorem, in NumPy's long double, says where a function seems to err most. It only points:
what is reported is measured against the enclosure. Where long double is no longer than double it points less well.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import lambdify, log
from sympy.codegen.cfunctions import log1p

from ..symbolic import theorems, unfold, y, z
from .calls import Caller
from .grids import Batch, inside
from .scales import scale

Array = NDArray[Any]

CANDIDATES = 100_000

#: The theorem whose right-hand side is the function in a form without cancellation.
STABLE = {
    "logexp.sigmoid": "sigmoid-stable",
    "logexp.softplus": "softplus-stable",
    "logexp.log_sigmoid": "log-sigmoid",
    "sigmoid_bce.loss": "bce-stable-soft-loss",
    "sigmoid_bce.grad": "bce-half-form",
    "sigmoid_bce.hess": "bce-stable-second-derivative",
    "sigmoid_mse.loss": "sigmoid-mse-soft-loss",
    "sigmoid_mse.grad": "sigmoid-mse-soft-gradient",
}


def scouted(caller: Caller, against: str, batch: Batch, count: int, rng: np.random.Generator) -> Batch:
    """Return the ``count`` points that seem worst, with labels as in ``batch``; none where no form is at hand.

    A function that takes one point at a time, or raises somewhere, is spared.
    """
    if against not in STABLE or {"arrays", "raises"} & set(caller.problems):
        return batch[:0]
    logits = _candidates(batch.domain, caller.dtype, rng)
    labels = tuple(rng.choice(label, logits.size) for label in batch.arguments[1:])
    candidates = Batch((logits, *labels), logits, domain=batch.domain)
    return candidates[np.argsort(_errors(caller, against, candidates))[-count:]]


def _candidates(domain: tuple[float, float], dtype: np.dtype[Any], rng: np.random.Generator) -> Array:
    """Every float16, in random order, or a hundred thousand logits of the other types."""
    if dtype.itemsize > 2:
        return inside(*domain, dtype, CANDIDATES, rng)
    every = rng.permutation(1 << 16).astype(np.uint16).view(dtype)
    return every[(every > domain[0]) & (every < domain[1])]


def _errors(caller: Caller, against: str, batch: Batch) -> Array:
    """About how many units each result is off; 0 where it is no number, or flushed to 0."""
    results, _ = caller(batch.arguments, batch.at.shape)
    with np.errstate(all="ignore"):
        due = stable(against)(*(batch.arguments[n].astype(np.longdouble) for n in (0, -1)))
        size = np.maximum(np.abs(due), scale(against, batch.arguments, None))
        error = np.abs(results - due) / np.spacing(size.astype(caller.dtype))
    flushed = (results == 0) & (size < np.finfo(caller.dtype).tiny)
    return np.where(np.isfinite(error) & ~flushed, error, 0)


@lru_cache
def stable(against: str) -> Callable[..., Any]:
    """Return the stable form as a function of arrays (z, y)."""
    form = unfold(theorems[STABLE[against]].statement.rhs).replace(log, lambda e: log1p(e - 1))
    compiled: Callable[..., Any] = lambdify((z, y), form, "numpy")
    return compiled
