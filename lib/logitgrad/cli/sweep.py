"""``logitgrad audit --exhaustive``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .progress import show

if TYPE_CHECKING:  # when they run: no other command waits for SymPy
    from ..audit.sweep import Plan
    from ..audit.swept import Swept

__all__ = ["exhaustive", "exhaustive_options", "run"]

_OPTIONS = (
    click.option("--exhaustive", is_flag=True, help="Check every float16 or float32; goes on after a break."),
    click.option(
        "--into", type=click.Path(path_type=Path), help="Where --exhaustive works [default: ./sweep-DTYPE]."
    ),
    click.option("--scheduler", metavar="ADDRESS", help="Let a Dask cluster do it: tcp://host:port."),
    click.option("--workers", type=click.IntRange(1), help="How many processes [default: one for each core]."),
)


def exhaustive_options(command: Any) -> Any:
    """Give a command the options that `exhaustive` takes, and the flag that asks for it."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def exhaustive(
    dtype: str, into: Path | None, scheduler: str | None, workers: int | None, as_json: bool = False
) -> bool:
    """Check every value of ``dtype``, or go on with it; print the table; return whether the limit holds.

    Raises click.ClickException with a sentence when it cannot go on; all that is finished is kept.
    """
    from ..audit.sweep import Plan

    if dtype not in ("float16", "float32"):
        raise click.UsageError(f"--exhaustive takes float16 or float32; {dtype} has too many values")
    swept, path = run(Plan(dtype), into or Path(f"sweep-{dtype}"), scheduler, workers)
    click.echo(json.dumps(swept.result, indent=1) if as_json else repr(swept))
    click.echo(f"Written to {path}", err=True)
    return swept.passed


def run(plan: Plan, into: Path, scheduler: str | None = None, workers: int | None = None) -> tuple[Swept, Path]:
    """Do what is left of a sweep in a directory, with progress, and write the result there."""
    from .._runs.journal import Journal, OtherJournal
    from .._runs.workers import executor
    from ..audit.sweep import GOES_ON, Stopped, sweep
    from ..audit.swept import Swept, as_result
    from ..results import save

    try:
        journal = Journal(into, plan.identity())
        with executor(scheduler, workers) as pool:
            before = len(journal.finished)
            show((1 for _ in sweep(plan, journal, pool)), before, len(plan.starts), "shards")
    except (OtherJournal, Stopped, OSError) as problem:
        raise click.ClickException(str(problem)) from None
    except KeyboardInterrupt:
        raise click.ClickException(f"interrupted; finished shards are kept in {into}: {GOES_ON}") from None
    except ModuleNotFoundError as missing:
        raise click.ClickException(f"--scheduler needs {missing.name}: pip install 'logitgrad[cluster]'") from None
    path = save(plan.dtype, as_result(plan, journal), into)
    return Swept(json.loads(path.read_text(encoding="utf-8"))), path
