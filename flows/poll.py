"""Poll: looks whether a source has something new, and runs the pipeline only if it has."""

from __future__ import annotations

from prefect import State, flow, get_run_logger, task
from prefect.runtime import flow_run
from prefect.states import Completed

from flows.notify import failures_told
from flows.pipeline import run_stages
from flows.polling import Found, find_new, known_marks, remember
from flows.record import new_run_id
from flows.retries import worker_died
from flows.settings import Settings
from flows.sources import SETTLE_S, NamedSource, read_sources, said_by, unnamed
from warehouse.lake import write_json


@task(
    task_run_name="look-{source.name}",
    tags=["poll"],
    retries=2,
    retry_delay_seconds=10,
    retry_condition_fn=worker_died,
    persist_result=False,
)
def look(source: NamedSource, settings: Settings) -> Found:
    """What is new and complete at the source."""
    said_of = said_by(read_sources(settings.sources))
    known = known_marks(settings.at_home(), source.name)
    found = find_new(source.paths, known, lambda file: said_of(file).said(), settle_s=source.settle_s)
    get_run_logger().info(
        "%s: %d of %d files are new, %d more are still being written", source.name, len(found.new), found.n_seen, found.waiting
    )
    return found


@flow(name="poll", flow_run_name=new_run_id)
def poll(
    source: str = "",
    paths: list[str] | None = None,
    home: str = "data",
    sources: str | None = None,
    settle_s: float = SETTLE_S,
    workers: int | None = None,
    batch_size: int = 256,
    model: str = "",
) -> State[str]:
    """Lands what is new and complete at a source and publishes the warehouse; ends after one task if nothing is.

    Args:
        source: Name of a source of sources.toml.
        paths: Folders or globs, if no source is named.
        home: Folder of raw files, lake and warehouse.
        sources: sources.toml.
        settle_s: Seconds for which a file must not have changed; a source of sources.toml has its own.
        workers: Worker processes; all usable cores if empty.
        batch_size: Documents per part of the lake.
        model: spaCy pipeline, empty for the embedded one.
    """
    given: dict[str, object] = {"home": home, "batch_size": batch_size, "model": model}
    settings = Settings(**given | {k: v for k, v in {"workers": workers, "sources": sources}.items() if v})  # type: ignore[arg-type]
    polled = read_sources(settings.sources).get(source) if source else unnamed(paths or [], settle_s=settle_s)
    with failures_told(settings, flow_run.name, f"poll of {polled.name}"):
        found = look(polled, settings)
        if not found.new:
            return Completed(name="NothingNew", message=f"{found.n_seen} files, none new, {found.waiting} not complete yet", data="")
        listed = settings.at_home().path / "polls" / f"{polled.name}.new.json"
        write_json(listed, list(found.new))
        summary = run_stages.fn([f"@{listed}"], settings, flow_run.name)
        remember(settings.at_home(), polled.name, found.marks)
    return Completed(message=f"{len(found.new)} of {found.n_seen} files were new", data=summary.run_id)
