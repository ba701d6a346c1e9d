"""dateline serve: sources polled on their schedules by Prefect's own runner, with a server of its own if there is none."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from flows.call import Call, origin_of
from flows.commands_run import prepare
from flows.errors import BadSetting, NoServer
from flows.polling import list_files
from flows.sources import NamedSource, check_schedule, read_sources, seconds_of, unnamed

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment

EVERY = "5m"
HEARTBEAT_S = 30
"""The shortest that Prefect allows; ``automations.yaml`` gives a run up after three."""
HOME_WAIT_S = "3600"
START_S = 180.0
FIRST_LOOK = timedelta(seconds=10)
"""An interval begins with a look; Prefect keeps no schedule whose begin has passed when the deployment is there."""
HOST = "127.0.0.1"
AUTOMATIONS = Path(__file__).parent / "automations.yaml"


def serve(call: Call, paths: Sequence[str], *, every: str | None, cron: str | None, timezone: str, port: int) -> None:
    """Polls until it is stopped.

    Raises:
        BadSetting: there is nothing to poll, or a schedule that is not understood.
        NoServer: the server of PREFECT_API_URL does not answer, or an own one did not start.
    """
    served = _served(call, paths, every=every, cron=cron, timezone=timezone)
    prepare(verbose=call.verbose)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts what is in its background deaf to Ctrl-C
    signal.signal(signal.SIGTERM, _interrupt)
    if origin_of("home_wait_s", call.flags) == "default":
        os.environ["DATELINE_HOME_WAIT_S"] = HOME_WAIT_S  # another run in the home, such as one typed by hand, is waited for
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with _server(call, PREFECT_API_URL.value(), port) as url, temporary_settings({PREFECT_API_URL: url}):
        os.environ["PREFECT_API_URL"] = url
        _poll_until_stopped(call, served, url)


def _served(
    call: Call, paths: Sequence[str], *, every: str | None, cron: str | None, timezone: str
) -> list[tuple[NamedSource, dict[str, Any]]]:
    """What is polled, with the parameters of its poll: the paths that are typed, else the sources of sources.toml."""
    sources = read_sources(call.settings.sources)
    if paths:
        try:
            check_schedule(every or "", cron or "", timezone, where="serve")
        except ValueError as exc:
            raise BadSetting(str(exc), hint="see: dateline serve --help") from None
        source = unnamed(paths, every="" if cron else every or EVERY, cron=cron or "", cron_timezone=timezone)
        list_files(source.paths)  # a folder that is not there is told now
        return [(source, {"paths": list(source.paths)})]
    if every or cron:
        raise BadSetting("--every and --cron are for PATHs; a source has its schedule in sources.toml", hint="see: dateline serve --help")
    if not sources.named:
        raise BadSetting("there is nothing to watch", hint="type: dateline serve FOLDER, or --sources FILE with sources that have paths")
    return [(source, {"source": source.name}) for source in sources.named]


def _poll_until_stopped(call: Call, served: Sequence[tuple[NamedSource, dict[str, Any]]], url: str) -> None:
    from prefect.runner import Runner

    make_automations()
    for source, _ in served:
        print(f"watching   {', '.join(source.paths)} ({source.schedule or 'no schedule: its runs are started in the UI'})")
    print(f"home       {call.settings.at_home().path}\nruns       {url.removesuffix('/api')}\nend        Ctrl-C", flush=True)
    deployments = [deployment(call, source, parameters) for source, parameters in served]
    runner = Runner(limit=1, heartbeat_seconds=HEARTBEAT_S)
    runner.handle_sigterm = _interrupt  # type: ignore[method-assign]  # its own leaves the loop with tracebacks
    for one in deployments:
        runner.add_deployment(one)
    try:
        asyncio.run(runner.start())
    except KeyboardInterrupt:
        pass
    finally:
        end_runs([d.name for d in deployments])
    print("\nno longer watching: the schedules are paused, what is made stays")


def _interrupt(*_: object) -> None:
    """SIGTERM ends it as Ctrl-C does."""
    signal.raise_signal(signal.SIGINT)


def deployment(call: Call, source: NamedSource, parameters: dict[str, Any]) -> RunnerDeployment:
    """The poll of a source as Prefect serves it: with its schedule, and never twice at once."""
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.schedules import Cron, Interval
    from prefect.types.entrypoint import EntrypointType

    from flows.poll import poll
    from warehouse.schema import make_id

    settings = call.settings
    home = str(settings.at_home().path)
    given = {"home": home, "workers": settings.workers, "batch_size": settings.batch_size, "model": settings.model}
    if settings.sources:
        given["sources"] = str(settings.sources.expanduser().absolute())
    schedule = Cron(source.cron, timezone=source.cron_timezone) if source.cron else None
    if source.every:
        schedule = Interval(timedelta(seconds=seconds_of(source.every)), anchor_date=datetime.now(UTC) + FIRST_LOOK)
    made = poll.to_deployment(
        name=f"{source.name}-{make_id('home', home)[-6:]}",  # two homes on one server may have sources of one name
        description=f"Polls {', '.join(source.paths)} for {home}.",
        schedule=schedule,
        parameters=given | parameters,
        tags=["dateline"],
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    return cast("RunnerDeployment", made)


def end_runs(deployments: Sequence[str]) -> None:
    """Runs of the deployments that were cut off are Cancelled; else they would count as running, and keep the first poll after a restart out."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import DeploymentFilter, FlowRunFilter
    from prefect.states import Cancelled

    cut_off = FlowRunFilter.model_validate({"state": {"type": {"any_": ["RUNNING", "PENDING", "CANCELLING"]}}})
    ours = DeploymentFilter.model_validate({"name": {"any_": list(deployments)}})
    with get_client(sync_client=True) as client:
        for run in client.read_flow_runs(flow_run_filter=cut_off, deployment_filter=ours):
            client.set_flow_run_state(run.id, Cancelled(message="serve was stopped; the next poll goes on from there"), force=True)


def make_automations() -> None:
    """Makes the automations of ``automations.yaml`` that the server does not have."""
    import yaml
    from prefect.automations import Automation

    for wanted in yaml.safe_load(AUTOMATIONS.read_text("utf-8"))["automations"]:
        try:
            Automation.read(name=wanted["name"])  # type: ignore[unused-coroutine]  # outside of a loop it waits
        except ValueError:
            Automation.model_validate(wanted).create()


# --- the server -----------------------------------------------------------------------------------------------


@contextmanager
def _server(call: Call, named: str | None, port: int) -> Iterator[str]:
    """The address of the server's API: of the one that is named, of one that answers on this machine, else of one that is started and ended here."""
    if named:
        if not answers(named):
            raise NoServer(
                f"no Prefect server answers at {named} (PREFECT_API_URL)",
                hint="start it: prefect server start; or unset PREFECT_API_URL, and serve starts its own",
            )
        yield named
        return
    url = f"http://{HOST}:{port}/api"
    if answers(url):
        yield url
        return
    log = call.settings.at_home().path / "prefect-server.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", HOST, "--port", str(port)]
    print("starting a Prefect server ...", flush=True)
    with log.open("ab") as out:
        # a session of its own: Ctrl-C is for the runner, which still tells the server that its schedules pause
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            _wait_for(process, url, log)
            yield url
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_S
    while not answers(url):
        if process.poll() is not None:
            raise NoServer(f"the Prefect server did not start; see {log}", hint="is the port taken? another one: --port N")
        if time.monotonic() > deadline:
            raise NoServer(f"the Prefect server did not answer within {START_S:.0f} s; see {log}")
        time.sleep(0.3)


def answers(url: str) -> bool:
    """Does a Prefect server answer at this address?"""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:
            return bool(answer.read().strip() == b"true")
    except (OSError, ValueError):
        return False
