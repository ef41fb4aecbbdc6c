"""How long proofs take: every theorem, and one proof for any number of classes beside one proof for each.

    make bench

The tables that follow prove the gradient and the Hessian of softmax + cross-entropy. "any K" is the registry's
theorem, its search for a counterexample included. "simplify" is plain SymPy for a fixed K: the loss written
out with symbols z1..zK and y1..yK that sum to one, ``diff``, and ``simplify`` of the difference to the closed
form, for one component of the gradient and for two entries of the Hessian. It runs in a process of its own,
which is ended at the limit.
"""

from __future__ import annotations

import multiprocessing
import platform
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import click
import sympy
from rich.console import Console
from rich.table import Table
from sympy import Symbol, diff, exp, log, simplify

from logitgrad.symbolic import K, theorems, unfold

REPEATS = 3


def seconds(call: Callable[[], Any], repeats: int = REPEATS) -> float:
    """The median of a few runs, SymPy's cache emptied before each."""
    times = []
    for _ in range(repeats):
        sympy.core.cache.clear_cache()
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return median(times)


def by_simplify(task: str, classes: int) -> None:
    """The gradient, or the Hessian's two kinds of entries, for a fixed number of classes, by plain SymPy."""
    z = [Symbol(f"z{n}", real=True) for n in range(1, classes + 1)]
    y = [Symbol(f"y{n}", real=True) for n in range(1, classes + 1)]
    y[-1] = 1 - sum(y[:-1])
    total = sum(exp(logit) for logit in z)
    p = [exp(logit) / total for logit in z]
    loss = -sum(target * log(output) for target, output in zip(y, p, strict=True))
    differences = {
        "gradient": [diff(loss, z[0]) - (p[0] - y[0])],
        "Hessian": [diff(loss, z[0], 2) - p[0] * (1 - p[0]), diff(loss, z[0], z[1]) + p[0] * p[1]],
    }
    if any(simplify(difference) != 0 for difference in differences[task]):
        raise SystemExit(f"simplify does not reach 0 for the {task}, K = {classes}")


def timed_simplify(task: str, classes: int, limit: float) -> float | None:
    """The seconds it takes, or None beyond the limit."""
    process = multiprocessing.get_context("fork").Process(target=by_simplify, args=(task, classes))
    start = time.perf_counter()
    process.start()
    process.join(limit)
    if process.is_alive():
        process.kill()
        return None
    if process.exitcode:
        raise SystemExit(process.exitcode)
    return time.perf_counter() - start


def registry_table() -> tuple[Table, dict[str, float]]:
    """Every theorem's time, the slowest first."""
    timed = {name: seconds(theorem.prove) for name, theorem in theorems.items()}
    table = Table("theorem", "any K", "seconds", title="Proofs, the slowest ten")
    for name in sorted(timed, key=timed.__getitem__, reverse=True)[:10]:
        table.add_row(name, "yes" if is_for_any_k(name) else "", f"{timed[name]:.2f}")
    return table, timed


def is_for_any_k(name: str) -> bool:
    """Whether a theorem speaks of a number of classes that is a symbol."""
    return K in unfold(theorems[name].statement).free_symbols


def growth_table(task: str, theorem: str, limit: float, classes: range) -> Table:
    """Any K beside each K."""
    any_k = seconds(theorems[theorem].prove)
    table = Table("K", "simplify (s)", "any K (s)", "ratio", title=f"Softmax + cross-entropy, {task}")
    for number in classes:
        taken = timed_simplify(task, number, limit)
        shown = f"{taken:.2f}" if taken else f"> {limit:g}"
        ratio = f"{taken / any_k:.1f}" if taken else f"> {limit / any_k:.0f}"
        table.add_row(str(number), shown, f"{any_k:.2f}", ratio)
    return table


@click.command()
@click.option("--limit", default=60.0, show_default=True, help="Seconds after which a simplify is ended.")
@click.option("--up-to", default=8, show_default=True, help="The largest number of classes for simplify.")
def main(limit: float, up_to: int) -> None:
    """Time every proof, and one proof for any K beside simplify for each K."""
    console = Console()
    versions = f"Python {platform.python_version()}, SymPy {sympy.__version__}"
    console.print(f"{versions}, {sys.platform} {platform.machine()}")
    table, timed = registry_table()
    console.print(table)
    console.print(f"All {len(theorems)} theorems: {sum(timed.values()):.1f} s in one process")
    any_k = [taken for name, taken in timed.items() if is_for_any_k(name)]
    console.print(f"The {len(any_k)} for any number of classes: at most {max(any_k):.2f} s each")
    for task, theorem in (("gradient", "softmax-ce-gradient-normalized"), ("Hessian", "softmax-ce-hessian")):
        console.print(growth_table(task, theorem, limit, range(2, up_to + 1)))


if __name__ == "__main__":
    main()
