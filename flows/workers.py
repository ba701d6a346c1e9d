"""Worker processes that load the model once and end with their parent."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from contextvars import ContextVar
from multiprocessing import get_context
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class WorkerPool:
    """Runs jobs in ``n`` spawned processes, or in this one if ``n`` is 1. A broken pool is replaced on the next job."""

    def __init__(self, n: int) -> None:
        self.n = n
        self._lock = threading.Lock()
        self._executor: Executor | None = None

    def run(self, function: Callable[[T], R], job: T) -> R:
        """The result of ``function(job)``; exceptions of the job are raised here.

        Raises:
            BrokenProcessPool: the worker died (killed, out of memory); the job can be tried again.
        """
        if self.n == 1:
            with self._lock:
                return function(job)
        executor = self._running()
        try:
            future: Future[R] = executor.submit(function, job)
            return future.result()
        except BrokenProcessPool:
            with self._lock:
                if self._executor is executor:
                    self._executor = None
            raise

    def close(self) -> None:
        """Ends the workers; jobs under way are cancelled where they have not begun."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None

    def _running(self) -> Executor:
        with self._lock:
            if self._executor is None:
                self._executor = ProcessPoolExecutor(
                    self.n, mp_context=get_context("spawn"), initializer=_start_worker, initargs=(os.getpid(),)
                )
            return self._executor


_POOL: ContextVar[WorkerPool | None] = ContextVar("dateline_worker_pool", default=None)


@contextmanager
def worker_pool(n: int) -> Iterator[WorkerPool]:
    """The pool of the run under way, so that stages share loaded models; a new one of ``n`` processes outside of a run."""
    running = _POOL.get()
    if running is not None:
        yield running
        return
    pool = WorkerPool(n)
    token = _POOL.set(pool)
    try:
        yield pool
    finally:
        _POOL.reset(token)
        pool.close()


def one_thread_per_process() -> None:
    """Keeps numeric libraries to one thread, so that processes do not fight for cores and sums do not depend on their number."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def _start_worker(parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides what it means
    one_thread_per_process()
    threading.Thread(target=_end_with_parent, args=(parent,), daemon=True).start()


def _end_with_parent(parent: int) -> Any:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
