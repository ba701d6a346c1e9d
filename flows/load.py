"""Load: the lake's tables into a new DuckDB file, checked and put in place by one rename."""

from __future__ import annotations

from prefect import flow, task
from prefect.events import emit_event

from flows.artifacts import stage_artifact
from flows.errors import BelowExpectation
from flows.link import link_key
from flows.record import StageResult, timed, write_stage
from flows.settings import Settings
from warehouse.lake import read_manifests, write_run_table
from warehouse.schema import make_id

PUBLISHED = "dateline.warehouse.published"


@task(task_run_name="load-{run_id}", tags=["duckdb-write"], persist_result=False)
def publish(settings: Settings, run_id: str) -> tuple[dict[str, int], bool]:
    """Builds and publishes the warehouse; where the content is the same, only the run tables are renewed. Gives rows per table, and if it was built."""
    from expectations.load import check_warehouse
    from transforms.rules import all_rules
    from warehouse.load import LoadFailed, build_warehouse, refresh_runs, warehouse_key

    home = settings.at_home()
    key, content = link_key(home, settings)
    keys = {**content, "link": [key]}
    results: list[dict[str, object]] = []

    def check(con: object) -> None:
        results.extend(check_warehouse(con))

    try:
        fresh = home.warehouse.exists() and refresh_runs(home, warehouse_key(keys))
        rows = fresh or build_warehouse(home, keys, rules=all_rules(), check=check)
    except LoadFailed as exc:
        linked = key in read_manifests(home, "link")
        hint = "the warehouse is as it was; " + ("see: dateline validate" if linked else "link what has changed: dateline link")
        raise BelowExpectation(f"stage load stopped: {exc}", hint=hint) from exc
    finally:
        if results:
            write_run_table(home, "expectation_results", f"{run_id}-load", [{**r, "run_id": run_id} for r in results])
    return rows.rows, not fresh


@flow(name="load", flow_run_name="load-{run_id}", validate_parameters=False)
def load(settings: Settings, run_id: str) -> StageResult:
    """Publishes the warehouse whole: readers keep the old file until they open the new one."""
    with timed() as (started, took):
        rows, built = publish(settings, run_id)
    n = rows.get("documents", 0)
    result = StageResult("load", n, n, 0, 0 if built else n, took[0], started, 0.0, rows)
    write_stage(settings.at_home(), run_id, result)
    stage_artifact(run_id, result)
    _tell_published(settings, run_id, rows, built)
    return result


def _tell_published(settings: Settings, run_id: str, rows: dict[str, int], built: bool) -> None:
    """Emits the event that automations and triggers of deployments wait for. ``dateline.content``: new, or the same with renewed run tables."""
    home = settings.at_home()
    resource = {
        "prefect.resource.id": f"dateline.warehouse.{make_id('home', str(home.path))}",
        "prefect.resource.name": str(home.warehouse),
        "dateline.home": str(home.path),
        "dateline.content": "new" if built else "same",
    }
    emit_event(PUBLISHED, resource=resource, payload={"run_id": run_id, "rows": rows})
