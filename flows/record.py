"""What a run leaves behind in the run tables: its settings, its stages' counts, how it ended."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version

from flows.settings import Settings
from flows.versions import maker_version
from warehouse.lake import Home, read_run_table, write_run_table
from warehouse.schema import CONTENT_STAGES, Row, make_id

PACKAGES = ("dateline", "prefect", "duckdb", "spacy", "pyarrow", "great-expectations")


@dataclass(frozen=True, slots=True)
class StageResult:
    """Counts of one stage: land counts records, the others documents. ``gate_s``: seconds of expectations, added up over workers."""

    stage: str
    n_in: int
    n_out: int
    n_rejected: int
    n_reused: int
    duration_s: float
    started_at: datetime
    gate_s: float = 0.0
    rows: dict[str, int] = field(default_factory=dict)
    failed: list[Row] = field(default_factory=list)


def new_run_id() -> str:
    """A name for a run that sorts by time."""
    now = datetime.now(UTC)
    return f"run_{now:%Y%m%dT%H%M%S}_{make_id('r', now.isoformat(), time.monotonic_ns())[-6:]}"


@contextmanager
def timed() -> Iterator[tuple[datetime, list[float]]]:
    """Start as an instant, and after the block its seconds."""
    started, clock, took = datetime.now(UTC), time.perf_counter(), [0.0]
    yield started, took
    took[0] = time.perf_counter() - clock


def versions(settings: Settings) -> dict[str, str]:
    """Versions of packages and makers that the run uses."""
    return {
        "python": platform.python_version(),
        **{p: version(p) for p in PACKAGES},
        **{stage: maker_version(stage, settings) for stage in (*CONTENT_STAGES, "link")},
    }


def write_run(home: Home, run_id: str, flow_name: str, settings: Settings, *, status: str, started_at: datetime, finished: bool) -> None:
    """Writes the run's row, replacing an earlier one of the same run."""
    now = datetime.now(UTC)
    row = {
        "run_id": run_id,
        "flow_name": flow_name,
        "status": status,
        "started_at": started_at,
        "finished_at": now if finished else None,
        "duration_s": (now - started_at).total_seconds() if finished else None,
        "settings_json": json.dumps(settings.model_dump(mode="json"), sort_keys=True),
        "versions_json": json.dumps(versions(settings), sort_keys=True),
    }
    write_run_table(home, "runs", run_id, [row])


def close_lost_runs(home: Home) -> None:
    """Runs that a kill cut off are written as failed; only the holder of the home's lock may call this."""
    for row in read_run_table(home, "runs").to_pylist():
        if row["status"] == "running":
            write_run_table(home, "runs", row["run_id"], [{**row, "status": "failed"}])


def write_stage(home: Home, run_id: str, result: StageResult) -> None:
    """Writes the row of one stage of a run."""
    names = ("stage", "n_in", "n_out", "n_rejected", "n_reused", "started_at", "duration_s")
    write_run_table(home, "stage_results", f"{run_id}-{result.stage}", [{"run_id": run_id} | {n: getattr(result, n) for n in names}])
