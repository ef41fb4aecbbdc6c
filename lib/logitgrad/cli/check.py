"""``logitgrad check``."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .check_file import check_file

if TYPE_CHECKING:  # when they run: no other command waits for SymPy
    from ..exercises import Exercise

LONGEST = 1 << 16  # bytes that are read of one answer: more than any that is understood

EXAMPLES = """\b
Examples:
  python -m logitgrad check                                    what is asked
  python -m logitgrad check ex-sigmoid-bce-label -z
  python -m logitgrad check ex-sigmoid-bce-label "log((1 - p)/p)" --json
  python -m logitgrad check ex-sigmoid-bce-label - < answer.txt
  python -m logitgrad check --file answers.csv --into verdicts.csv
"""


# An answer may begin with a minus sign. So no option here has a short name, not even the one for help: "-h" would
# be found in "-tanh(z)".
@click.command(
    "check",
    epilog=EXAMPLES,
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
)
@click.argument("exercise", required=False)
@click.argument("answer", nargs=-1)
@click.option("--list", "listed", is_flag=True, help="List the exercises, as without any argument.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON: the verdict, the list, or the summary of a file."
)
@click.option(
    "--file",
    "file",
    type=click.Path(allow_dash=True),
    help="Check all answers in a CSV file, or in the standard input (-).",
)
@click.option(
    "--into",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what --file has, with the verdicts, as CSV; goes on after a break.",
)
@click.option("--force", is_flag=True, help="Let --into replace a file.")
@click.option(
    "--seconds",
    type=click.FloatRange(0.1),
    default=10,
    show_default=True,
    help="Limit of one check.",
)
@click.option(
    "--memory", type=click.IntRange(512), default=1024, show_default=True, help="Limit of one check, in MiB."
)
@click.option("--scheduler", metavar="ADDRESS", help="Let a Dask cluster check the file: tcp://host:port.")
@click.option("--workers", type=click.IntRange(1), help="How many checks at a time [default: one for each core].")
@click.pass_context
def check_command(
    context: click.Context,
    exercise: str | None,
    answer: tuple[str, ...],
    listed: bool,
    as_json: bool,
    file: str | None,
    into: Path | None,
    force: bool,
    seconds: float,
    memory: int,
    scheduler: str | None,
    workers: int | None,
) -> None:
    """Check an ANSWER to an EXERCISE of the book: right, wrong (with a point that shows it), or undecided.

    An ANSWER is typed as people write, or in LaTeX; it may begin with a minus sign; "-" reads it from the standard
    input. Without an ANSWER, what is asked is shown; without an EXERCISE, all of them.

    A --file is comma-separated, in UTF-8. Its first line names the columns: exercise and answer, and others, such
    as student, which are kept. In the file that is written, a cell that a spreadsheet would take for a formula
    begins with an apostrophe, which is ignored when such a file is read. Answers that say the same are proved
    once. A row that cannot be checked is reported by its line. While the run lasts, verdicts are kept beside the
    file that is to be written, in a folder that ends in .unfinished; after a break the same command goes on from
    there.

    The exit status is 0 if the answer is right, or every row of the file was checked; 1 for every other verdict,
    or if a row was not checked; 2 if an exercise is not known or the command cannot be understood.
    """
    limits: dict[str, Any] = {"seconds": seconds, "memory": memory << 20}
    if file is not None:
        if exercise or listed:
            raise click.UsageError("--file takes its exercises and answers from the file")
        complete = check_file(file, into, force, as_json, limits, scheduler, workers)
        sys.exit(0 if complete else 1)
    if into or scheduler or workers or force:
        raise click.UsageError("--into, --force, --scheduler and --workers need --file")
    if listed or exercise is None:
        _list(as_json)
    elif exercise == "-h" and not answer:
        click.echo(context.get_help())
    elif not answer:
        _show(_known(exercise), as_json)
    else:
        sys.exit(0 if _check(_known(exercise), _typed(answer), as_json, limits) else 1)


def _known(name: str) -> Exercise:
    from ..exercises import exercises
    from ..exercises.exercise import UnknownExercise

    try:
        return exercises[name]
    except UnknownExercise as unknown:
        raise click.UsageError(str(unknown)) from None


def _typed(answer: tuple[str, ...]) -> str:
    """The answer; words that the shell has separated belong together."""
    if answer != ("-",):
        return " ".join(answer)
    try:
        return sys.stdin.buffer.read(LONGEST).decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise click.UsageError("the standard input is not in UTF-8") from None


def _check(exercise: Exercise, answer: str, as_json: bool, limits: dict[str, Any]) -> bool:
    from ..exercises import check_apart

    try:
        verdict = check_apart(exercise, answer, **limits)
    except OSError as problem:
        raise click.ClickException(str(problem)) from None
    if as_json:
        click.echo(json.dumps(verdict.as_json(), indent=2))
    else:
        click.echo(str(verdict))
    return verdict.kind == "right"


def _list(as_json: bool) -> None:
    from ..exercises import exercises

    if as_json:
        click.echo(json.dumps([_as_data(exercise) for exercise in exercises.values()], indent=2))
    else:
        click.echo("\n".join(f"{exercise.id}\n    {_plain(exercise.asked)}" for exercise in exercises.values()))


def _show(exercise: Exercise, as_json: bool) -> None:
    data = _as_data(exercise)
    if as_json:
        click.echo(json.dumps(data, indent=2))
        return
    click.echo(f"{exercise.id}: {_plain(exercise.asked)}")
    click.echo(f"May be typed: {', '.join(data['symbols'])}")
    if exercise.form:
        click.echo(f"Asked for {exercise.form.words}")


def _as_data(exercise: Exercise) -> dict[str, Any]:
    return {
        "exercise": exercise.id,
        "chapter": exercise.chapter,
        "asked": exercise.asked,
        "symbols": list(exercise.symbols),
        "form": exercise.form and exercise.form.words,
    }


def _plain(markdown: str) -> str:
    """A sentence for the terminal: its mathematics in Unicode."""
    from pylatexenc.latex2text import LatexNodes2Text

    as_text = LatexNodes2Text(math_mode="text", keep_braced_groups=True)
    return str(as_text.latex_to_text(re.sub(r"\*([^*]*)\*", r"\1", markdown)))
