"""``logitgrad verify``."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from ..verify import Decision, Row, decide, verify, versions

Result = Row | Decision


@click.command("verify")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
def verify_command(names: tuple[str, ...], as_json: bool) -> None:
    """Prove every theorem and decide every claim of the book's sources, and print how.

    A NAME is that of a theorem (sigmoid-bce-gradient) or of a claim (A3). The exit status is 1 if a theorem is not
    proved or a claim not decided, 2 if a name is not known.
    """
    results, count = _chosen(names)
    finished = list(_with_progress(results, count, quiet=as_json))
    rows = [result for result in finished if isinstance(result, Row)]
    decisions = [result for result in finished if isinstance(result, Decision)]
    if as_json:
        click.echo(json.dumps(_report(rows, decisions), indent=2))
    elif sys.stdout.isatty():
        _print_tables(rows, decisions)
    if not as_json:
        click.echo(_summary(rows, decisions))
    sys.exit(0 if all(map(_succeeded, finished)) else 1)


def _chosen(names: Sequence[str]) -> tuple[Iterator[Result], int]:
    """What is to be done, and how much that is."""
    from ..symbolic.theorem import UnknownName, theorems
    from ..verdicts import CLAIMS

    names = [name.capitalize() if re.fullmatch(r"[A-Za-z]\d+[a-z]?", name) else name for name in names]
    unknown = [name for name in names if re.fullmatch(r"[A-Z]\d+[a-z]?", name) and name not in CLAIMS]
    if unknown:
        raise click.UsageError(f"there is no claim named {unknown[0]!r}; there are {', '.join(CLAIMS)}")
    ids = [name for name in names if name in CLAIMS]
    others = [name for name in names if name not in CLAIMS]
    try:
        rows = verify(others) if others or not names else iter(())
    except UnknownName as problem:
        raise click.UsageError(str(problem)) from None
    decisions = decide(ids) if ids or not names else iter(())
    return chain(rows, decisions), len(names) or len(theorems) + len(CLAIMS)


def _succeeded(result: Result) -> bool:
    return result.proved if isinstance(result, Row) else result.decided


def _report(rows: list[Row], decisions: list[Decision]) -> dict[str, object]:
    return {
        "versions": versions(),
        "theorems": [row.as_data() for row in rows],
        "verdicts": [decision.as_data() for decision in decisions],
    }


def _with_progress(results: Iterable[Result], count: int, quiet: bool) -> Iterator[Result]:
    """A bar on a terminal, a line for each result elsewhere."""
    if sys.stdout.isatty() and not quiet:
        yield from track(results, "Verifying", total=count, console=Console(stderr=True), transient=True)
        return
    for result in results:
        if not quiet:
            click.echo(_line(result))
        yield result


def _line(result: Result) -> str:
    data = result.as_data()
    if isinstance(result, Row):
        mark = "proved" if result.proved else "NOT PROVED"
        return f"{mark:10}  {result.seconds:5.2f} s  {data['name']}  ({data['method']})"
    mark = data["verdict"] if result.decided else "UNDECIDED"
    condition = f"  (if {data['condition']})" if data["condition"] else ""
    return f"{mark:10}  {result.seconds:5.2f} s  {data['id']}  {data['claim']}{condition}"


def _print_tables(rows: list[Row], decisions: list[Decision]) -> None:
    proofs = Table("theorem", "statement", "assuming", "method", "s", show_lines=True)
    for row in rows:
        data = row.as_data()
        cells = (row.theorem.name, data["statement"], "\n".join(data["assumptions"]), data["method"])
        proofs.add_row(*map(escape, cells), f"{row.seconds:.2f}", style=None if row.proved else "bold red")
    claims = Table("", "claim", "verdict", "shown by", "s", show_lines=True)
    for decision in decisions:
        data = decision.as_data()
        cells = (data["id"], data["claim"], str(decision.verdict), "\n".join(data["shown"]))
        claims.add_row(
            *map(escape, cells), f"{decision.seconds:.2f}", style=None if decision.decided else "bold red"
        )
    for table in (proofs, claims):
        if table.row_count:
            Console().print(table)


def _summary(rows: list[Row], decisions: list[Decision]) -> str:
    parts = []
    if rows:
        parts.append(f"{sum(row.proved for row in rows)} of {len(rows)} theorems proved")
    if decisions:
        parts.append(f"{sum(decision.decided for decision in decisions)} of {len(decisions)} claims decided")
    results: list[Result] = [*rows, *decisions]
    seconds = sum(result.seconds for result in results)
    return f"{', '.join(parts)} in {seconds:.1f} s"
