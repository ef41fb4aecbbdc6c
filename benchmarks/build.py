"""How long the book takes to build: from nothing, beside stock `jupyter-book build`, and after an edit.

    make bench-build

"Stock" is the same text, with the directives that it needs, built by `jupyter-book build` as it comes: one
chapter after another, mathematics for `MathJax`, no page made lighter, no notebooks. "Ours" is what `make book`
runs, strictly; SymPy as pages load it is there, as `make setup` leaves it, and what that takes is printed too. Two
builds of ours from nothing, in folders of different names, must be the same, byte by byte.
"""

from __future__ import annotations

import filecmp
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import click
import yaml
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
NEEDED = {"reference", "solutions", "play", "answers"}  # the extensions that bring directives of the text
# SymPy as pages load it, and the library: what a build finds if it has been made.
COMPILED = Path(sys.prefix) / "cache" / "answers"
COMPILE = ROOT / "book" / "_ext" / "python_in_page.py"
STOCK_LIMIT, EDIT_LIMIT = 0.6, 10.0
# Sphinx's own note of its settings, with the place of the theme's templates in it; no page is made of it.
NOT_THE_BOOK = [".buildinfo"]


def copy_book(target: Path) -> Path:
    """The text and all that builds it, without what was built."""
    made = shutil.ignore_patterns(
        "_build", ".venv*", "node_modules", "__pycache__", ".pytest_cache", ".hypothesis"
    )
    shutil.copytree(ROOT, target, ignore=made)
    (target / "node_modules").symlink_to(ROOT / "node_modules")
    return target


def make_stock(book: Path) -> Path:
    """Take out of the configuration what makes the build ours."""
    path = book / "_config.yml"
    config: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    sphinx = config["sphinx"]
    sphinx["extra_extensions"].remove("sphinxcontrib.katex")
    sphinx["local_extensions"] = {
        name: place for name, place in sphinx["local_extensions"].items() if name in NEEDED
    }
    ours = ("katex_", "html_", "ogp_", "templates_path", "execution_first")
    sphinx["config"] = {name: value for name, value in sphinx["config"].items() if not name.startswith(ours)}
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    return book


def build(book: Path, *options: str) -> float:
    """Build a book; return the seconds."""
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", str(book), *options]
    # Every copy runs the library of this checkout, as it is installed.
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    start = time.perf_counter()
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    if done.returncode:
        raise click.ClickException(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
    return time.perf_counter() - start


def compile_packages() -> float:
    """Do what `make setup` does for pages that run Python; return the seconds."""
    shutil.rmtree(COMPILED, ignore_errors=True)
    start = time.perf_counter()
    subprocess.run([sys.executable, COMPILE], check=True)
    return time.perf_counter() - start


def differences(left: Path, right: Path) -> list[str]:
    """The files that are in one folder only, or differ in a byte."""
    compared = filecmp.dircmp(left, right, ignore=NOT_THE_BOOK, hide=[])
    names = compared.left_only + compared.right_only
    names += filecmp.cmpfiles(left, right, compared.common_files, shallow=False)[1]
    return names + [
        f"{one}/{name}" for one in compared.common_dirs for name in differences(left / one, right / one)
    ]


def edit(book: Path, old: str, new: str) -> None:
    """Change a chapter in one place."""
    path = book / "book" / "sigmoid_bce.md"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"the line to edit has changed: {old}"
    path.write_text(text.replace(old, new), encoding="utf-8")


@click.command(help=__doc__)
@click.option("--stock/--no-stock", default=True, help="Build the stock book too.")
@click.option("--twice/--once", default=True, help="Build ours from nothing a second time and compare.")
def main(stock: bool, twice: bool) -> None:
    """Build, and print one table; exit 1 where a figure is missed."""
    console = Console(soft_wrap=True)
    missed = []
    table = Table("build", "seconds", "limit")
    strict = ("-W", "-n", "--keep-going")
    with tempfile.TemporaryDirectory() as folder:
        table.add_row("SymPy for the pages, at set-up", f"{compile_packages():.0f}", "")
        ours = copy_book(Path(folder) / "ours")
        cold = build(ours, *strict)
        limit = None
        if stock:
            console.print("ours is built; now stock ...")
            baseline = build(make_stock(copy_book(Path(folder) / "stock")), "--all")
            table.add_row("stock, from nothing", f"{baseline:.0f}", "")
            limit = f"{STOCK_LIMIT:g} of stock: {STOCK_LIMIT * baseline:.0f}"
            if cold > STOCK_LIMIT * baseline:
                missed.append(f"from nothing: {cold / baseline:.2f} of stock")
        table.add_row("ours, from nothing, strict", f"{cold:.0f}", limit)
        if twice:
            console.print("once more, in another folder ...")
            again = copy_book(Path(folder) / "a second one")
            build(again, *strict)
            different = differences(ours / "_build" / "html", again / "_build" / "html")
            table.add_row("two builds from nothing", "", f"{len(different)} files differ: {', '.join(different)}")
            missed += different
        edits = {
            "a sentence": ("\n## Summary\n", "\n## Summary\n\nA sentence more.\n"),
            "a heading": ("\n## Summary\n", "\n## A summary\n"),
        }
        for name, (old, new) in edits.items():
            edit(ours, old, new)
            seconds = build(ours, *strict)
            edit(ours, new, old)
            build(ours, *strict)
            table.add_row(f"after an edit of {name} of one chapter", f"{seconds:.1f}", f"{EDIT_LIMIT:g}")
            if seconds > EDIT_LIMIT:
                missed.append(f"after an edit of {name}: {seconds:.1f} s")
    table.caption = f"{os.cpu_count()} processors, {platform.machine()}, Python {platform.python_version()}"
    console.print(table)
    if missed:
        raise click.ClickException("missed: " + "; ".join(missed))


if __name__ == "__main__":
    main()
