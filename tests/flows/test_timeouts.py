"""A part that hangs is ended, its workers with it; what was made stays, and the next run goes on."""

from __future__ import annotations

import os
import threading
import time
from multiprocessing import active_children
from pathlib import Path

import pytest

from flows.errors import PartTimedOut
from flows.workers import WorkerPool
from tests.flows.support import ROOT, counts, run, start

pytestmark = pytest.mark.usefixtures("prefect_server")

TEXT = "Council buys two ferries\n\nBERGEN - The council of Bergen bought two ferries on Monday, the mayor said. Each takes 40 cars.\n"


def _hang_once(_: object) -> None:
    time.sleep(60)  # ends at last, since a thread that is left behind outlives its test


def _hang(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def test_job_that_hangs_in_this_process_is_left_behind() -> None:
    ended = threading.Event()
    pool = WorkerPool(1)
    try:
        with pytest.raises(TimeoutError):
            pool.run(lambda _: ended.wait(), None, seconds=0.2)
        assert pool.run(_hang, 0.0, seconds=60) == 0.0, "the next job does not wait for it"
        with pytest.raises(ZeroDivisionError):
            pool.run(lambda n: 1 / n, 0)
    finally:
        ended.set()


def test_hanging_job_is_ended_with_its_worker() -> None:
    pool = WorkerPool(2)
    try:
        assert pool.run(_hang, 0.0, seconds=60) == 0.0
        with pytest.raises(TimeoutError):
            pool.run(_hang, 600.0, seconds=0.5)
        deadline = time.monotonic() + 30
        while active_children() and time.monotonic() < deadline:  # not join(): the executor's own thread waits for them too
            time.sleep(0.05)
        assert not active_children()
        assert pool.run(_hang, 0.0, seconds=60) == 0.0, "the next job gets new workers"
    finally:
        pool.close()


@pytest.mark.parametrize("workers", [1, 2])
def test_run_stops_with_the_part_that_hangs_and_the_next_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "ferries.txt").write_text(TEXT, "utf-8")
    with monkeypatch.context() as hanging, pytest.raises(PartTimedOut, match="did not end within"):
        hanging.setattr("flows.parts.make_part", _hang_once)
        run(tmp_path / "home", drop, part_timeout_s=2, workers=workers)
    summary = run(tmp_path / "home", drop, stages=("land", "clean"))
    assert counts(summary)["clean"] == (1, 1, 0, 0)


def test_sigterm_does_not_wait_for_parts_under_way(tmp_path: Path) -> None:
    """Prefect waits for the tasks of a flow that it stops; here one of them never ends."""
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "ferries.txt").write_text(TEXT, "utf-8")
    (tmp_path / "sitecustomize.py").write_text(
        f"import pathlib, time, transforms.cleaning as c\n"
        f"c.clean_document = lambda *_, **__: (pathlib.Path({str(tmp_path / 'hangs')!r}).touch(), time.sleep(3600))\n",
        "utf-8",
    )
    process = start(tmp_path / "home", drop, "--workers", "2", env={"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"})
    deadline = time.monotonic() + 120
    while not (tmp_path / "hangs").exists() and time.monotonic() < deadline:
        time.sleep(0.2)
    process.terminate()
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 143, output
