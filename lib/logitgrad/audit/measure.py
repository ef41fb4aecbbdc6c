"""Any function, measured against a theorem."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .calls import Caller, Function, need_subnormals
from .compare import Compared, compare, summary
from .enclose import row_values, scalar_values
from .exact import FORMS
from .extremes import at_edges, refusals
from .grids import SEED, SIZE, Batch, Part, Signature, parts
from .measured import Measured
from .report import Report
from .scouts import scouted
from .values import Exact

Array = NDArray[Any]

DTYPES = ("float16", "float32", "float64")
SPREADS = (None, 0.1, 0.01, 0.001)  # of the search: everywhere, then ever closer around the worst points
SHORT = 3  # the classes of a row that is searched around: the exact values of longer ones take long
SOME, FEW = 16, 4  # the points it starts from, and those it tries around each; few where they are rows


class UnknownForm(KeyError):
    """No theorem's form has the name; the message names the nearest."""

    def __init__(self, name: str) -> None:
        near = get_close_matches(name, FORMS, n=3, cutoff=0.4)
        hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(FORMS)}"
        super().__init__(f"nothing to measure against is named {name!r}; {hint}")

    def __str__(self) -> str:
        return str(self.args[0])


def audit(
    function: Function,
    against: str = "sigmoid_bce.grad",
    dtype: DTypeLike = "float32",
    *,
    name: str | None = None,
    points: int = SIZE,
) -> Report:
    """Measure a function against the exact values of a theorem, and return the report.

    ``function`` is called as the library's function ``against`` is: with arrays of logits, and of targets where
    it takes any; rows have their classes last. About ``points`` seeded points are taken for each label or group
    of rows, and then more around the worst ones. Errors are in units in the last place of ``dtype`` at the exact
    value, which an interval encloses. What the function raises, or returns in a wrong shape or type, is
    reported. ``name`` stands above the report.

    Raises KeyError for an ``against`` that is not in ``FORMS``, with the nearest names; ValueError for a
    ``dtype`` other than float16, float32 and float64; FloatingPointError where some library has switched
    subnormal numbers off in this process.

    >>> from logitgrad import naive
    >>> report = audit(naive.bce_grad_fused, "sigmoid_bce.grad", "float64", points=200)
    >>> report["y = 1"].verdict, report["y = 0"].kind
    ('100 %', 'flushed')
    """
    kind = checked(against, dtype)
    need_subnormals()
    caller = Caller(function, kind)
    found = tuple(_measured(caller, against, part, values) for part, values in known(against, kind.name, points))
    return Report(
        name=name or str(getattr(function, "__name__", type(function).__name__)),
        against=against,
        dtype=kind.name,
        parts=found,
        edges=at_edges(function, against, kind),
        refusals=refusals(function, against, kind),
        problems=tuple(caller.problems.values()),
    )


def checked(against: str, dtype: DTypeLike = "float32") -> np.dtype[Any]:
    """Return the type; raise as `audit` does where it, or ``against``, is none that can be measured."""
    if against not in FORMS:
        raise UnknownForm(against)
    try:
        kind = np.dtype(dtype)
    except TypeError:
        kind = np.dtype(object)
    if kind.name not in DTYPES:
        raise ValueError(f"the dtype must be {', '.join(DTYPES[:-1])} or {DTYPES[-1]}, not {dtype!r}")
    return kind


@lru_cache(maxsize=64)
def known(against: str, dtype: str, points: int) -> tuple[tuple[Part, tuple[Exact, ...]], ...]:
    """Return the grid with its exact values; they are computed once for all functions of a process."""
    grid = parts(against, dtype, points)
    return tuple((part, tuple(exact_values(against, dtype, batch) for batch in part.batches)) for part in grid)


def exact_values(against: str, dtype: DTypeLike, batch: Batch) -> Exact:
    """Return what the function should return at a batch; a class index counts as all the mass on one class."""
    z, *others = batch.arguments
    if not Signature.of(against).rows:
        return scalar_values(against, dtype, z, *others)
    rows = [np.eye(z.shape[1])[a] if a.ndim == 1 else a for a in others]
    return row_values(against, dtype, batch.entries, z, *rows)


def _measured(caller: Caller, against: str, part: Part, values: tuple[Exact, ...]) -> Measured:
    grid = [compare(caller, against, batch, exact) for batch, exact in zip(part.batches, values, strict=True)]
    found = [] if any((c.lost & ~c.flushed).any() for c in grid) else list(_searched(caller, against, grid))
    return summary(part.label, grid, found)


def _searched(caller: Caller, against: str, grid: Iterable[Compared]) -> Iterator[Compared]:
    """What a quick look at many points leads to, and the neighbourhoods of the worst points, ever closer."""
    rng = np.random.default_rng(SEED)
    for best in grid:
        rows = best.batch.arguments[0].ndim > 1
        if not len(best.batch) or (rows and best.batch.arguments[0].shape[1] > SHORT):
            continue
        count = FEW if rows else SOME
        for spread in SPREADS:
            if spread is None:
                batch = scouted(caller, against, best.batch, count**2, rng)
            else:
                batch = best.batch.near(best.worst_points(count), spread, rng)
            if len(batch):
                found = compare(caller, against, batch, exact_values(against, caller.dtype, batch))
                best = max(best, found, key=Compared.largest)
                yield found
