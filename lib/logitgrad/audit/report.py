"""A report of an audit: text in a terminal, a table and a picture in a notebook, plain data for programs."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from .calls import Problem
from .extremes import Extremes
from .grids import Signature
from .measured import Measured, ulp_text
from .tables import as_html

HEADINGS = ("", "max ulp", "mean ulp", "flushed", "NaN", "inf", "lost", "100 % lost at")
PIXELS = 96  # to the inch, in CSS


@dataclass(frozen=True)
class Report:
    """How far a function is from a theorem's exact values in one type.

    ``name`` is the function's, ``against`` that of the form in `FORMS`, ``dtype`` the type's.
    ``parts`` are the labels or groups of rows, by name in ``report["y = 1"]`` (KeyError where none has it);
    ``edges`` and ``refusals`` count the lines of the edge table that are right; ``problems`` is all that is not a
    matter of digits.
    """

    name: str
    against: str
    dtype: str
    parts: tuple[Measured, ...]
    edges: Extremes
    refusals: Extremes
    problems: tuple[Problem, ...]

    def __getitem__(self, label: str) -> Measured:
        for part in self.parts:
            if part.label == label:
                return part
        raise KeyError(f"no part is named {label!r}; there are {', '.join(part.label for part in self.parts)}")

    @property
    def max_ulp(self) -> float | None:
        """The largest error of all parts; None if nothing could be measured."""
        return max((part.max_ulp for part in self.parts if part.max_ulp is not None), default=None)

    @property
    def lost(self) -> int:
        """The number of results of which no digit is right."""
        return sum(part.lost for part in self.parts)

    @property
    def flushed(self) -> int:
        """The number of subnormal results that came out as 0."""
        return sum(part.flushed for part in self.parts)

    def within(self, limit: float) -> bool:
        """Whether every point has a result, none is farther off than so many ulp, and none is flushed."""
        return not self.flushed and all(
            part.answered == part.points and part.max_ulp is not None and part.max_ulp <= limit
            for part in self.parts
        )

    def rows(self) -> list[tuple[str, ...]]:
        """Return the cells of the table, under `HEADINGS`: a row for each part."""
        return [_cells(part) for part in self.parts]

    def as_data(self) -> dict[str, Any]:
        """Return numbers, texts, lists and dicts only: what JSON can hold."""
        return {
            "name": self.name,
            "against": self.against,
            "dtype": self.dtype,
            "parts": [part.as_data() for part in self.parts],
            "edges": _extremes_data(self.edges),
            "refusals": _extremes_data(self.refusals),
            "problems": [{"kind": p.kind, "text": p.text, "points": p.points} for p in self.problems],
        }

    def __str__(self) -> str:
        lines = [self.title, "", *aligned([HEADINGS, *self.rows()]), ""]
        return "\n".join([*lines, *(f"worst at {text}" for text in self._worst()), *self._remarks()])

    @property
    def title(self) -> str:
        """What was measured against what."""
        points = sum(part.points for part in self.parts)
        return f"{self.name} against {self.against}, {self.dtype}, {points} points"

    def _worst(self) -> Iterator[str]:
        for part in self.parts:
            if part.worst:
                yield f"{part.label}: {part.worst}"

    def _remarks(self) -> Iterator[str]:
        yield from (f"problem: {problem}" for problem in self.problems)
        if self.edges.total:
            yield f"edges right: {self.edges}"
            yield from (f"  {text}" for text in self.edges.wrong)
        if self.refusals.total:
            accepted = f"; accepted: {', '.join(self.refusals.wrong)}" if self.refusals.wrong else ""
            yield f"bad targets refused: {self.refusals}{accepted}"

    @property
    def in_short(self) -> str:
        """What is not a matter of digits and not as it should be, on one line; empty if there is nothing."""
        named = (("edges right", self.edges), ("bad targets refused", self.refusals))
        counts = (f"{name}: {extremes}" for name, extremes in named if extremes.wrong)
        return "; ".join([*map(str, self.problems), *counts])

    def _repr_html_(self) -> str:
        table = as_html(HEADINGS, map(_cells, self.parts))
        remarks = "".join(f"<li>{escape(text)}</li>" for text in [*self._worst(), *self._remarks()])
        return f"<p>{escape(self.title)}</p>{table}{self._picture()}<ul>{remarks}</ul>"

    def figure(self) -> Any:
        """Return the picture: relative error against the logit, a line for each part."""
        from ..figures.audit import LEAD, LOGIT, relative_errors

        curves = {part.label: part.curve for part in self.parts if part.curve}
        return relative_errors(curves, self.dtype, LEAD if Signature.of(self.against).rows else LOGIT)

    def _picture(self) -> str:
        from ..figures import alt, save

        save(figure := self.figure(), file := io.BytesIO())
        source = base64.b64encode(file.getvalue()).decode("ascii")
        width, height = (round(PIXELS * inches) for inches in figure.get_size_inches())
        described = f'alt="{escape(alt("relative_errors"))}" width="{width}" height="{height}"'
        return f'<img {described} src="data:image/svg+xml;base64,{source}">'


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows of text with their columns aligned."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _cells(part: Measured) -> tuple[str, ...]:
    mean = "" if part.mean_ulp is None else ulp_text(part.mean_ulp)
    counts = (part.flushed, part.nan_mismatches, part.infinity_mismatches, part.lost)
    return (part.label, part.verdict, mean, *(str(n or "-") for n in counts), part.lost_where)


def _extremes_data(extremes: Extremes) -> dict[str, Any]:
    return {"right": extremes.right, "total": extremes.total, "wrong": list(extremes.wrong)}
