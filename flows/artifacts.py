"""What a run shows in the Prefect UI: a table and lines of the log per stage, failed expectations in words, a link to the report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from prefect import get_run_logger
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from flows.record import StageResult
from warehouse.schema import Row


def stage_artifact(run_id: str, result: StageResult) -> None:
    """A table and a line of what the stage took in and made, and a markdown page and lines if expectations failed."""
    log_stage(result)
    counts = [
        {
            "stage": result.stage,
            "in": result.n_in,
            "out": result.n_out,
            "rejected": result.n_rejected,
            "already made": result.n_reused,
            "seconds": round(result.duration_s, 2),
        }
    ]
    create_table_artifact(key=f"stage-{result.stage}", table=counts, description=f"Stage {result.stage} of {run_id}")
    if result.rows:
        rows = [{"table": name, "rows": n} for name, n in result.rows.items()]
        create_table_artifact(key=f"rows-{result.stage}", table=rows, description=f"Rows after stage {result.stage} of {run_id}")
    if result.failed:
        failed_artifact(result.stage, result.failed)


def log_stage(result: StageResult) -> None:
    """What the stage did in the log of the flow run that calls: that of the stage, and that of the run, whose page shows no other."""
    log = get_run_logger()
    counts = (result.n_in, result.n_out, result.n_rejected, result.n_reused, result.duration_s)
    log.info(f"{result.stage}: %d in, %d out, %d rejected, %d already made, %.1f s", *counts)
    for row in result.failed:
        log.warning(
            "%s: %s does not hold for %s of %s rows (%s)",
            row["table_name"], row["expectation"], row["n_failed"], row["n_checked"], row["severity"],
        )  # fmt: skip


def failed_artifact(what: str, failed: Sequence[Row]) -> None:
    """A markdown page of expectations that failed in ``what``: a stage, or validate."""
    create_markdown_artifact(key=f"failed-{what}", markdown=_failed(what, failed), description=f"Failed expectations of {what}")


def report_artifact(report: Path) -> None:
    """A link to the validation report, and where it lies in the log."""
    get_run_logger().info("validation report: %s", report)
    create_link_artifact(
        key="validation-report", link=report.as_uri(), link_text="validation report", description="Every expectation of this run"
    )


def _failed(what: str, failed: Sequence[Row]) -> str:
    lines = [
        f"# Expectations that failed in {what}", "", "| table | expectation | severity | rows | why it is expected |", "|---|---|---|---|---|"
    ]  # fmt: skip
    lines += [
        f"| {r['table_name']} | {r['expectation']} | {r['severity']} | {r['n_failed']} of {r['n_checked']} | {r['detail'] or ''} |"
        for r in failed
    ]
    return "\n".join(lines)
