"""``logitgrad vectors``."""

from __future__ import annotations

from pathlib import Path

import click

DTYPES = ("float16", "float32", "float64")


@click.command("vectors")
@click.argument("functions", nargs=-1, metavar="[FUNCTION]...")
@click.option("--dtype", "dtypes", multiple=True, type=click.Choice(DTYPES), help="Of this type; may be repeated.")
@click.option("--format", "form", type=click.Choice(("json", "tsv")), default="json", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A new file to write instead.")
@click.option("--force", is_flag=True, help="Let --output replace a file.")
def vectors_command(
    functions: tuple[str, ...], dtypes: tuple[str, ...], form: str, output: Path | None, force: bool
) -> None:
    """Compute exact test vectors for every function, or the named ones, and print them.

    The same text comes out on every machine; all of it takes some ten seconds. The exit status is 2 if a name is
    not known or a file is in the way.
    """
    from ..audit import vectors

    if unknown := sorted(set(functions) - set(vectors.FUNCTIONS)):
        known = ", ".join(vectors.FUNCTIONS)
        raise click.UsageError(f"no function {', '.join(unknown)}; there are {known}")
    if output and output.exists() and not force:
        raise click.UsageError(f"{output} is there already; --force replaces it")
    document = vectors.generate(functions, dtypes)
    text = (vectors.as_json if form == "json" else vectors.as_tsv)(document)
    if output is None:
        click.echo(text, nl=False)
    else:
        _write(output, text)


def _write(output: Path, text: str) -> None:
    try:
        output.write_text(text, encoding="utf-8", newline="\n")
    except OSError as problem:
        raise click.ClickException(f"cannot write {output}: {problem.strerror}") from None
