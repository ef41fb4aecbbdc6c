"""What a measurement found in one part of the grid, and the result that is farthest off."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from .calls import shown

Curve = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Worst:
    """The result with the largest error: ``result`` instead of ``exact``, so many ``ulps`` off, at ``arguments``.

    ``entry`` is the class where the result is a row, else None.
    """

    arguments: tuple[Any, ...]
    entry: int | None
    result: float
    exact: float
    ulps: float

    def __str__(self) -> str:
        entry = "" if self.entry is None else f", entry {self.entry}"
        return f"{shown(self.arguments)}{entry}: {self.result!r}, exactly {self.exact:.17g}"

    @property
    def hex(self) -> str:
        """The input as hexadecimal floats."""
        return ", ".join(hexadecimal(argument) for argument in self.arguments)

    def as_data(self) -> dict[str, Any]:
        """Return text and numbers."""
        return {
            "input": shown(self.arguments),
            "hex": self.hex,
            "entry": self.entry,
            "result": repr(self.result),
            "exact": repr(self.exact),
        }


def hexadecimal(argument: Any, most: int = 10) -> str:
    """Return a number, or the first entries of a row, as hexadecimal floats; integers as they are."""
    if np.ndim(argument):
        entries = [hexadecimal(number) for number in argument[:most]]
        return f"[{', '.join(entries)}{', ...' if len(argument) > most else ''}]"
    return float(argument).hex() if np.asarray(argument).dtype.kind == "f" else str(int(argument))


@dataclass(frozen=True)
class Measured:
    """One part of the grid by its ``label``: all points with one target, or a group of rows.

    Of its ``points``, ``answered`` have a result. Of the results, ``lost`` have no right digit, ``flushed`` are 0
    where a subnormal number is due, ``nan_mismatches`` are NaN where a number is due or the other way round, and
    ``infinity_mismatches`` the same for an infinity. ``worst`` is the one that is farthest off.
    ``max_ulp`` is inf where a result is no number, None where no point was answered; flushed results have a
    count of their own and are lost as well. ``mean_ulp`` is that of the results that are not lost.
    ``lost_ranges`` are runs of neighbouring points; ``curve`` has pairs of a place and a relative error.
    """

    label: str
    points: int
    answered: int
    max_ulp: float | None
    mean_ulp: float | None
    worst: Worst | None
    lost: int
    lost_ranges: tuple[tuple[float, float], ...]
    flushed: int
    nan_mismatches: int
    infinity_mismatches: int
    curve: Curve

    @property
    def kind(self) -> str:
        """Whether there are digits: "right" if so; else "flushed" (subnormals only), "lost", or "no result"."""
        if self.max_ulp is None:
            return "no result"
        return "lost" if self.lost > self.flushed else "flushed" if self.flushed else "right"

    @property
    def verdict(self) -> str:
        """What a cell of a table says: the largest error in ulp, or that everything is lost somewhere."""
        if self.max_ulp is None:
            return self.kind
        error, missing = ulp_text(self.max_ulp), self.points - self.answered
        digits = {"lost": "100 %", "flushed": f"{error}, flushed"}.get(self.kind, error)
        return f"{digits}, {missing} without result" if missing else digits

    @property
    def lost_where(self) -> str:
        """On each side of 0, from where to where everything is lost, as text; empty if nothing is."""
        sides = ([r for r in self.lost_ranges if (r[0] < 0) == left] for left in (True, False))
        return ", ".join(_span(ranges) for ranges in sides if ranges)

    def as_data(self, places: int | None = None) -> dict[str, Any]:
        """Return what JSON can hold: an error that is infinite is null. ``places`` is how many the curve keeps."""
        curve = self.curve if places is None else thinned(self.curve, places)
        return asdict(self) | {
            "kind": self.kind,
            "verdict": self.verdict,
            "max_ulp": _finite(self.max_ulp, 5),
            "mean_ulp": _finite(self.mean_ulp, 5),
            "worst": self.worst.as_data() if self.worst else None,
            "curve": {
                "at": [_finite(at, 5) for at, _ in curve],
                "relative": [_finite(relative, 3) for _, relative in curve],
            },
        }


def _span(ranges: Sequence[tuple[float, float]]) -> str:
    low, high = f"{ranges[0][0]:.6g}", f"{ranges[-1][1]:.6g}"
    return low if low == high else f"{low} to {high}{', in places' if len(ranges) > 1 else ''}"


def thinned(curve: Curve, places: int) -> Curve:
    """Return the largest errors of up to ``places`` runs of neighbours, each with its place.

    >>> thinned(((1.0, 0.1), (2.0, 0.3), (3.0, 0.2)), 2)
    ((1.0, 0.1), (2.0, 0.3))
    """
    cuts = [len(curve) * n // places for n in range(places + 1)] if places else []
    runs = (curve[a:b] for a, b in pairwise(cuts))
    return tuple(max(run, key=lambda point: point[1]) for run in runs if run)


def ulp_text(ulps: float) -> str:
    """Return an error in a few characters.

    >>> ulp_text(0.4999), ulp_text(12.34), ulp_text(580000.0)
    ('0.50', '12.3', '5.8e+05')
    """
    return f"{ulps:.2f}" if ulps < 10 else f"{ulps:.1f}" if ulps < 1000 else f"{ulps:.2g}"


def _finite(number: float | None, digits: int) -> float | None:
    return None if number is None or not math.isfinite(number) else float(f"{number:.{digits}g}")
