"""Figures with their limits, page by page in one table."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

OPERATORS = {"=": operator.eq, "<": operator.lt, "≤": operator.le, "≥": operator.ge}


@dataclass(frozen=True)
class Figure:
    """What is measured of a page, how it is printed, and where it has to be."""

    head: str
    relation: str
    limit: float
    form: str = ".0f"
    only: str = ""  # the one page for which the limit holds

    def is_met(self, page: str, value: float) -> bool:
        return page != self.only != "" or OPERATORS[self.relation](value, self.limit)

    @property
    def title(self) -> str:
        return f"{self.head}\n{self.relation} {self.limit:g}"


def show(title: str, figures: Mapping[str, Figure], rows: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Print the table, what misses in red; give what misses."""
    table = Table("page", *(figure.title for figure in figures.values()), title=title)
    missed = []
    for page, row in rows.items():
        cells = []
        for name, figure in figures.items():
            text = f"{row[name]:{figure.form}}"
            if not figure.is_met(page, row[name]):
                missed.append(f"{page}: {figure.head} {text}, not {figure.relation} {figure.limit:g}")
                text = f"[bold red]{text}[/]"
            cells.append(text)
        table.add_row(page.removeprefix("book/").removesuffix(".html"), *cells)
    # As wide as it has to be, in a log too.
    Console(width=max(Console().width, 30 + 12 * len(figures))).print(table)
    return missed
