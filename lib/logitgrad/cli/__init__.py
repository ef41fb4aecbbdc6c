"""The commands: one module each."""

from __future__ import annotations

import click

from .. import __version__
from .audit import audit_command
from .check import check_command
from .vectors import vectors_command
from .verify import verify_command

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Logit gradients, derived: proofs, checks and measurements from the terminal."""


main.add_command(verify_command)
main.add_command(audit_command)
main.add_command(check_command)
main.add_command(vectors_command)
