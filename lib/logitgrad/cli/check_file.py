"""``logitgrad check --file``."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

import click

from .progress import show

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from .._runs.journal import Journal
    from ..exercises.bulk import Answer, Checked
    from ..exercises.sheet import Sheet

__all__ = ["check_file"]


def check_file(
    file: str,
    into: Path | None,
    force: bool,
    as_json: bool,
    limits: dict[str, Any],
    scheduler: str | None,
    workers: int | None,
) -> bool:
    """Check the answers in a file, or go on with it; write the verdicts; return whether every row was checked.

    Raises click.ClickException with a sentence when it cannot go on; all that is finished is kept.
    """
    from ..exercises.summary import summary

    if into and file != "-" and into.resolve() == Path(file).resolve():
        raise click.UsageError("--into names the file of the answers")
    if into and into.exists() and not force:
        raise click.UsageError(f"{into} is there already; --force replaces it")
    sheet = _sheet(file)
    for row in (row for row in sheet.rows if row.problem):
        click.echo(f"line {row.line}: {row.problem}", err=True)
    checked = _checked(sheet.answers, into and _unfinished(into), limits, scheduler, workers)
    if into:
        _write(into, sheet, checked)
    found = summary(sheet.answers, checked)
    click.echo(json.dumps(_report(sheet, found), indent=2) if as_json else _text(sheet, found))
    if into:
        click.echo(f"Written to {into}", err=True)
    return len(sheet.answers) == len(sheet.rows)


def _sheet(file: str) -> Sheet:
    from ..exercises.sheet import Unreadable, parse

    try:
        return parse(sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes())
    except (Unreadable, OSError) as problem:
        raise click.UsageError(f"cannot read {'the standard input' if file == '-' else file}: {problem}") from None


def _unfinished(into: Path) -> Path:
    return into.with_name(f"{into.name}.unfinished")


def _checked(
    answers: list[Answer], folder: Path | None, limits: dict[str, Any], scheduler: str | None, workers: int | None
) -> dict[Answer, Checked]:
    from ..exercises.bulk import OtherLibrary, known, open_journal

    goes_on = f"; what is finished is kept in {folder}: the same command goes on from there" if folder else ""
    try:
        journal = open_journal(folder, **limits) if folder else None
        done = known(answers, journal)
        with _executor(scheduler, workers) as pool:
            _check_rest(answers, done, pool, journal, limits)
    except (OtherLibrary, OSError) as problem:
        raise click.ClickException(f"{problem}{goes_on}") from None
    except KeyboardInterrupt:
        raise click.ClickException(f"interrupted{goes_on}") from None
    except ModuleNotFoundError as missing:
        raise click.ClickException(f"--scheduler needs {missing.name}: pip install 'logitgrad[cluster]'") from None
    return done


def _executor(scheduler: str | None, workers: int | None) -> AbstractContextManager[Executor]:
    from .._runs.workers import cluster, threads

    return cluster(scheduler) if scheduler else threads(workers)


def _check_rest(
    answers: Iterable[Answer],
    done: dict[Answer, Checked],
    pool: Executor,
    journal: Journal | None,
    limits: dict[str, Any],
) -> None:
    """Add to what is done."""
    from ..exercises.bulk import checks

    todo = [answer for answer in dict.fromkeys(answers) if answer not in done]

    def finished() -> Iterator[int]:
        for group in checks(todo, pool, journal, **limits):
            done.update(group)
            yield len(group)

    show(finished(), len(done), len(done) + len(todo), "different answers")


def _write(into: Path, sheet: Sheet, checked: dict[Answer, Checked]) -> None:
    """Write the file in one step; what was kept for going on is not needed any more."""
    from ..exercises.sheet import written

    folder = _unfinished(into)
    whole = folder / into.name
    try:
        whole.write_text(written(sheet, checked), encoding="utf-8", newline="")
        os.replace(whole, into)
        shutil.rmtree(folder)
    except OSError as problem:
        raise click.ClickException(f"cannot write {into}: {problem.strerror}") from None


# The summary


def _report(sheet: Sheet, found: list[dict[str, Any]]) -> dict[str, Any]:
    problems = [{"line": row.line, "problem": row.problem} for row in sheet.rows if row.problem]
    counts = {"rows": len(sheet.rows), "checked": len(sheet.answers)}
    return {**counts, "not checked": problems, "exercises": found}


def _text(sheet: Sheet, found: list[dict[str, Any]]) -> str:
    ending = f"{len(sheet.answers)} of {len(sheet.rows)} rows checked"
    return "\n\n".join([*(_of_exercise(one) for one in found), ending])


def _of_exercise(one: dict[str, Any]) -> str:
    counts = ", ".join(f"{count} {kind}" for kind, count in one["verdicts"].items() if count)
    heading = f"{one['exercise']}: {one['answers']} answers ({one['different']} different): {counts}"
    lines = [heading]
    if one["commonest wrong"]:
        lines.append("  the commonest wrong ones:")
        width = len(str(one["commonest wrong"][0]["answers"]))
        lines += [_of_wrong(wrong, width) for wrong in one["commonest wrong"]]
    return "\n".join(lines)


def _of_wrong(wrong: dict[str, Any], width: int) -> str:
    text = f"    {wrong['answers']:{width}} x  {wrong['understood']['text']}"
    margin, columns = " " * (width + 8), shutil.get_terminal_size().columns
    hint = fill(wrong["hint"] or "", max(columns, 60), initial_indent=margin, subsequent_indent=margin)
    return f"{text}\n{hint}" if hint else text
