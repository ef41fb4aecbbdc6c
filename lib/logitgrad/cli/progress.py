"""Progress of what takes minutes or hours, on the standard error."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate
from time import perf_counter

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

__all__ = ["show"]

EVERY = 10.0  # seconds between two lines where there is no terminal


def show(finished: Iterable[int], before: int, count: int, what: str) -> None:
    """Go through what is finished, in parts of so many each, after ``before`` of them at an earlier time.

    A bar on a terminal, a line now and then elsewhere, both with an estimate of what is left.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        return _show_lines(finished, before, count, what)
    named = TextColumn(what.capitalize())
    columns = (named, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    # a part may take seconds: the speed is that of the last few minutes
    with Progress(*columns, console=console, speed_estimate_period=300) as progress:
        task = progress.add_task(what, total=count, completed=before)
        for part in finished:
            progress.advance(task, part)


def _show_lines(finished: Iterable[int], before: int, count: int, what: str) -> None:
    began = said = perf_counter()
    for done in accumulate(finished):
        now = perf_counter()
        if now - said >= EVERY or before + done == count:
            left = (now - began) / done * (count - before - done)
            click.echo(f"{before + done} of {count} {what}, about {left:.0f} s left", err=True)
            said = now
