"""Who does the work: processes of this machine, or a cluster's workers through Dask."""

from __future__ import annotations

import os
import platform
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any

__all__ = ["cluster", "executor", "peak_memory", "this_worker", "threads"]


@contextmanager
def executor(scheduler: str | None = None, workers: int | None = None) -> Iterator[Executor]:
    """Give an executor: a process on each core (or ``workers`` of them), or the cluster at an address.

    On leaving, work that has not begun is dropped. Raises ModuleNotFoundError where Dask is needed and missing,
    OSError where no scheduler answers.
    """
    if scheduler is None:
        # spawn: the same on every system, and safe whatever threads there are
        pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_begin)
        try:
            yield pool
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    else:
        with cluster(scheduler) as there:
            yield there


@contextmanager
def threads(workers: int | None = None) -> Iterator[Executor]:
    """Give an executor of threads, one for each core (or ``workers``), for work in processes of its own.

    On leaving, work that has not begun is dropped.
    """
    pool = ThreadPoolExecutor(workers or os.cpu_count())
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def cluster(scheduler: str) -> Iterator[Executor]:
    """Give an executor of the cluster at an address.

    On leaving, work that has not begun is dropped. Raises ModuleNotFoundError where Dask is missing, OSError where
    no scheduler answers.
    """
    with _client(scheduler) as client:
        pool = client.get_executor(pure=False)
        try:
            yield pool
        finally:
            pool.shutdown(wait=False)


def _client(scheduler: str) -> Any:
    from distributed import Client

    try:
        return Client(scheduler)
    except ValueError as malformed:
        raise ConnectionError(f"{scheduler} is no scheduler's address: {malformed}") from None


def _begin() -> None:
    """A worker leaves Ctrl-C to its parent, and does not outlive it, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)


def this_worker() -> dict[str, Any]:
    """Return who this process is, and the most memory that it has held, in MiB."""
    return {"host": platform.node(), "pid": os.getpid(), "peak_mib": peak_memory()}


def peak_memory() -> float | None:
    """Return the largest resident size of this process so far, in MiB; None where the system does not say."""
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)  # bytes there, KiB elsewhere
