"""Runs the pipeline over a home and tells what came out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from flows.pipeline import RunSummary, run_stages
from flows.record import new_run_id
from flows.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "samples" / "sources.toml"


def run(home: Path, *paths: Path, stages: tuple[str, ...] | None = None, **settings: object) -> RunSummary:
    """One run in this process; workers 1 unless said."""
    given = Settings(home=home, sources=SOURCES, **{"workers": 1, **settings})  # type: ignore[arg-type]
    more = {"stages": stages} if stages else {}
    return run_stages([str(p) for p in paths], given, new_run_id(), **more)


def start(home: Path, path: Path, *options: str, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
    """The command line in a process of its own, so that it can be killed; on the tests' Prefect server, since its own would outlive it."""
    from prefect.settings import PREFECT_API_URL

    command = [sys.executable, "-m", "flows", "run", str(path), "--home", str(home), "--sources", str(SOURCES), *options]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PREFECT_API_URL": PREFECT_API_URL.value(), **(env or {})},
    )


def counts(summary: RunSummary) -> dict[str, tuple[int, int, int, int]]:
    """in, out, rejected, already made by stage."""
    return {s.stage: (s.n_in, s.n_out, s.n_rejected, s.n_reused) for s in summary.stages}
