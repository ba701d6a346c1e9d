"""START HERE: the whole way of a document, from files to a published warehouse."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from prefect import flow
from prefect.runtime import flow_run

from flows.artifacts import log_stage, report_artifact
from flows.clean import clean
from flows.corrections import read_corrections
from flows.errors import BelowExpectation, HomeBusy
from flows.extract import check_model, extract
from flows.land import land
from flows.lines import known_lines
from flows.link import link
from flows.load import load
from flows.notify import failures_told, tell_drift
from flows.progress import ended
from flows.record import StageResult, close_lost_runs, new_run_id, timed, write_run
from flows.report import write_report
from flows.settings import Settings
from flows.workers import one_thread_per_process, server_ends_with_process, worker_pool
from warehouse.lake import Home, HomeLocked, locked, sweep, write_run_table

AFTER_LAND = {"clean": clean, "extract": extract, "link": link, "load": load}
STAGES = ("land", *AFTER_LAND)
LOOK_AGAIN_S = 5.0


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run did and where to look."""

    run_id: str
    stages: list[StageResult]
    warehouse: Path
    lake: Path
    report: Path


@flow(name="dateline", flow_run_name="{run_id}", validate_parameters=False)
def run_stages(paths: list[str], settings: Settings, run_id: str, stages: tuple[str, ...] = STAGES) -> RunSummary:
    """Runs stages in their order over one home; each ends in its expectations, and the next sees only what passed.

    A second run over the same input finds every part made and does no work. A killed run leaves no half part; the next
    run sweeps and goes on.
    """
    home = settings.at_home()
    one_thread_per_process()
    known_lines.cache_clear()
    check_model(settings)
    read_corrections(settings)
    results: list[StageResult] = []
    with alone_in(home, settings.home_wait_s), timed() as (started, _), worker_pool(settings.workers), server_ends_with_process():
        sweep(home)
        close_lost_runs(home)
        write_run(home, run_id, "dateline", settings, status="running", started_at=started, finished=False)
        try:
            for name in stages:
                if name == "load":  # the file that load publishes tells of this run, too
                    write_run(home, run_id, "dateline", settings, status="completed", started_at=started, finished=True)
                made = land(paths, settings, run_id) if name == "land" else AFTER_LAND[name](settings, run_id)
                results.append(ended(_as_a_whole(home, run_id, made)))
                log_stage(results[-1])
            write_run(home, run_id, "dateline", settings, status="completed", started_at=started, finished=True)
        except BaseException:
            write_run(home, run_id, "dateline", settings, status="failed", started_at=started, finished=True)
            raise
        finally:
            report = write_report(home, run_id)
            report_artifact(report)
    if "load" in stages:
        tell_drift(settings, run_id)
    return RunSummary(run_id, results, home.warehouse, home.lake, report)


def _as_a_whole(home: Home, run_id: str, made: StageResult) -> StageResult:
    """The stage's result with what is wrong with it as a whole: drift is told, a broken chain of stages stops the run."""
    from expectations.runs import check_run_stage

    verdict = check_run_stage(home, run_id, made.stage)
    if verdict.results:
        write_run_table(home, "expectation_results", f"{run_id}-whole-{made.stage}", [{**r, "run_id": run_id} for r in verdict.results])
    if verdict.stops:
        raise BelowExpectation(f"stage {made.stage} stopped: {'; '.join(verdict.stops)}", hint="type: dateline repair, then run again")
    return replace(made, failed=[*made.failed, *(r for r in verdict.results if not r["success"])])


@contextmanager
def alone_in(home: Home, wait_s: float) -> Iterator[None]:
    """Holds the home; where another run has it, waits for at most ``wait_s``."""
    deadline = time.monotonic() + wait_s
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(locked(home))
                break
            except HomeLocked as exc:
                if time.monotonic() >= deadline:
                    raise HomeBusy(str(exc), hint="wait for it (DATELINE_HOME_WAIT_S), or use another home: --home") from exc
            time.sleep(min(LOOK_AGAIN_S, max(deadline - time.monotonic(), 0)))
        yield


@flow(name="pipeline", flow_run_name=new_run_id)
def pipeline(
    paths: list[str], home: str = "data", workers: int | None = None, batch_size: int = 256, model: str = "", sources: str | None = None
) -> str:
    """Files in, a warehouse out. The deployments of ``prefect.yaml`` run this; its parameters make the form in the UI.

    Args:
        paths: Files, folders or globs to land.
        home: Folder of raw files, lake and warehouse.
        workers: Worker processes; all usable cores if empty.
        batch_size: Documents per part of the lake.
        model: spaCy pipeline, empty for the embedded one.
        sources: sources.toml with publisher, zone and mapping by file name.
    """
    given: dict[str, object] = {"home": home, "batch_size": batch_size, "model": model}
    given |= {k: v for k, v in {"workers": workers, "sources": sources}.items() if v}
    settings = Settings(**given)  # type: ignore[arg-type]
    with failures_told(settings, flow_run.name, "pipeline"):
        return run_stages.fn(paths, settings, flow_run.name).run_id


@flow(name="rebuild", flow_run_name=new_run_id)
def rebuild(home: str = "data", model: str = "") -> str:
    """Makes the warehouse anew from lake and runs alone: links and loads, reads nothing.

    Args:
        home: Folder of lake and warehouse.
        model: spaCy pipeline that made the lake, empty for the embedded one.
    """
    settings = Settings(home=Path(home), model=model)
    settings.at_home().warehouse.unlink(missing_ok=True)
    with failures_told(settings, flow_run.name, "rebuild"):
        return run_stages.fn([], settings, flow_run.name, ("link", "load")).run_id
