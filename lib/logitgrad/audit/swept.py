"""What a sweep has found: the result that is kept, and how it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from html import escape
from typing import Any

import numpy as np

from .._runs.journal import Journal
from .._runs.workers import peak_memory
from .reference import BOUND, MARGIN, TRUST, WIDE, deviations
from .sweep import CHECKS, LIMIT, Plan, code, total
from .tables import as_html

__all__ = ["Swept", "as_result", "sample"]

SEED, SAMPLE = 20, 1000
NEAR, FAR = 2.0**-24, 100.0  # between them lie the magnitudes at which most of the quantities vary


def as_result(plan: Plan, journal: Journal) -> dict[str, Any]:
    """Return a finished sweep as data, for `logitgrad.results.save`."""
    records, magnitudes = list(journal.finished.values()), plan.magnitudes
    tallies = total(records)
    return {
        "dtype": plan.dtype,
        "complete": len(magnitudes) == len(Plan(plan.dtype).magnitudes),
        "limit_ulp": LIMIT,
        "functions": [{"function": c.function, "label": c.label} | asdict(tallies[str(c)]) for c in CHECKS],
        "reference": reference(plan.dtype),
        "sources": code()["sources"],
        "shards": len(records),
        "magnitudes_in_a_shard": plan.shard,
        "seconds": max(record["elapsed"] for record in records),
        "seconds_of_all_workers": sum(record["seconds"] for record in records),
        **_machines(records),
    }


def _machines(records: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Who worked, and with how much memory: the worker that took most, and this process."""
    hosts = {f"{record['host']} {record['pid']}": record["host"] for record in records}
    peaks = [record["peak_mib"] for record in records if record["peak_mib"] is not None]
    memory = {"largest_worker": max(peaks, default=None), "coordinator": peak_memory()}
    return {"workers": len(hosts), "hosts": len(set(hosts.values())), "peak_memory_mib": memory}


def sample(dtype: str) -> Any:
    """Return magnitudes at random, evenly over their bit patterns."""
    kind = np.dtype(dtype)
    unsigned = f"u{kind.itemsize}"
    low, high = (int(end) for end in np.array([NEAR, FAR], kind).view(unsigned))
    return np.random.default_rng(SEED).integers(low, high, SAMPLE, dtype=unsigned).view(kind)


def reference(dtype: str) -> dict[str, Any]:
    """Return what the reference rests on, and its largest errors on a sample."""
    found = deviations(sample(dtype))
    wide = {name: found.pop(name) for name in ("exp", "log1p")}
    return {
        "type": f"long double with {np.finfo(WIDE).nmant + 1} bits",
        "trusted": f"expl and log1pl of the C library, to {TRUST} units in the last place",
        "relative_error_at_most": BOUND,
        "margin": MARGIN,
        "sample": SAMPLE,
        "seed": SEED,
        "largest_error_of_trusted_units": wide,
        "largest_error_over_bound": found,
    }


class Swept:
    """A kept result as a table: text in a terminal, HTML in a notebook.

    ``Swept(latest("float32"))`` shows the newest.
    """

    COLUMNS = ("function", "y", "inputs", "not correctly rounded", "worst, ulp", "at z", "decided by the theorem")

    def __init__(self, result: dict[str, Any]) -> None:
        self.result = result

    @property
    def passed(self) -> bool:
        """Whether no value is farther than the limit from the exact one, and no NaN is lost."""
        return all(row["within"] == row["inputs"] for row in self.result["functions"])

    def rows(self) -> list[tuple[str, ...]]:
        """Return the cells of the table."""
        kind = np.dtype(self.result["dtype"])
        return [_cells(row, kind) for row in self.result["functions"]]

    def summary(self) -> str:
        """Return in one sentence what was done, when and where."""
        result = self.result
        part = "Every" if result["complete"] else "A part of every"
        peak = max((size for size in result["peak_memory_mib"].values() if size), default=0)
        return (
            f"{part} {result['dtype']}, for {len(result['functions'])} functions: "
            f"{result['seconds'] / 60:.1f} minutes with {result['workers']} workers, "
            f"{peak:.0f} MiB at most in each, on {result['date']}; {result['environment']['machine']}."
        )

    def __repr__(self) -> str:
        table = [self.COLUMNS, *self.rows()]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = ["  ".join(cell.ljust(n) for cell, n in zip(row, widths, strict=True)).rstrip() for row in table]
        return "\n".join([*lines, self.summary()])

    def _repr_html_(self) -> str:
        return f"{as_html(self.COLUMNS, self.rows())}<p>{escape(self.summary())}</p>"


def _cells(row: dict[str, Any], kind: np.dtype[Any]) -> tuple[str, ...]:
    label = "" if row["label"] is None else str(row["label"])
    counts = (row["inputs"], row["inputs"] - row["correct"])
    worst = ("at most 1/2", "")
    if row["worst_input"]:
        worst = (f"{row['worst_ulp']:.10f}", str(kind.type(float.fromhex(row["worst_input"]))))
    return (row["function"], label, *(f"{n:,}" for n in counts), *worst, f"{row['by_exact']:,}")
