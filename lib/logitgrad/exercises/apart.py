"""A check in a process of its own, which can be ended: where answers come from strangers.

A limit inside the interpreter holds only where the interpreter looks at it. Here the time is kept from outside, and the
memory by the operating system. A process serves many answers, so SymPy is loaded once. It is started as a plain
program: the executor of `concurrent.futures` that calls this, one of Dask among them, may run in a process that is not
allowed to have children of the kind that `multiprocessing` and libraries on top of it make.
"""

from __future__ import annotations

import atexit
import os
import pickle
import signal
import subprocess
import sys
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, BinaryIO

from .check import OUT_OF_MEMORY, SECONDS, check
from .exercise import Exercise, exercises
from .verdict import Verdict

MEMORY = 2**30  # bytes that a process may address; SymPy and the exercises need a fifth of that
START = 60.0  # seconds that a process may take to load


def check_apart(exercise: str | Exercise, answer: str, seconds: float = SECONDS, memory: int = MEMORY) -> Verdict:
    """Check an answer as `check` does, in a process that is ended when it takes too long or too much memory.

    ``seconds`` of the processor are what `check` may use; after twice that and two more seconds by the clock the process
    is ended. ``memory`` is in bytes, and is held where the system can (Linux and macOS; not Windows). Safe in any thread
    and in any process. Raises OSError where no process can be started (in a browser, say), and what `check` raises.

    >>> check_apart("ex-sigmoid-bce-label", "-z").kind
    'right'
    """
    if not isinstance(exercise, Exercise):
        exercise = exercises[exercise]
    if not isinstance(answer, str):
        raise TypeError(f"an answer is text, not {type(answer).__name__}")
    worker = _idle(memory)
    verdict = None
    try:
        verdict = worker.ask((exercise, answer, seconds), 2 * seconds + 2)
    finally:
        # One that has not answered is ended, also where the caller was interrupted.
        _put_back(worker) if verdict and verdict.reason != OUT_OF_MEMORY else worker.end()
    if verdict:
        return verdict
    reason = "its process ended" if worker.died else f"out of time after {2 * seconds + 2:g} s"
    return Verdict(exercise.id, answer, "undecided", reason=reason)


def send(thing: Any, stream: BinaryIO) -> None:
    """Write a thing to a stream, at once."""
    pickle.dump(thing, stream)
    stream.flush()


class Worker:
    """A process that checks one answer after another. Raises OSError if it does not start."""

    def __init__(self, memory: int) -> None:
        self.memory = memory
        self.died = False
        self.answers: SimpleQueue[Any] = SimpleQueue()
        self.process = subprocess.Popen(
            [sys.executable, "-c", f"from {__name__} import serve; serve()", str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        Thread(target=self._listen, daemon=True).start()
        if self._next(START) is None:
            self.end()
            raise OSError("the process that checks answers did not start")

    def _listen(self) -> None:
        """Hand on what the process writes, so that waiting for it can be given up; at its end, None."""
        assert self.process.stdout
        try:
            while True:
                self.answers.put(pickle.load(self.process.stdout))
        except (EOFError, OSError, ValueError, pickle.UnpicklingError):
            self.answers.put(None)

    def _next(self, seconds: float) -> Any:
        try:
            found = self.answers.get(timeout=seconds)
        except Empty:
            return None
        self.died = found is None
        return found

    def ask(self, question: Any, seconds: float) -> Verdict | None:
        """The verdict; None if there was none in time, or the process ended."""
        assert self.process.stdin
        try:
            send(question, self.process.stdin)
        except OSError:
            self.died = True
            return None
        verdict: Verdict | None = self._next(seconds)
        return verdict

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            try:
                stream.close() if stream else None
            except OSError:
                pass  # what was still to be written is not wanted any more


# The processes that wait for a question. A process that was forked off has none of its own yet.

_waiting: list[Worker] = []
_lock = Lock()


def _idle(memory: int) -> Worker:
    with _lock:
        for worker in _waiting:
            if worker.memory == memory and worker.process.poll() is None:
                _waiting.remove(worker)
                return worker
    return Worker(memory)


def _put_back(worker: Worker) -> None:
    with _lock:
        _waiting.append(worker)


@atexit.register
def close() -> None:
    """End the processes that wait. The next `check_apart` starts a new one."""
    while _waiting:
        _waiting.pop().end()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_waiting.clear)


# In the process


def serve() -> None:
    """Answer questions from the standard input until it ends. What else is printed goes to the standard error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, whose end closes the input
    memory = int(sys.argv[1])
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit(memory)
    send("ready", answers)
    while True:
        try:
            exercise, answer, seconds = pickle.load(questions)
        except EOFError:
            return
        try:
            verdict = check(exercise, answer, seconds)
        except MemoryError:
            verdict = Verdict(exercise.id, answer, "undecided", reason=OUT_OF_MEMORY)
        send(verdict, answers)


def _limit(memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


__all__ = ["MEMORY", "START", "Worker", "check_apart", "close", "send", "serve"]
