"""A table of text as HTML, in the classes that notebooks and the book's theme know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["as_html"]


def as_html(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose first column names the rows; on a narrow page it scrolls in its own box.

    >>> as_html(["z", "p"], [["0", "1/2"]]).count("<td>")
    1
    """
    head = "".join(f"<th>{escape(heading)}</th>" if heading else "<td></td>" for heading in headings)
    body = "".join(f"<tr>{_cells(row)}</tr>" for row in rows)
    table = f'<table class="table dataframe"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="pst-scrollable-table-container" style="overflow-x: auto">{table}</div>'


def _cells(row: Sequence[str]) -> str:
    name, *others = (escape(cell) for cell in row)
    return f'<th style="white-space: nowrap">{name}</th>' + "".join(f"<td>{cell}</td>" for cell in others)
