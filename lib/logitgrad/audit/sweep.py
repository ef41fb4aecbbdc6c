"""Every float16 or float32 of the scalar functions, against the correctly rounded value.

A shard is a range of bit patterns of ``|z|``; its logits are these numbers, infinity and NaN among them, with both
signs. Shards are independent: any `concurrent.futures.Executor` does them, in any order, and a journal keeps
those that are finished.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, as_completed
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from importlib import import_module
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import __version__
from .._runs.journal import Journal
from .._runs.workers import this_worker
from .reference import MARGIN, Rounded, rounded
from .sources import digest

__all__ = ["CHECKS", "LIMIT", "Check", "Plan", "Stopped", "Tally", "check", "sweep", "total"]

Array = NDArray[Any]
Record = dict[str, Any]

LIMIT = 0.501  # ulp: one rounding from float64, whose own error is 2^-29 of a float32's unit for each of its own
BLOCK = 1 << 15  # magnitudes: the arrays of a block stay in cache
MOST = 1000  # inputs that are listed one by one
FORMAT = 1  # of the journal
GOES_ON = "the same command goes on from there"


class Check(NamedTuple):
    """A function at one label; on either side of 0, a sign and the quantity of the reference that it is."""

    function: str
    label: int | None
    right: tuple[int, str]
    left: tuple[int, str]

    def __call__(self, z: Array) -> Array:
        """Return the library's values."""
        module, name = self.function.split(".")
        function = getattr(import_module(f"logitgrad.numeric.{module}"), name)
        got: Array = function(z) if self.label is None else function(z, self.label)
        if (got.shape, got.dtype) != (z.shape, z.dtype):
            raise TypeError(f"{self} gives {got.dtype} {got.shape} for {z.dtype} {z.shape}")
        return got

    def __str__(self) -> str:
        return self.function if self.label is None else f"{self.function}, y = {self.label}"


#: The gradient is sigmoid(z) - y: sigmoid(z), or -sigmoid(-z). log_sigmoid(z) is -softplus(-z), and so is the loss
#: for y = 1, without the sign. The second derivative is even and does not depend on y. Squared error has its
#: mirror too: label 1 at z is label 0 at -z. Its second derivative has zeros, where only its terms are bounded: it
#: is not here.
CHECKS = (
    Check("logexp.sigmoid", None, (1, "p"), (1, "q")),
    Check("logexp.softplus", None, (1, "s"), (1, "t")),
    Check("logexp.log_sigmoid", None, (-1, "t"), (-1, "s")),
    Check("sigmoid_bce.loss", 0, (1, "s"), (1, "t")),
    Check("sigmoid_bce.loss", 1, (1, "t"), (1, "s")),
    Check("sigmoid_bce.grad", 0, (1, "p"), (1, "q")),
    Check("sigmoid_bce.grad", 1, (-1, "q"), (-1, "p")),
    Check("sigmoid_bce.hess", 0, (1, "h"), (1, "h")),
    Check("sigmoid_bce.hess", 1, (1, "h"), (1, "h")),
    Check("sigmoid_mse.loss", 0, (1, "pp"), (1, "qq")),
    Check("sigmoid_mse.loss", 1, (1, "qq"), (1, "pp")),
    Check("sigmoid_mse.grad", 0, (1, "ph"), (1, "qh")),
    Check("sigmoid_mse.grad", 1, (-1, "qh"), (-1, "ph")),
)


@dataclass
class Tally:
    """What was found, by counts; ``a + b`` is what was found in both."""

    inputs: int = 0
    nan_inputs: int = 0
    correct: int = 0  # the right float, to the bit; NaN for NaN
    within: int = 0  # at most LIMIT from the exact value
    zero_signs: int = 0  # a 0 with the wrong sign: not correct, but within
    by_exact: int = 0  # too near the middle of two floats for the reference: the theorem has decided
    worst_ulp: float = (
        0.0  # among those not correct and those decided by the theorem, which have the largest errors
    )
    worst_input: str = ""
    not_correct: list[str] = field(default_factory=list)  # the first MOST inputs, but for signs of 0
    seconds: float = field(default=0.0, compare=False)  # in the library

    def __add__(self, other: Tally) -> Tally:
        worst = max(self, other, key=lambda tally: tally.worst_ulp)
        sums = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        sums |= {"worst_ulp": worst.worst_ulp, "worst_input": worst.worst_input}
        return Tally(**sums | {"not_correct": sums["not_correct"][:MOST]})


def check(dtype: str, first: int, stop: int) -> dict[str, Tally]:
    """Check every function at both signs of the magnitudes whose bit patterns are ``first`` to ``stop - 1``."""
    kind, tallies = np.dtype(dtype), {str(c): Tally() for c in CHECKS}
    for start in range(first, stop, BLOCK):
        bits = np.arange(start, min(start + BLOCK, stop), dtype=f"u{kind.itemsize}")
        a = bits.view(kind)
        quantities = rounded(a[~np.isnan(a)])  # the NaN patterns come last
        for c in CHECKS:
            for z, (sign, name) in ((a, c.right), (-a, c.left)):
                tallies[str(c)] += _examine(c, z, quantities[name], sign)
    return tallies


def _examine(c: Check, z: Array, quantity: Rounded, sign: int) -> Tally:
    began = perf_counter()
    got = c(z)
    seconds, numbers = perf_counter() - began, len(quantity.value)
    right = sign * quantity.value
    wrong = np.flatnonzero(_bits(got[:numbers]) != _bits(right))
    lost = numbers + np.flatnonzero(~np.isnan(got[numbers:]))
    same_number = got[wrong] == right[wrong]  # a 0 with the other sign
    others = wrong[~same_number]
    near = np.union1d(others, quantity.by_exact)
    errors = np.append(_ulps(got[near], sign * quantity.wide[near]), np.full(lost.size, np.inf))
    worst = np.append(near, lost)[errors.argmax()] if errors.size else None
    return Tally(
        inputs=z.size,
        nan_inputs=z.size - numbers,
        correct=z.size - wrong.size - lost.size,
        within=z.size - int(np.count_nonzero(errors > LIMIT)),
        zero_signs=int(np.count_nonzero(same_number)),
        by_exact=quantity.by_exact.size,
        worst_ulp=float(errors.max(initial=0)),
        worst_input="" if worst is None else float(z[worst]).hex(),
        not_correct=[float(z[n]).hex() for n in [*others, *lost][:MOST]],
        seconds=seconds,
    )


def _bits(x: Array) -> Array:
    return x.view(f"u{x.dtype.itemsize}")


def _ulps(got: Array, true: Array) -> Array:
    """Return the errors in units in the last place of the exact values; inf for a NaN."""
    info = np.finfo(got.dtype)
    exponent = np.frexp(np.maximum(np.abs(true), float(info.smallest_normal)))[1]
    with np.errstate(invalid="ignore"):
        errors = np.abs(got.astype(np.float64) - true) / np.ldexp(1.0, exponent - 1 - info.nmant)
    return np.where(np.isnan(errors), np.inf, errors)


@dataclass(frozen=True)
class Plan:
    """Which bit patterns of ``|z|`` are to be checked, and how many of them at a time."""

    dtype: str = "float32"
    shard: int = 1 << 22
    first: int = 0
    stop: int | None = None  # all of them

    @property
    def magnitudes(self) -> range:
        """All bit patterns without the sign."""
        everything = 1 << (8 * np.dtype(self.dtype).itemsize - 1)
        return range(self.first, everything if self.stop is None else self.stop)

    @property
    def starts(self) -> range:
        """The first bit pattern of each shard."""
        return self.magnitudes[:: self.shard]

    def identity(self) -> Record:
        """Return what two runs must share to be one sweep."""
        part = self.magnitudes
        return {
            "format": FORMAT,
            "dtype": self.dtype,
            "shard": self.shard,
            "part": [part.start, part.stop],
        } | code()


@cache
def code() -> Record:
    """Return what a shard's outcome depends on, besides the processor."""
    sources = digest(sorted({c.function.split(".")[0] for c in CHECKS}))
    return {"logitgrad": __version__, "numpy": np.__version__, "sources": sources, "margin": MARGIN.hex()}


def shard(plan: Plan, first: int) -> Record:
    """Check one shard; the result fits into one line of JSON."""
    began = perf_counter()
    tallies = check(plan.dtype, first, min(first + plan.shard, plan.magnitudes.stop))
    found = {name: asdict(tally) for name, tally in tallies.items()}
    return {"first": first, "seconds": perf_counter() - began, "found": found, "code": code()} | this_worker()


class Stopped(RuntimeError):
    """The sweep has not come to its end; what is finished is kept."""


def sweep(plan: Plan, journal: Journal, executor: Executor) -> Iterator[Record]:
    """Do the shards that the journal does not have yet, and yield each when it is kept.

    Raises Stopped, with the cause, when a worker dies, fails, or runs other code than this process.
    """
    before, began = max((r["elapsed"] for r in journal.finished.values()), default=0.0), perf_counter()
    try:
        todo = [first for first in plan.starts if first not in journal.finished]
        for future in as_completed([executor.submit(shard, plan, first) for first in todo]):
            record = future.result()
            if record["code"] != code():
                raise ValueError(f"the worker on {record['host']} runs other code: {record['code']}")
            journal.append(record | {"elapsed": before + perf_counter() - began})
            yield record
    except Exception as error:
        kept = f"{len(journal.finished)} of {len(plan.starts)} shards are kept in {journal.path.parent}"
        raise Stopped(f"{type(error).__name__}: {error}\n{kept}: {GOES_ON}") from error


def total(records: list[Record]) -> dict[str, Tally]:
    """Add up shards, in the order of their bit patterns."""
    ordered = sorted(records, key=lambda record: int(record["first"]))
    return {str(c): sum((Tally(**record["found"][str(c)]) for record in ordered), Tally()) for c in CHECKS}
