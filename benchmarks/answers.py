"""A class's answers, checked in bulk: ten thousand, of which five hundred differ, on two cores.

    make bench-answers

The answers are those of the exam that every exercise passes, right ones and what is known to go wrong, some
written in another form, and some with a slip of the hand; a few are given by very many, most by few. Each is
checked in a process that can be ended, as ``check --file`` does it, without a journal. The memory is that of all
processes together, looked at ten times a second.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate
from random import Random
from threading import Event, Thread

import click
import psutil
import sympy
from rich.console import Console
from rich.table import Table
from tests.exercises.inputs import mutated
from tests.exercises.test_entries import EXAMS

from logitgrad._runs.workers import threads
from logitgrad.exercises import KINDS
from logitgrad.exercises.apart import close
from logitgrad.exercises.bulk import Answer, check_all

SEED = 20
#: Other forms of the same; the first as it was typed.
SAME = ("{}", "{}", "({})", "0 + {}", "1*({})", "-(-({}))", "2({})/2", "({}) + 1 - 1")


def different(random: Random, count: int) -> list[Answer]:
    """So many different answers: of five, two are right, two wrong, and one is mangled."""
    found: dict[Answer, None] = {}
    while len(found) < count:
        exercise, exam = random.choice(list(EXAMS.items()))
        known = random.choice(((*exam.right, *exam.right_if), exam.wrong))
        text = random.choice(SAME).format(random.choice(known))
        if random.random() < 1 / 5:
            text = mutated(random, text, 1)
        found[Answer(exercise, text)] = None
    return list(found)


def given(random: Random, answers: list[Answer], count: int) -> list[Answer]:
    """So many answers, each of these at least once; the n-th is given in proportion to 1/n."""
    shares = list(accumulate(1 / n for n in range(1, len(answers) + 1)))
    class_of = answers + random.choices(answers, cum_weights=shares, k=count - len(answers))
    random.shuffle(class_of)
    return class_of


@contextmanager
def peak_memory() -> Iterator[list[float]]:
    """The most that this process and those below it held together, in MiB, when the block is left."""
    peak, over, me = [0.0], Event(), psutil.Process()

    def look() -> None:
        while not over.wait(0.1):
            total = 0
            for process in [me, *me.children(recursive=True)]:
                try:
                    total += process.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            peak[0] = max(peak[0], total / 2**20)

    thread = Thread(target=look)
    thread.start()
    try:
        yield peak
    finally:
        over.set()
        thread.join()


@click.command()
@click.option("--answers", "count", default=10_000, show_default=True)
@click.option("--different", "kinds", default=500, show_default=True)
@click.option("--workers", default=2, show_default=True)
def main(count: int, kinds: int, workers: int) -> None:
    """Time a run over the answers of a large class."""
    if hasattr(os, "sched_setaffinity"):  # Linux; elsewhere the number of workers has to do
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:workers])
    random = Random(SEED)
    class_of = given(random, different(random, kinds), count)
    with peak_memory() as peak, threads(workers) as pool:
        began = time.perf_counter()
        checked = check_all(class_of, pool)
        seconds = time.perf_counter() - began
    close()  # what processes below this one have used is known when they end
    used = sum(os.times()[:4])
    console = Console()
    versions = f"Python {platform.python_version()}, SymPy {sympy.__version__}"
    console.print(f"{versions}, {sys.platform} {platform.machine()}, {workers} cores")
    proved = len({(answer.exercise, one.meaning) for answer, one in zip(class_of, checked, strict=True)})
    table = Table(
        "answers",
        "texts",
        "meanings",
        "seconds",
        "CPU seconds",
        "answers/s",
        "MiB",
        title="Answers in bulk",
    )
    table.add_row(
        *(f"{number:,}" for number in (count, kinds, proved)),
        f"{seconds:.1f}",
        f"{used:.1f}",
        f"{count / seconds:.0f}",
        f"{peak[0]:.0f}",
    )
    console.print(table)
    verdicts = Counter(one.verdict.kind for one in checked)
    console.print(", ".join(f"{verdicts[kind]} {kind}" for kind in KINDS))


if __name__ == "__main__":
    main()
