"""Where a function is measured: half of the points linear near 0, half logarithmic to the limits, seeded.

A function of numbers is measured label by label; a function of rows in groups that stress it in one way each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from ..symbolic import direction, i, j, logits
from .exact import FORMS

Array = NDArray[Any]

SEED = 20240607
SIZE = 2000
NEAR = 20.0
BEYOND = 6  # logits of each sign where the exponential is 0: few, since their exact values take long
SOFT = (0.5, 0.25, 0.9, 0.1, 1e-3)


@dataclass(frozen=True)
class Batch:
    """Points that a function takes in one call.

    ``at`` places each of them on an axis: its logit, or how far the true (or the largest) logit is ahead of
    the others. ``entries`` lists which entries of each row are compared; None if the result is one number.
    The logits lie strictly inside ``domain``.
    """

    arguments: tuple[Array, ...]
    at: Array
    entries: Array | None = None
    domain: tuple[float, float] = (-np.inf, np.inf)

    def __len__(self) -> int:
        return len(self.at)

    def __getitem__(self, chosen: Array | slice) -> Batch:
        entries = None if self.entries is None else self.entries[chosen]
        return Batch(tuple(argument[chosen] for argument in self.arguments), self.at[chosen], entries, self.domain)

    def near(self, chosen: Array, spread: float, rng: np.random.Generator) -> Batch:
        """Return copies of the chosen points, their logits moved by about the fraction ``spread``."""
        copies = self[chosen]
        z, *others = copies.arguments
        with np.errstate(over="ignore"):
            moved = (z * (1 + spread * rng.uniform(-1, 1, z.shape))).astype(z.dtype)
        low, high = self.domain
        moved = np.where((low < moved) & (moved < high), moved, z)
        return replace(copies, arguments=(moved, *others), at=place(moved, *others))


def place(z: Array, *others: Array) -> Array:
    """Return where on an axis each point stands: see `Batch`."""
    if z.ndim == 1:
        return z
    rows, z = np.arange(len(z)), z.astype(np.float64)
    own = others[0] if others and others[0].ndim == 1 else z.argmax(axis=1)
    rest = z.copy()
    rest[rows, own] = -np.inf if z.shape[1] > 1 else 0.0
    return z[rows, own] - rest.max(axis=1)


@dataclass(frozen=True)
class Part:
    """One group of points under its name."""

    label: str
    batches: tuple[Batch, ...]


@dataclass(frozen=True)
class Signature:
    """What a function takes and returns, read off its theorem's form."""

    rows: bool
    labelled: bool
    directed: bool
    per_class: bool

    @classmethod
    def of(cls, function: str) -> Signature:
        """Read the form: vectors or numbers, one value for each class or one in all."""
        form = FORMS[function]
        return cls(
            rows=form.has(logits),
            labelled=not function.startswith("logexp."),
            directed=form.has(direction),
            per_class=bool({i, j} & form.free_symbols),
        )


def parts(function: str, dtype: DTypeLike, size: int = SIZE) -> tuple[Part, ...]:
    """Return the points for a function, about ``size`` of them for each label or, in rows, in each group."""
    kind, of, rng = np.dtype(dtype), Signature.of(function), np.random.default_rng(SEED)
    if of.rows:
        from .rows import row_parts

        return tuple(row_parts(of, kind, size, rng))
    return tuple(_scalar_parts(function, of, kind, size, rng))


def limit(dtype: DTypeLike) -> float:
    """Return the logit beyond which exp(-z) is less than half the smallest subnormal number."""
    return float(1 - np.log(np.float64(np.finfo(np.dtype(dtype)).smallest_subnormal)))


def line(dtype: DTypeLike, size: int, rng: np.random.Generator) -> Array:
    """Return logits of both signs: near 0, tiny, to the limit, where results are subnormal, and beyond."""
    end, info = limit(dtype), np.finfo(np.dtype(dtype))
    near = min(NEAR, end)
    smallest, largest = (float(np.log2(np.float64(x))) for x in (info.smallest_subnormal, info.max))
    positive: list[ArrayLike] = [
        rng.uniform(0, near, size // 4),
        np.exp2(rng.uniform(smallest, 0, size // 32)),
        np.exp2(rng.uniform(0, np.log2(end), size // 8)),
        rng.uniform(0.8 * end, end, size // 16),
        np.minimum(np.exp2(rng.uniform(np.log2(end), largest, BEYOND)), float(info.max)),
        [float(x) for x in (info.smallest_subnormal, info.smallest_normal, info.eps, 1, info.max)],
    ]
    points = np.concatenate(positive)
    return np.unique(np.concatenate([points, -points, [0.0]]).astype(dtype))


def inside(low: float, high: float, dtype: DTypeLike, size: int, rng: np.random.Generator) -> Array:
    """Return the logits of `line` in an open interval, with the other 0, and as many close to its finite ends."""
    tiny = np.exp2(rng.uniform(-float(np.finfo(np.dtype(dtype)).nmant), 0, size // 4))
    ends = [end + side * tiny for end, side in ((low, 1), (high, -1)) if np.isfinite(end)]
    points = np.append(
        np.unique(np.concatenate([line(dtype, size, rng), *ends]).astype(dtype)), -np.zeros(1, dtype)
    )
    return points[(points > low) & (points < high)]


#: Where a form is a real number, and an interval settles it: 1 - tanh(z) has its first digit 2.9 z bits down.
DOMAINS = {"relu_ce": (0.0, 1.0), "tanh_ce": (0.0, 100.0)}


def _scalar_parts(function: str, of: Signature, dtype: Any, size: int, rng: np.random.Generator) -> Iterator[Part]:
    domain = DOMAINS.get(function.partition(".")[0], (-np.inf, np.inf))
    z = inside(*domain, dtype, size, rng)
    if not of.labelled:
        yield Part("all", (Batch((z,), z),))
        return
    for label in (0, 1):
        yield Part(f"y = {label}", (Batch((z, np.full_like(z, label)), z, domain=domain),))
    some = z[::2]
    soft = np.where(rng.uniform(size=some.size) < 0.5, rng.choice(SOFT, some.size), rng.uniform(size=some.size))
    soft = np.clip(soft, SOFT[-1], 1 - SOFT[-1]).astype(dtype)
    yield Part("0 < y < 1", (Batch((some, soft), some, domain=domain),))
