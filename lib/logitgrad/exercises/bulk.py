"""Many answers at once: what is the same is proved once, by any executor, in processes that can be ended.

First every distinct text is read. Texts that say the same, as ``y - p`` and ``-p + y`` do, then share one proof,
and each keeps its own reading. The executor's workers only wait: the work is done by `apart`, so that an answer
which takes too long or too much memory costs its own process and nothing else.
"""

from __future__ import annotations

import hashlib
import logging
import platform
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, as_completed
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from sympy import Dummy, Symbol, preorder_traversal, srepr

from .. import __version__
from .._runs.journal import Journal, OtherJournal
from .._runs.workers import threads
from ..symbolic.budget import OutOfTime, time_limit
from .apart import ENDED, MEMORY, apart, check_apart
from .check import SECONDS
from .exercise import exercises
from .language import understand
from .verdict import Verdict

FORMAT = 1  # of the journal
log = logging.getLogger(__name__)


class Answer(NamedTuple):
    """What is to be checked: the ``text`` typed for an ``exercise``, which is given by its id."""

    exercise: str
    text: str


@dataclass(frozen=True)
class Checked:
    """An answer's ``verdict``, and a digest of its ``meaning``: answers with the same one say the same."""

    verdict: Verdict
    meaning: str


def check_all(
    answers: Iterable[tuple[str, str]],
    executor: Executor | None = None,
    journal: Journal | None = None,
    seconds: float = SECONDS,
    memory: int = MEMORY,
) -> list[Checked]:
    """Check pairs of an exercise's id and an answer, and return what they came to, in their order.

    ``executor`` may be any of ``concurrent.futures``, or Dask's; without one, each core has a thread. ``seconds``
    and ``memory`` are the limits of one check, as in `check_apart`. What the ``journal`` has is not checked again.
    Raises what `checks` raises.

    >>> first, second = check_all([("ex-sigmoid-bce-label", "z"), ("ex-sigmoid-bce-label", "z + 0")])
    >>> first.verdict.kind, first.meaning == second.meaning
    ('wrong', True)
    """
    wanted = [Answer(*answer) for answer in answers]
    done = known(wanted, journal)
    with nullcontext(executor) if executor else threads() as pool:
        for group in checks((answer for answer in wanted if answer not in done), pool, journal, seconds, memory):
            done |= group
    return [done[answer] for answer in wanted]


def checks(
    answers: Iterable[Answer],
    executor: Executor,
    journal: Journal | None = None,
    seconds: float = SECONDS,
    memory: int = MEMORY,
) -> Iterator[dict[Answer, Checked]]:
    """Check each distinct answer, and give together those that say the same, when the journal has them.

    What the executor loses, as a worker that is killed does, is done by threads of this process. Raises KeyError
    for an unknown exercise, before anything is checked, and OtherLibrary where a worker has another library than
    this process.

    >>> with threads(1) as pool:
    ...     [group] = checks([Answer("ex-sigmoid-bce-label", "-z")], pool)
    >>> [checked.verdict.kind for checked in group.values()]
    ['right']
    """
    todo = list(dict.fromkeys(answers))
    for name in dict.fromkeys(answer.exercise for answer in todo):
        exercises[name]
    records = journal.finished.values() if journal else ()
    proved = {
        (record["verdict"]["exercise"], record["meaning"]): _verdict(record["verdict"]) for record in records
    }
    for group in _groups(todo, executor, proved, seconds, memory):
        if journal:
            journal.append(*(_record(answer, checked) for answer, checked in group.items()))
        yield group


def open_journal(directory: Path, seconds: float = SECONDS, memory: int = MEMORY) -> Journal:
    """Open the journal in a directory; one of another library, or of other limits, is begun anew.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     len(open_journal(Path(folder)).finished)
    0
    """
    with_limits = identity(seconds, memory)
    try:
        return Journal(directory, with_limits, key="key", work="run")
    except OtherJournal:
        (directory / "journal.jsonl").unlink()
        return Journal(directory, with_limits, key="key", work="run")


def known(answers: Iterable[Answer], journal: Journal | None) -> dict[Answer, Checked]:
    """Return what the journal has of these answers.

    >>> known([Answer("ex-sigmoid-bce-label", "z")], None)
    {}
    """
    found = {answer: journal.finished.get(_key(answer)) for answer in answers} if journal else {}
    return {
        answer: Checked(_verdict(record["verdict"]), record["meaning"])
        for answer, record in found.items()
        if record
    }


def identity(seconds: float = SECONDS, memory: int = MEMORY) -> dict[str, Any]:
    """What two runs must share for a verdict of the one to count in the other.

    >>> sorted(identity())
    ['format', 'memory', 'seconds', 'with']
    """
    return {"format": FORMAT, "seconds": seconds, "memory": memory, "with": code()}


@cache
def code() -> dict[str, str]:
    """What a verdict depends on beside the answer: the versions, and a digest of the sources that are asked.

    >>> code()["logitgrad"] == __version__
    True
    """
    content = hashlib.sha256()
    for folder in ("symbolic", "exercises"):
        sources = [file for file in files("logitgrad").joinpath(folder).iterdir() if file.is_file()]
        for file in sorted(sources, key=lambda file: file.name):
            content.update(f"{folder}/{file.name}\n".encode() + file.read_bytes())
    versions = {name: version(name) for name in ("sympy", "mpmath", "lark")}
    python = ".".join(platform.python_version_tuple()[:2])
    return {"logitgrad": __version__, "python": python, **versions, "sources": content.hexdigest()}


# The journal


def _key(answer: Answer) -> str:
    return "\n".join(answer)


def _record(answer: Answer, checked: Checked) -> dict[str, Any]:
    return {"key": _key(answer), **asdict(checked)}


def _verdict(data: dict[str, Any]) -> Verdict:
    pairs = {name: data[name] and tuple(data[name]) for name in ("place", "values")}  # lists in JSON
    return Verdict(**data | pairs)


# The work


class Reading(NamedTuple):
    """What a text says: ``meaning``, a digest of all that a verdict can depend on, and how the text puts it."""

    meaning: str
    written: dict[str, Any]


def _groups(
    todo: list[Answer], pool: Executor, proved: dict[tuple[str, str], Verdict], seconds: float, memory: int
) -> Iterator[dict[Answer, Checked]]:
    """The answers that say the same, with what is proved of them already or now."""
    readings = dict(_done(pool, _read, todo, seconds, memory))
    alike: dict[tuple[str, str], list[Answer]] = defaultdict(list)
    for answer in todo:
        alike[answer.exercise, readings[answer].meaning].append(answer)
    first = {group[0]: said for said, group in alike.items() if said not in proved}
    verdicts = ((first[answer], verdict) for answer, verdict in _done(pool, _check, list(first), seconds, memory))
    before = [(said, proved[said]) for said in alike if said in proved]
    for said, verdict in chain(before, verdicts):
        yield {answer: Checked(_worded(verdict, answer, readings[answer]), said[1]) for answer in alike[said]}


def _worded(verdict: Verdict, answer: Answer, reading: Reading) -> Verdict:
    """The verdict on an answer that says the same, for this answer."""
    return replace(verdict, answer=answer.text, **(reading.written if verdict.text else {}))


def _read(answer: Answer, seconds: float, memory: int) -> Reading:
    try:
        found: Reading = apart(read, answer, seconds, seconds=2 * seconds + 2, memory=memory)
    except (TimeoutError, MemoryError, ChildProcessError):
        return Reading(_digest(answer.text), {})  # its check meets the same limit, and says so
    return found


def _check(answer: Answer, seconds: float, memory: int) -> Verdict:
    verdict = check_apart(*answer, seconds=seconds, memory=memory)
    if verdict.reason == ENDED:  # perhaps by something that has nothing to do with the answer
        verdict = check_apart(*answer, seconds=seconds, memory=memory)
    return verdict


def read(answer: Answer, seconds: float) -> Reading:
    """Read an answer; one that cannot be read says only what it says, and its verdict will tell why.

    >>> one, other = (read(Answer("ex-sigmoid-bce-label", text), 10) for text in ("y - z", "-z+y"))
    >>> one.meaning == other.meaning, one.written["text"]
    (True, 'y - z')
    """
    exercise = exercises[answer.exercise]
    try:
        with time_limit(seconds):
            found = understand(answer.text, exercise.vocabulary)
            meaning = srepr(_without_dummies(found.expression))
    except (Exception, OutOfTime):  # whatever it is, `check` answers it
        return Reading(_digest(answer.text), {})
    names = tuple(sorted(found.names)) if exercise.form else ()
    written = {"text": found.text, "latex": found.latex, "mathml": found.mathml}
    return Reading(_digest((meaning, names, found.notes)), written)


def _digest(what: Any) -> str:
    return hashlib.sha256(repr(what).encode()).hexdigest()[:32]


def _without_dummies(expression: Any) -> Any:
    """The expression with the bound indices, which are new ones in every reading, numbered."""
    bound = dict.fromkeys(part for part in preorder_traversal(expression) if isinstance(part, Dummy))
    return expression.xreplace({dummy: Symbol(f"_{n}", **dummy.assumptions0) for n, dummy in enumerate(bound)})


class OtherLibrary(RuntimeError):
    """A worker has another library than the process that it works for."""


def _done(
    pool: Executor, task: Callable[..., Any], todo: list[Answer], *limits: float
) -> Iterator[tuple[Answer, Any]]:
    """What a task makes of each answer, as it comes. What the executor loses, threads of this process do."""
    lost, futures = dict.fromkeys(todo), {}
    problem: Exception | None = None
    try:
        for answer in todo:
            futures[pool.submit(_with_code, code(), task, answer, *limits)] = answer
    except BrokenExecutor as error:
        problem = error
    for future in as_completed(futures):
        try:
            found = future.result()
        except OtherLibrary:
            raise
        except Exception as error:
            problem = error
        else:
            del lost[futures[future]]
            yield futures[future], found
    if lost:
        log.warning(
            "%s answers were lost (%s: %s); they are checked here", len(lost), type(problem).__name__, problem
        )
        with threads() as own:
            again = {own.submit(task, answer, *limits): answer for answer in lost}
            yield from ((again[future], future.result()) for future in as_completed(again))


def _with_code(expected: dict[str, str], task: Callable[..., Any], *arguments: Any) -> Any:
    """What the task makes of the arguments, in a worker."""
    if code() != expected:
        raise OtherLibrary(f"the worker on {platform.node()} has another library: {code()}")
    return task(*arguments)


__all__ = ["Answer", "Checked", "OtherLibrary", "check_all", "open_journal"]
