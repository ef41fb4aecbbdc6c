"""A time limit that holds inside a call which does not come back by itself, such as a hanging ``simplify``.

Two mechanisms, one behaviour:

- In the main thread of Linux and macOS the operating system's interval timer interrupts the call.
- Anywhere else (another thread, Windows, Pyodide, where neither timers nor processes can be had) the time is
  looked at every few Python function calls. SymPy calls functions all the time, so this ends it as surely; it
  costs some speed, and a loop that calls nothing would not be ended.

What is limited is the processor's time, not the clock's: a proof that waits for its turn on a busy machine has
the same chance as on a quiet one. The timer counts what the whole process computes, the tracer what its thread
does; where no time is kept for a thread, it reads the clock.

Limits nest: the inner one never outlasts the outer. Neither interrupts one long operation of the interpreter
itself, such as ``9**9**9``. Input from strangers is bounded before it is built, and belongs in a process (in a
browser: a worker) that can be ended.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from types import FrameType
from typing import Any

#: The time that the running thread has used of the processor, in seconds.
_used = getattr(time, "thread_time", time.monotonic)


class OutOfTime(BaseException):
    """The limit was reached. Not an Exception, so that no handler inside SymPy swallows it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise OutOfTime inside the block when it has computed for ``seconds``.

    >>> with time_limit(60):
    ...     1 + 1
    2
    """
    timer = hasattr(signal, "setitimer") and sys.platform != "emscripten"
    with (_alarm if timer and threading.current_thread() is threading.main_thread() else _clock)(seconds):
        yield


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    over = False

    def ring(number: int, frame: FrameType | None) -> None:
        if not over:
            raise OutOfTime

    started = time.process_time()
    outer, repeat = signal.getitimer(signal.ITIMER_PROF)
    previous = signal.signal(signal.SIGPROF, ring)
    try:
        # The alarm repeats: were one swallowed by a bare "except", the next would follow.
        signal.setitimer(signal.ITIMER_PROF, min(seconds, outer) if outer else seconds, 0.05)
        yield
    finally:
        over = True  # before anything else, so that no late alarm interrupts the way out
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)
        if outer:
            signal.setitimer(signal.ITIMER_PROF, max(outer - (time.process_time() - started), 1e-3), repeat)


@contextmanager
def _clock(seconds: float) -> Iterator[None]:
    deadline, previous, profiler = _used() + seconds, sys.gettrace(), sys.getprofile()
    due = cycle([True] + [False] * 31)  # asking for the time takes longer than most calls

    def look(frame: FrameType, event: Any, arg: Any) -> None:
        nonlocal deadline
        if next(due) and _used() > deadline:
            # Python drops a tracer that raises. Were the error swallowed (a destructor's is), the profiler,
            # which stays, puts the tracer back a little later, as the alarm repeats.
            deadline = _used() + 0.05
            sys.setprofile(again)
            raise OutOfTime
        if previous is not None:  # an outer limit, or a debugger
            previous(frame, event, arg)

    def again(frame: FrameType, event: str, arg: Any) -> None:
        if next(due) and _used() > deadline:
            sys.settrace(look)

    sys.settrace(look)
    try:
        yield
    finally:
        sys.setprofile(profiler)
        sys.settrace(previous)
