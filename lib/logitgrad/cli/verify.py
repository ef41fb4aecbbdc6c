"""``logitgrad verify``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from ..verify import Row, verify, versions


@click.command("verify")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
def verify_command(names: tuple[str, ...], as_json: bool) -> None:
    """Prove every theorem, or the named ones, and print how.

    The exit status is 1 if anything is not proved, 2 if a name is not known.
    """
    from ..symbolic.theorem import UnknownName, theorems

    try:
        rows = verify(names)
    except UnknownName as unknown:
        raise click.UsageError(str(unknown)) from None
    finished = list(_with_progress(rows, len(names) or len(theorems), quiet=as_json))
    if as_json:
        click.echo(json.dumps(_report(finished), indent=2))
    elif sys.stdout.isatty():
        _print_table(finished)
    if not as_json:
        click.echo(_summary(finished))
    sys.exit(0 if all(row.proved for row in finished) else 1)


def _report(rows: list[Row]) -> dict[str, object]:
    return {"versions": versions(), "theorems": [row.as_data() for row in rows], "verdicts": []}


def _with_progress(rows: Iterable[Row], count: int, quiet: bool) -> Iterator[Row]:
    """A bar on a terminal, a line for each theorem elsewhere."""
    if sys.stdout.isatty() and not quiet:
        yield from track(rows, "Proving", total=count, console=Console(stderr=True), transient=True)
        return
    for row in rows:
        if not quiet:
            mark = "proved" if row.proved else "NOT PROVED"
            click.echo(f"{mark:10}  {row.seconds:5.2f} s  {row.theorem.name}  ({row.as_data()['method']})")
        yield row


def _print_table(rows: list[Row]) -> None:
    table = Table("theorem", "statement", "assuming", "method", "s", show_lines=True)
    for row in rows:
        data = row.as_data()
        cells = (row.theorem.name, data["statement"], "\n".join(data["assumptions"]), data["method"])
        style = None if row.proved else "bold red"
        table.add_row(*map(escape, cells), f"{row.seconds:.2f}", style=style)
    Console().print(table)


def _summary(rows: list[Row]) -> str:
    proved, seconds = sum(row.proved for row in rows), sum(row.seconds for row in rows)
    return f"{proved} of {len(rows)} theorems proved in {seconds:.1f} s"
