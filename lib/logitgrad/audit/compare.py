"""Results against exact values: the errors of a batch, and what they come to in one part of the grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .calls import Caller
from .grids import Batch
from .measured import Measured, Worst, thinned
from .scales import scale
from .values import Exact

Array = NDArray[Any]

PLACES = 120  # of the curve in a report
ALL = 1 - 1e-6  # the sizes of terms, unlike the values, are rounded


@dataclass(frozen=True)
class Compared:
    """The results for a batch and their errors: a row for each point that was answered, a column for each entry.

    A result is lost when no digit is right: an error of 100 % and more (of the larger term, where terms cancel),
    as of 0, or of no number, where a number is due. It is flushed when it is 0 where a subnormal number is due.
    """

    batch: Batch
    asked: int
    got: Array
    exact: Exact
    due_infinite: Array
    ulps: Array
    relative: Array
    lost: Array
    flushed: Array

    @property
    def counted(self) -> Array:
        """The errors that count for the largest one: flushed results have a count of their own."""
        return np.where(self.flushed, 0.0, self.ulps)

    def largest(self) -> float:
        """The largest error that counts."""
        return float(self.counted.max(initial=0))

    def worst_points(self, count: int) -> Array:
        """The points with the largest errors, each as often as there are such points."""
        return np.repeat(np.argsort(self.counted.max(axis=1, initial=0))[-count:], count)

    def worst(self) -> Worst | None:
        """The result with the largest error."""
        if not self.ulps.size:
            return None
        point, column = np.unravel_index(np.argmax(self.counted), self.ulps.shape)
        entries = self.batch.entries
        return Worst(
            arguments=tuple(argument[point] for argument in self.batch.arguments),
            entry=None if entries is None else int(entries[point, column]),
            result=float(self.got[point, column]),
            exact=float(self.exact[point, column].nearest()),
            ulps=float(self.ulps[point, column]),
        )


def compare(caller: Caller, against: str, batch: Batch, exact: Exact) -> Compared:
    """Call a function on a batch and measure what it returns."""
    z, entries, dtype = batch.arguments[0], batch.entries, caller.dtype
    results, answered = caller(batch.arguments, (len(batch),) if entries is None else z.shape)
    got = results[:, None] if entries is None else np.take_along_axis(results, entries, axis=1)
    size = np.broadcast_to(scale(against, batch.arguments, entries), exact.high.shape).reshape(got.shape)
    got, exact, size = got[answered], exact.columns()[answered], size[answered]
    ulps, relative = exact.ulps(got, dtype, size), exact.relative(got, dtype, size)
    gone = relative >= ALL
    lost = gone & (ulps >= 1)
    relative = np.where(gone & ~lost, 0.0, relative)  # a value that rounds to 0 is not lost by it
    flushed = (got == 0) & (ulps >= 1) & exact.subnormal(dtype)
    return Compared(batch[answered], len(batch), got, exact, exact.overflows(dtype), ulps, relative, lost, flushed)


def summary(label: str, grid: Sequence[Compared], found: Sequence[Compared]) -> Measured:
    """Sum up a part: the grid, and the points that a search found near its worst ones."""
    every = [*grid, *found]
    lost, flushed, ulps = (_flat(getattr(c, name) for c in every) for name in ("lost", "flushed", "counted"))
    usual = _flat(np.where(c.lost, np.nan, c.ulps) for c in grid)
    nan, infinity = np.sum([_mismatches(c) for c in every], axis=0) if every else (0, 0)
    at, gone = _points(every, "lost")
    return Measured(
        label=label,
        points=sum(c.asked for c in grid),
        answered=sum(len(c.batch) for c in grid),
        max_ulp=float(ulps.max()) if ulps.size else None,
        mean_ulp=float(np.nanmean(usual)) if np.isfinite(usual).any() else None,
        worst=max((w for c in every if (w := c.worst())), key=lambda w: w.ulps, default=None),
        lost=int(lost.sum()),
        lost_ranges=ranges(at, gone > 0),
        flushed=int(flushed.sum()),
        nan_mismatches=int(nan),
        infinity_mismatches=int(infinity),
        curve=thinned(tuple(zip(*map(np.ndarray.tolist, _points(grid, "relative")), strict=True)), PLACES),
    )


def _mismatches(c: Compared) -> tuple[int, int]:
    """NaN against a number, either way round; an infinity against a finite number, or against the other one."""
    nan_due = np.isnan(c.exact.high)
    nan = np.isnan(c.got) != nan_due
    infinity = ~np.isnan(c.got) & ~nan_due & (np.isinf(c.got) | c.due_infinite) & np.isinf(c.ulps)
    return int(nan.sum()), int(infinity.sum())


def _flat(arrays: Any) -> Array:
    return np.concatenate([np.zeros(0), *(np.ravel(array) for array in arrays)])


def _points(compared: Sequence[Compared], name: str) -> tuple[Array, Array]:
    """Each point's place and its largest value among the entries, in the order of the places."""
    at = _flat(c.batch.at for c in compared)
    values = _flat(getattr(c, name).max(axis=1, initial=0) for c in compared)
    order = np.argsort(at, kind="stable")
    return at[order], values[order]


def ranges(at: Array, marked: Array) -> tuple[tuple[float, float], ...]:
    """Return the first and last place of each run of marked points.

    >>> ranges(np.array([1.0, 2.0, 3.0, 5.0]), np.array([True, True, False, True]))
    ((1.0, 2.0), (5.0, 5.0))
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], marked, [False]]).astype(int)))
    return tuple((float(at[a]), float(at[b - 1])) for a, b in zip(edges[::2], edges[1::2], strict=True))
