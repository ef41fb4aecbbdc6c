"""Rows of logits that stress a function in one way each, for the audit; seeded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .grids import NEAR, Batch, Part, Signature, limit, place

Array = NDArray[Any]
Random = np.random.Generator
Maker = Callable[[Random, int, int, float], Array]

SIXTYFOURTHS = 64  # soft targets are multiples of 1/64: they sum to 1 exactly, in every type
MANY = 10  # of a row with more classes than this, only some entries are compared
#: Classes, and the part of the points that have so many: large rows are dear, and of the Hessian's product dearer.
CLASSES = ((1, 100), (2, 8), (3, 16), (10, 50), (1000, 2000))


def row_parts(of: Signature, dtype: Any, size: int, rng: Random) -> Iterator[Part]:
    """Return the groups of rows for a function with this signature."""
    for label, make in GROUPS.items():
        yield Part(label, tuple(_batches(make, of, dtype, size, rng, soft=False)))
    if of.labelled:
        yield Part("soft targets", tuple(_batches(_mixed, of, dtype, size, rng, soft=True)))


def _mild(rng: Random, rows: int, classes: int, reach: float) -> Array:
    """Rows within a few units, some of them far from 0, some with ties, the last with equal logits."""
    z = rng.normal(0, 3, (rows, classes)) + rng.choice([0, -50, 50], (rows, 1))
    z[::4] = np.round(z[::4])
    z[-1] = z[-1, 0]
    return z


def _wide(rng: Random, rows: int, classes: int, reach: float) -> Array:
    """Rows that use the whole range of exp."""
    return rng.uniform(-reach, 0, (rows, classes)) + rng.uniform(0, reach, (rows, 1))


def _dominated(rng: Random, rows: int, classes: int, reach: float) -> Array:
    """Rows whose first logit is ahead: half of them by up to `NEAR`, half by up to ``reach``."""
    z = rng.normal(0, 0.5, (rows, classes))
    half = rows // 2
    ahead = np.concatenate([rng.uniform(0, min(NEAR, reach), half), np.geomspace(1, reach, rows - half)])
    z[:, 0] = z.max(axis=1) + ahead
    return z


def _masked(rng: Random, rows: int, classes: int, reach: float) -> Array:
    """Rows of which a third of the classes, the last ones, are masked."""
    z = _mild(rng, rows, classes, reach)
    z[:, classes - classes // 3 :] = -np.inf
    return z


GROUPS: dict[str, Maker] = {
    "mild": _mild,
    "wide range": _wide,
    "one class dominates": _dominated,
    "masked classes": _masked,
}


def _mixed(rng: Random, rows: int, classes: int, reach: float) -> Array:
    """Rows of the first three groups, in turn."""
    z = np.stack([make(rng, rows, classes, reach) for make in (_mild, _wide, _dominated)])
    return z[np.arange(rows) % 3, np.arange(rows)]


def _batches(make: Maker, of: Signature, dtype: Any, size: int, rng: Random, soft: bool) -> Iterator[Batch]:
    for classes, share in CLASSES:
        if (make is _masked and classes < 3) or (of.directed and classes > MANY):
            continue
        rows = max(1, size // (share * classes if of.directed else share))
        z = make(rng, rows, classes, limit(dtype)).astype(dtype)
        targets = (_soft(rng, z) if soft else _hard(rng, z),) if of.labelled else ()
        vectors = (rng.normal(size=z.shape).astype(dtype),) if of.directed else ()
        arguments = (z, *targets, *vectors)
        yield Batch(arguments, place(*arguments), _entries(*arguments) if of.per_class else None)


def _hard(rng: Random, z: Array) -> Array:
    """The largest logit's class for three rows of four, else any that is not masked."""
    there = np.isfinite(z).sum(axis=1)  # masked classes are the last ones
    return np.where(rng.uniform(size=len(z)) < 0.75, z.argmax(axis=1), rng.integers(0, there))


def _soft(rng: Random, z: Array) -> Array:
    """Probabilities that sum to 1 exactly."""
    weights = np.full(z.shape[1], 1 / z.shape[1])
    return (rng.multinomial(SIXTYFOURTHS, weights, len(z)) / SIXTYFOURTHS).astype(z.dtype)


def _entries(z: Array, *others: Array) -> Array:
    """All entries of a short row, or those of the first classes, the largest and the smallest logit."""
    there = int(np.isfinite(z[0]).sum())
    entries = np.tile(np.arange(min(there, MANY)), (len(z), 1))
    if there > MANY:
        entries[:, 0], entries[:, -1] = z.argmax(axis=1), np.where(np.isfinite(z), z, np.inf).argmin(axis=1)
    return np.sort(entries, axis=1)
