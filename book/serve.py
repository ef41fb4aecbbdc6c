"""Show the book on this machine; build it again whenever a file of it is saved, and let open pages reload."""

import subprocess
import sys
from pathlib import Path

import click
from livereload import Server

ROOT = Path(__file__).parents[1]
WATCHED = ("_config.yml", "_toc.yml", "book", "lib/logitgrad")


def build() -> None:
    """Build what has changed; what is wrong is printed."""
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", str(ROOT), "-W", "-n", "--keep-going"]
    done = subprocess.run(command, capture_output=True, text=True)
    faults = [line for line in (done.stdout + done.stderr).splitlines() if "WARNING" in line or "Error" in line]
    click.echo("The book is up to date." if done.returncode == 0 else "\n".join(["Not built:", *faults]))


@click.command(help=__doc__)
@click.option("--port", default=8000, show_default=True, help="Port on this machine.")
def serve(port: int) -> None:
    """Build, then serve and watch."""
    click.echo("Building: two or three minutes the first time, seconds after an edit ...")
    build()
    server = Server()
    for path in WATCHED:
        server.watch(str(ROOT / path), build, delay=0.5, ignore=lambda name: "__pycache__" in name)
    click.echo(f"The book is at http://127.0.0.1:{port}/ (Ctrl+C ends this)")
    server.serve(port=port, host="127.0.0.1", root=str(ROOT / "_build" / "html"))


if __name__ == "__main__":
    serve()
