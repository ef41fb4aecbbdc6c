"""Work in a process of its own, which can be ended: where answers come from strangers.

A limit inside the interpreter holds only where the interpreter looks at it. Here the time is kept from outside,
and the memory by the operating system. A process serves many calls, so SymPy is loaded once. It is started as a
plain program: who calls this may be a worker of a `concurrent.futures` executor, one of Dask among them, which is
not allowed to have children of the kind that `multiprocessing` and the libraries on top of it make.
"""

from __future__ import annotations

import atexit
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import IO, Any

from .check import OUT_OF_MEMORY, SECONDS, check
from .exercise import Exercise, exercises
from .verdict import Verdict

MEMORY = 2**30  # bytes that a process may address; with SymPy and all exercises it has used a third of them
ENDED = "its process ended"
START = 60.0  # seconds that a process may take to load


def check_apart(exercise: str | Exercise, answer: str, seconds: float = SECONDS, memory: int = MEMORY) -> Verdict:
    """Check an answer as `check` does, in a process that is ended when it takes too long or too much memory.

    ``seconds`` of the processor are what `check` may use; after twice that and two seconds more by the clock the
    process is ended. Raises TypeError and KeyError as `check` does, and OSError where no process can be started
    (in a browser, say).

    >>> check_apart("ex-sigmoid-bce-label", "-z").kind
    'right'
    """
    if not isinstance(exercise, Exercise):
        exercise = exercises[exercise]
    if not isinstance(answer, str):
        raise TypeError(f"an answer is text, not {type(answer).__name__}")
    known = exercise.id if exercises.get(exercise.id) is exercise else exercise
    try:
        verdict: Verdict = apart(check, known, answer, seconds, seconds=2 * seconds + 2, memory=memory)
    except TimeoutError:
        reason = f"out of time after {seconds:g} s"
    except MemoryError:
        reason = OUT_OF_MEMORY
    except ChildProcessError:
        reason = ENDED
    else:
        return verdict
    return Verdict(exercise.id, answer, "undecided", reason=reason)


def apart(function: Callable[..., Any], *arguments: Any, seconds: float, memory: int = MEMORY) -> Any:
    """What a function of a module gives for the arguments, called in a process of its own.

    The process is ended after ``seconds`` by the clock. ``memory``, in bytes, is held where the system can do it
    (on Linux and macOS). Safe to call from any thread and any process. Raises what the function raises;
    TimeoutError, MemoryError, and ChildProcessError if the process ended by itself; OSError if none can be
    started.

    >>> apart(divmod, 7, 2, seconds=10)
    (3, 1)
    """
    worker = _idle(memory)
    found: Any = MemoryError()  # where the call below is interrupted, what the worker knows is not known
    try:
        found = worker.ask((function, arguments, seconds), seconds)
    finally:
        if isinstance(found, TimeoutError | MemoryError | ChildProcessError):
            worker.end()
        else:
            _put_back(worker)
    if isinstance(found, Exception):
        raise found
    return found


def send(thing: Any, stream: IO[bytes]) -> None:
    """Write a thing to a stream, at once."""
    stream.write(pickle.dumps(thing))
    stream.flush()


class Worker:
    """A process that does one call after another. Raises OSError if it does not start."""

    def __init__(self, memory: int) -> None:
        self.memory = memory
        self.answers: SimpleQueue[Any] = SimpleQueue()
        self.process = subprocess.Popen(
            [sys.executable, "-c", f"from {__name__} import serve; serve()", str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        assert self.process.stdin and self.process.stdout
        self.questions, self.written = self.process.stdin, self.process.stdout
        Thread(target=self._listen, daemon=True).start()
        if isinstance(self._answer(START), Exception):
            self.end()
            raise OSError("the process for checks did not start")

    def _listen(self) -> None:
        """Pass on what the process writes, so that the wait for it can be given up."""
        with suppress(EOFError, OSError, ValueError, pickle.UnpicklingError):
            while True:
                self.answers.put(pickle.load(self.written))
        self.answers.put(ChildProcessError("the process ended"))

    def _answer(self, seconds: float) -> Any:
        try:
            return self.answers.get(timeout=seconds)
        except Empty:
            return TimeoutError(f"no answer after {seconds:g} s")

    def ask(self, question: Any, seconds: float) -> Any:
        """What comes back; an exception, as a value, where nothing does."""
        try:
            send(question, self.questions)
        except OSError:
            return ChildProcessError("the process ended")
        return self._answer(seconds)

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self.process.kill()
        self.process.wait()
        for stream in (self.questions, self.written):
            with suppress(OSError):  # what was still to be written is not wanted any more
                stream.close()


# The processes that wait for work. Each serves one caller at a time, so there are as many as there were at once.

_waiting: list[Worker] = []
_lock = Lock()


def _idle(memory: int) -> Worker:
    with _lock:
        for worker in reversed(_waiting):  # the one that worked last has the most in its caches
            if worker.memory == memory and worker.process.poll() is None:
                _waiting.remove(worker)
                return worker
    return Worker(memory)


def _put_back(worker: Worker) -> None:
    with _lock:
        _waiting.append(worker)


@atexit.register
def close() -> None:
    """End the processes that wait for work. The next call starts a new one."""
    with _lock:
        while _waiting:
            _waiting.pop().end()


def _forget() -> None:
    """In a process that was forked off: the workers are its parent's."""
    global _lock
    _lock = Lock()
    _waiting.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


# In the process


def serve() -> None:
    """Do what is asked on the standard input until it ends. What a call prints goes to the standard error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, whose end closes the input
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit(int(sys.argv[1]))
    send("ready", answers)
    while True:
        try:
            function, arguments, seconds = pickle.load(questions)
        except EOFError:
            return
        _end_after(seconds + 1)
        try:
            found = function(*arguments)
        except Exception as error:
            found = error
        _end_after(0)
        send(found, answers)


def _limit(memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _end_after(seconds: float) -> None:
    """Have the system end this process, should its parent not be there any more to do so; 0 calls it off."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


__all__ = ["ENDED", "MEMORY", "START", "Worker", "apart", "check_apart", "close", "send", "serve"]
