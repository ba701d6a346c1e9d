"""What clean and extract share: every current part of the stage before becomes a part of this one, in parallel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prefect import get_run_logger, task

from flows.artifacts import stage_artifact
from flows.errors import LostInput, PartTimedOut
from flows.lines import known_lines
from flows.make import PartJob, PartReport, current_keys, make_part
from flows.progress import steps
from flows.record import StageResult, timed, write_stage
from flows.retries import worker_died
from flows.settings import Settings
from flows.versions import maker_version
from flows.workers import WorkerPool, worker_pool
from transforms.cleaning.repeated import RepeatedLines
from warehouse.lake import Home, drop_parts, drop_run_files, part_key, read_manifests
from warehouse.schema import CONTENT_STAGES


@task(task_run_name="{stage}-{number}", retries=2, retry_condition_fn=worker_died, persist_result=False)
def make_one(stage: str, number: int, job: PartJob, pool: WorkerPool, seconds: float) -> PartReport:
    """Makes one part in a worker."""
    return pool.run(make_part, job, seconds=seconds)


def make_stage(stage: str, settings: Settings, run_id: str) -> StageResult:
    """Makes the missing parts of a stage and removes those that they replace."""
    home = settings.at_home()
    versions = {s: maker_version(s, settings) for s in CONTENT_STAGES}
    before = CONTENT_STAGES[CONTENT_STAGES.index(stage) - 1]
    model = settings.model if stage == "extract" else ""
    lines = known_lines(settings) if stage == "clean" else RepeatedLines()
    with timed() as (started, took), worker_pool(settings.workers) as pool:
        made = read_manifests(home, stage)
        inputs = current_keys(home, before, versions)
        jobs = [
            PartJob(home.path, stage, key, versions[stage], model, settings.max_reject_share, run_id, lines)
            for key in inputs
            if part_key(stage, versions[stage], key) not in made
        ]
        get_run_logger().info(f"{stage}: %d of %d parts are to be made by %d workers", len(jobs), len(inputs), settings.workers)
        limit = settings.part_timeout_s
        one = make_one.with_options(tags=[stage])
        futures = [one.submit(stage, n, job, pool, limit) for n, job in enumerate(jobs)]
        reports = [_report(stage, job, future, limit) for job, future in zip(jobs, steps(stage, futures), strict=True)]
    _drop_superseded(home, stage, versions)
    result = _result(home, stage, versions, reports, started, took[0])
    write_stage(home, run_id, result)
    stage_artifact(run_id, result)
    return result


def _report(stage: str, job: PartJob, future: Any, limit: float) -> PartReport:
    try:
        report: PartReport = future.result()
    except TimeoutError as exc:
        raise PartTimedOut(
            f"part {job.made_from} of {stage} did not end within {limit:g} s",
            hint="if its documents are only long, raise DATELINE_PART_TIMEOUT_S; what is made stays made",
        ) from exc
    return report


def _drop_superseded(home: Home, stage: str, versions: Mapping[str, str]) -> None:
    current = set(current_keys(home, stage, versions))
    drop_parts(home, stage, sorted(set(read_manifests(home, stage)) - current))
    drop_run_files(home, "rejects", stage, current)


def _result(home: Home, stage: str, versions: Mapping[str, str], reports: list[PartReport], started: Any, took: float) -> StageResult:
    manifests = read_manifests(home, stage)
    current = [manifests[k] for k in current_keys(home, stage, versions)]
    n_in, n_out, n_rejected = (sum(getattr(m, n) for m in current) for n in ("n_in", "n_out", "n_rejected"))
    if n_in != n_out + n_rejected:
        raise LostInput(f"{stage} took in {n_in} documents, but {n_out} came out and {n_rejected} were rejected")
    rows: dict[str, int] = {}
    for manifest in current:
        for name, n in manifest.rows.items():
            rows[name] = rows.get(name, 0) + n
    failed = [row for report in reports for row in report.failed]
    return StageResult(
        stage, n_in, n_out, n_rejected, n_in - sum(r.n_in for r in reports), took, started, sum(r.gate_s for r in reports), rows, failed
    )
