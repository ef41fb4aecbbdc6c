"""Many functions, measured one after the other: implementations, in several types; and what is kept of that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

from ..results import environment
from .calls import Function
from .grids import SIZE
from .measure import audit
from .measured import Measured
from .peers import PEERS, Implementation
from .report import Report

__all__ = ["Task", "as_result", "differences", "survey", "tasks"]

CURVE = 32  # places on each curve that is kept
LINES = (
    "all",
    "y = 0",
    "y = 1",
    "0 < y < 1",
    "one class dominates",
)  # parts whose curves are kept, but of float16
ALIKE = 2.0  # times: so much may errors differ between processors and versions


class Task(NamedTuple):
    """A function of an implementation, what it is measured against, and in which type."""

    name: str
    against: str
    dtype: str
    function: Function


def tasks(chosen: Iterable[Implementation], against: Sequence[str], dtypes: Iterable[str]) -> list[Task]:
    """Return each implementation's functions, or those that are named, in each type."""
    return [
        Task(implementation.name, name, dtype, function)
        for dtype, implementation in product(dtypes, tuple(chosen))
        for name, function in implementation.functions.items()
        if not against or name in against
    ]


def survey(tasks: Iterable[Task], points: int = SIZE) -> Iterator[Report]:
    """Measure one after the other, and yield each report when it is there."""
    for task in tasks:
        yield audit(task.function, task.against, task.dtype, name=task.name, points=points)


def as_result(reports: Iterable[Report], points: int) -> dict[str, Any]:
    """Return what is kept of a survey, for `logitgrad.results.save`: thinner curves, and no sentence twice."""
    return {"points": points, "reports": [_kept(report) for report in reports]}


def _kept(report: Report) -> dict[str, Any]:
    data = report.as_data()
    del data["refusals"]["wrong"]  # they are those of the edge table, the same for every function
    drawn = LINES if report.dtype != "float16" else ()
    data["parts"] = [part.as_data(CURVE if part.label in drawn else 0) for part in report.parts]
    for part in data["parts"]:
        if part["worst"]:
            del part["worst"]["hex"]  # the decimal digits are as exact
    return data


def differences(reports: Iterable[Report], kept: dict[str, Any]) -> Iterator[str]:
    """Say where verdicts are not those of a kept result.

    On the same kind of processor, with the same versions, they must be the same to the last digit; else errors
    may differ by a factor, but what is lost or flushed must be so here too.
    """
    before = {
        (report["name"], report["against"], report["dtype"], part["label"]): part
        for report in kept["reports"]
        for part in report["parts"]
    }
    for report in reports:
        same_arithmetic = _same_arithmetic(kept["environment"], ("numpy", *PEERS.get(report.name, ())))
        for part in report.parts:
            key = (report.name, report.against, report.dtype, part.label)
            if key not in before:
                yield f"{', '.join(key)}: {part.verdict}, and not in the kept result"
            elif not _alike(part, before[key], same_arithmetic):
                yield f"{', '.join(key)}: {part.verdict}, and {before[key]['verdict']} in the kept result"


def _same_arithmetic(there: dict[str, Any], packages: Sequence[str]) -> bool:
    here = environment(packages)
    same = (here["versions"][package] == there["versions"].get(package) for package in packages)
    return here["cpu_features"] == there["cpu_features"] and all(same)


def _alike(part: Measured, before: dict[str, Any], same_arithmetic: bool) -> bool:
    if same_arithmetic or part.kind != before["kind"] or part.kind not in ("right", "flushed"):
        return bool(part.verdict == before["verdict"])
    here, there = part.max_ulp or 0.0, before["max_ulp"] or 0.0
    return max(here, there) <= ALIKE * max(min(here, there), 0.5)
