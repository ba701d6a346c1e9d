"""Flows beside the pipeline: everything judged again, and views written for others once a warehouse is published."""

from __future__ import annotations

from pathlib import Path

from prefect import flow
from prefect.runtime import flow_run

from flows.artifacts import failed_artifact
from flows.call import Call
from flows.commands_check import check_all, stop_if_critical
from flows.commands_sql import export as export_view
from flows.notify import failures_told, tell_drift
from flows.pipeline import alone_in
from flows.record import new_run_id
from flows.settings import Settings


@flow(name="validate", flow_run_name=new_run_id)
def validate(home: str = "data") -> int:
    """Judges every part of the lake and the warehouse again, changes nothing, and looks whether a source has fallen silent.

    Gives the number of expectations; fails if a critical one does not hold.

    Args:
        home: Folder of lake and warehouse.
    """
    settings = Settings(home=Path(home))
    call = Call(settings, {"home": home})
    with failures_told(settings, flow_run.name, "validate"), alone_in(settings.at_home(), settings.home_wait_s):
        groups = check_all(call)
        failed = [g for g in groups if g["parts_failed"]]
        if failed:
            failed_artifact("validate", failed)
        stop_if_critical(call, failed)
    tell_drift(settings, flow_run.name)
    return len(groups)


@flow(name="export")
def export(views: list[str], home: str = "data", out: str = "", format: str = "parquet") -> list[str]:
    """Writes views or tables of the warehouse to files that are replaced whole; gives their paths.

    Args:
        views: Names of views or tables.
        home: Folder of the warehouse.
        out: Folder of the files, made if it is not there; ``exports`` in the home if empty.
        format: csv, json or parquet.
    """
    call = Call(Settings(home=Path(home)), {"home": home})
    folder = Path(out).expanduser() if out else call.settings.at_home().path / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{view}.{format}" for view in views]
    for view, file in zip(views, files, strict=True):
        export_view(call, view, format, file)
    return [str(file) for file in files]
