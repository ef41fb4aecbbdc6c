"""``logitgrad audit``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from .sweep import exhaustive, exhaustive_options

if TYPE_CHECKING:
    from ..audit.peers import Implementation
    from ..audit.report import Report

DTYPES = ("float16", "float32", "float64")
STYLES = {"lost": "red", "no result": "red", "flushed": "yellow"}

EXAMPLES = """\b
Examples:
  python -m logitgrad audit                                    this library
  python -m logitgrad audit torch optax --dtype float64        two others, in float64
  python -m logitgrad audit torch --against softmax_ce.grad    one function
  python -m logitgrad audit mine:grad --against sigmoid_bce.grad --limit 2
  python -m logitgrad audit --exhaustive --dtype float16       every number
"""


@click.command("audit", epilog=EXAMPLES)
@click.argument("implementations", nargs=-1, metavar="[IMPLEMENTATION]...")
@click.option("--against", multiple=True, metavar="FUNCTION", help="Only this function; may be repeated.")
@click.option(
    "--dtype", "dtypes", multiple=True, type=click.Choice(DTYPES), help="May be repeated [default: float32]."
)
@click.option(
    "--points", type=click.IntRange(16), default=2000, show_default=True, help="For each label or group."
)
@click.option("--details", is_flag=True, help="The whole report of each function, with the worst inputs.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
@click.option("--save", "directory", type=click.Path(path_type=Path), help="Keep the result there, with its date.")
@click.option("--limit", type=float, help="Fail where a result is further off, in ulp, is flushed or missing.")
@click.option("--check", is_flag=True, help="Fail where a verdict is not that of the newest kept result.")
@exhaustive_options
def audit_command(
    implementations: tuple[str, ...],
    against: tuple[str, ...],
    dtypes: tuple[str, ...],
    points: int,
    details: bool,
    as_json: bool,
    directory: Path | None,
    limit: float | None,
    check: bool,
    **every: Any,
) -> None:
    """Measure implementations against the exact values of the theorems, in units in the last place (ulp).

    An IMPLEMENTATION is logitgrad (the default), naive, torch, jax, optax, tensorflow, keras or keras_compiled
    (its defaults, on outputs instead of logits), scipy, sklearn; one of the remedies of the book, as torch_remedy;
    all of these ("all"); or module:function for your own, with the function
    that it should be in --against.

    The exit status is 1 if something is not installed, or a limit or a check fails; 2 if a name is not known.
    """
    if every.pop("exhaustive"):
        sys.exit(0 if _every_number(implementations or ("logitgrad",), against, dtypes, every, as_json) else 1)
    _check_names(against)
    kept = _kept(points) if check else None
    chosen, missing = _chosen(implementations or ("logitgrad",), against)
    reports = list(_measured(chosen, against, dict.fromkeys(dtypes or ("float32",)), points))
    _show(reports, points, chosen, details, as_json, directory)
    failures = list(_failures(reports, limit, kept))
    for failure in failures:
        click.echo(failure, err=True)
    sys.exit(1 if missing or failures else 0)


def _every_number(
    names: Sequence[str], against: Sequence[str], dtypes: Sequence[str], every: dict[str, Any], as_json: bool
) -> bool:
    if tuple(names) != ("logitgrad",) or against or len(dtypes) > 1:
        raise click.UsageError("--exhaustive checks all scalar functions of this library, in one type at a time")
    return exhaustive(dtypes[0] if dtypes else "float32", **every, as_json=as_json)


def _check_names(against: Iterable[str]) -> None:
    from ..audit.measure import UnknownForm, checked

    try:
        for name in against:
            checked(name)
    except UnknownForm as unknown:
        raise click.UsageError(str(unknown)) from None


def _chosen(names: Iterable[str], against: Sequence[str]) -> tuple[list[Implementation], bool]:
    """What can be measured, and whether something cannot; what cannot is named with what to do."""
    from ..audit.peers import PEERS, Missing, UnknownImplementation, implementation

    chosen, missing = [], False
    for name in dict.fromkeys(chain.from_iterable(PEERS if name == "all" else [name] for name in names)):
        try:
            chosen.append(one := implementation(name, tuple(against)))
        except UnknownImplementation as unknown:
            raise click.UsageError(str(unknown)) from None
        except Missing as absent:
            click.echo(str(absent), err=True)
            missing = True
        else:
            for function in (f for f in against if f not in one.functions):
                click.echo(f"{name} has no {function}", err=True)
    return chosen, missing


def _measured(
    chosen: Sequence[Implementation], against: Sequence[str], dtypes: Iterable[str], points: int
) -> Iterator[Report]:
    """The reports, with a bar on a terminal, a line for each function elsewhere."""
    from ..audit.survey import survey, tasks

    todo, console = tasks(chosen, against, dtypes), Console(stderr=True)
    if console.is_terminal:
        yield from track(survey(todo, points), "Measuring", total=len(todo), console=console, transient=True)
        return
    for number, report in enumerate(survey(todo, points), 1):
        click.echo(f"{number} of {len(todo)}: {report.name}, {report.against}, {report.dtype}", err=True)
        yield report


def _show(
    reports: list[Report],
    points: int,
    chosen: Sequence[Implementation],
    details: bool,
    as_json: bool,
    directory: Path | None,
) -> None:
    from ..audit.survey import as_result
    from ..results import as_text, dated, save

    result, packages = as_result(reports, points), [name for one in chosen for name in one.packages]
    if as_json:
        click.echo(as_text(dated("peers", result, packages)))
    elif details:
        click.echo("\n\n".join(map(str, reports)))
    else:
        _print_tables(reports)
    if directory is not None:
        directory.mkdir(parents=True, exist_ok=True)
        click.echo(f"Written to {save('peers', result, directory, packages)}", err=True)


def _print_tables(reports: list[Report]) -> None:
    """A table for each implementation and type, and below it what is not a matter of digits."""
    from ..audit.report import HEADINGS, aligned

    for (name, dtype), group in groupby(reports, lambda report: (report.name, report.dtype)):
        title, some = f"{name}, {dtype}", list(group)
        if sys.stdout.isatty():
            _print_table(title, some)
        else:
            rows = [(report.against, *row) for report in some for row in report.rows()]
            click.echo("\n".join([title, *aligned([("function", *HEADINGS), *rows])]))
        for report in (report for report in some if report.in_short):
            click.echo(f"{report.against}: {report.in_short}")
        click.echo()


def _print_table(title: str, reports: Iterable[Report]) -> None:
    from ..audit.report import HEADINGS

    table = Table("function", *HEADINGS, title=title, title_justify="left")
    for report in reports:
        for number, (part, row) in enumerate(zip(report.parts, report.rows(), strict=True)):
            cells = (report.against if number == 0 else "", *row)
            table.add_row(*map(escape, cells), style=STYLES.get(part.kind), end_section=part is report.parts[-1])
    Console().print(table)


def _kept(points: int) -> dict[str, Any]:
    from ..results import latest

    try:
        kept = latest("peers")
    except LookupError as none:
        raise click.ClickException(str(none)) from None
    if kept["points"] != points:
        raise click.UsageError(f"the kept result has {kept['points']} points: --points {kept['points']}")
    return kept


def _failures(reports: Sequence[Report], limit: float | None, kept: dict[str, Any] | None) -> Iterator[str]:
    from ..audit.survey import differences

    for report in reports:
        if limit is not None and not report.within(limit):
            yield f"{report.name}, {report.against}, {report.dtype}: not everywhere within {limit:g} ulp"
    if kept is not None:
        yield from differences(reports, kept)
