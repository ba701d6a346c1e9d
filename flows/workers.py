"""Worker processes that load the model once and end with their parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from multiprocessing import active_children, get_context
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class PoolAborted(Exception):
    """The pool takes no more jobs."""


class WorkerPool:
    """Runs jobs in ``n`` spawned processes, or in this one if ``n`` is 1. A broken pool is replaced on the next job."""

    def __init__(self, n: int) -> None:
        self.n = n
        self._lock = threading.Lock()
        self._slots = threading.Semaphore(n)
        self._executor: Executor | None = None
        self._aborted = False

    def run(self, function: Callable[[T], R], job: T, *, seconds: float | None = None) -> R:
        """The result of ``function(job)``; exceptions of the job are raised here.

        Time counts from when a worker takes the job.

        Raises:
            BrokenProcessPool: the worker died (killed, out of memory); the job can be tried again.
            TimeoutError: the job took longer than ``seconds``. Its workers were killed; in this process (``n`` is 1)
                its thread is left behind and ends with the process.
        """
        if self.n == 1:
            with self._lock:
                return _run_in_thread(function, job, seconds)
        with self._slots:  # no job waits in the executor's queue, so its time is its own
            return self._run_in_worker(function, job, seconds)

    def _run_in_worker(self, function: Callable[[T], R], job: T, seconds: float | None) -> R:
        executor = self._running()
        try:
            future: Future[R] = executor.submit(function, job)
            return future.result(timeout=seconds)
        except (BrokenProcessPool, TimeoutError) as exc:
            with self._lock:
                if self._executor is executor:
                    self._executor = None
            if isinstance(exc, TimeoutError):
                _kill_workers()
            raise

    def abort(self) -> None:
        """Kills the workers and takes no more jobs: the run has failed or was told to stop, and must not wait for parts under way."""
        self._aborted = True
        _kill_workers()

    def close(self) -> None:
        """Ends the workers; jobs under way are cancelled where they have not begun."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None

    def _running(self) -> Executor:
        with self._lock:
            if self._aborted:
                raise PoolAborted
            if self._executor is None:
                self._executor = ProcessPoolExecutor(
                    self.n, mp_context=get_context("spawn"), initializer=_start_worker, initargs=(os.getpid(),)
                )
            return self._executor


_POOL: ContextVar[WorkerPool | None] = ContextVar("dateline_worker_pool", default=None)


@contextmanager
def worker_pool(n: int) -> Iterator[WorkerPool]:
    """The pool of the run under way, so that stages share loaded models; a new one of ``n`` processes outside of a run.

    An exception in the block aborts the pool, since Prefect waits for the tasks of a flow that fails.
    """
    running = _POOL.get()
    pool = running or WorkerPool(n)
    token = _POOL.set(pool)
    try:
        yield pool
    except BaseException:
        pool.abort()
        raise
    finally:
        _POOL.reset(token)
        if running is None:
            pool.close()


def one_thread_per_process() -> None:
    """Keeps numeric libraries to one thread, so that processes do not fight for cores and sums do not depend on their number."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def _run_in_thread(function: Callable[[T], R], job: T, seconds: float | None) -> R:
    """Like ``function(job)``, in a daemon thread: one that hangs keeps neither its caller nor the end of the process waiting."""
    future: Future[R] = Future()
    context = copy_context()

    def settle() -> None:
        try:
            future.set_result(context.run(function, job))
        except BaseException as exc:  # noqa: BLE001 - the caller raises it
            future.set_exception(exc)

    threading.Thread(target=settle, daemon=True).start()
    return future.result(timeout=seconds)


def _kill_workers() -> None:
    for worker in active_children():
        worker.kill()


@contextmanager
def server_ends_with_process() -> Iterator[None]:
    """Within the block a kill -9 of this process ends its temporary Prefect server, too: no handler of ours runs then.

    A shell holds the reading end of a pipe whose writing end is here; the end of this process closes it.
    """
    module = sys.modules.get("prefect.server.api.server")
    running = [s.server_process.pid for s in module.SubprocessASGIServer._instances.values() if s.server_process] if module else []
    watchers = [
        subprocess.Popen(["/bin/sh", "-c", 'read _; kill "$0"', str(pid)], stdin=subprocess.PIPE, start_new_session=True) for pid in running
    ]
    try:
        yield
    finally:
        for watcher in watchers:
            watcher.kill()
            watcher.communicate()


def _start_worker(parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides what it means
    one_thread_per_process()
    threading.Thread(target=_end_with_parent, args=(parent,), daemon=True).start()


def _end_with_parent(parent: int) -> Any:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
