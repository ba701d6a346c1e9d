"""dateline run, and each stage alone: progress while it works, one line per stage, then what to type next."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.call import Call, opened
from flows.errors import STOPPED, BadSetting, NothingToRead
from flows.show import count_of, on_terminal, plain, print_json, print_with_evidence

if TYPE_CHECKING:
    from flows.pipeline import RunSummary
    from flows.record import StageResult
    from warehouse.lake import Home

STAGES = ("land", "clean", "extract", "link", "load")
HEADER = ("stage", "in", "out", "rejected", "already made", "seconds")
WIDTHS = (8, 10, 10, 10, 14, 9)
ANSWERS = Path(__file__).parent / "answers"
ANSWER_ROWS = 8

Line = tuple[str, str, str, str, str, str]


def prepare(*, verbose: bool) -> None:
    """What must be said before Prefect is imported; whoever set it before is not overruled."""
    from flows.workers import one_thread_per_process

    one_thread_per_process()
    for name, value in {
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        # a server keeps the lines of the log for its pages; the terminal has lines of its own
        "PREFECT_LOGGING_LEVEL": "INFO" if verbose or os.environ.get("PREFECT_API_URL") else "WARNING",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "NOTSET" if verbose else "ERROR",
        "DO_NOT_TRACK": "1",
        "GX_ANALYTICS_ENABLED": "false",
        # a run that is stopped at once leaves the semaphores of its worker pool to Python's tracker, which would say so
        "PYTHONWARNINGS": "ignore::UserWarning:multiprocessing.resource_tracker",
    }.items():
        os.environ.setdefault(name, value)


def run(call: Call, paths: Sequence[str], stages: tuple[str, ...], *, as_json: bool, answers: bool = False) -> None:
    """Runs stages over the home and tells what they did; errors leave it as they are."""
    if "land" in stages and not paths and not (call.settings.at_home().runs / "landings").is_dir():
        raise NothingToRead("no PATH is given, and nothing arrived before", hint=f"type: {call.typed('run FOLDER')}")
    if "land" not in stages and not call.settings.at_home().path.is_dir():
        raise NothingToRead(f"there is no home {call.settings.at_home().path}", hint=f"make one: {call.typed('run FOLDER')}")
    _make_home(call)
    prepare(verbose=call.verbose)
    with _listening(stages, silent=as_json) as hide:  # before the imports: they take longer than a person waits without a sign
        _check_input(call, paths)
        summary = _run_stages(call, paths, stages, hide)
    if as_json:
        print_json(_as_dict(call, summary))
        return
    _print_end(call, summary)
    if answers:
        print_answers(call)


def _make_home(call: Call) -> None:
    path = call.settings.at_home().path
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise BadSetting(f"the home {path} cannot be made: {exc.strerror}", hint="give a folder that you may write to") from exc


def _check_input(call: Call, paths: Sequence[str]) -> None:
    """Mistakes in what was typed are told before anything starts."""
    from flows.corrections import read_corrections
    from flows.extract import check_model
    from flows.land import find_files
    from flows.sources import read_sources

    find_files(paths)
    read_sources(call.settings.sources)
    check_model(call.settings)
    read_corrections(call.settings)


def _run_stages(call: Call, paths: Sequence[str], stages: tuple[str, ...], hide: Callable[[], None]) -> RunSummary:
    from flows.notify import failures_told
    from flows.pipeline import run_stages
    from flows.record import new_run_id

    if not call.verbose:
        _hide_tracebacks()
    run_id = new_run_id()
    told = failures_told(call.settings, run_id, "run")
    with _without_heartbeats(), ends_at_once(call.settings.at_home(), run_id, hide), told:
        return run_stages(list(paths), call.settings, run_id, stages)


@contextmanager
def _without_heartbeats() -> Iterator[None]:
    """No sign of life every few seconds to a temporary server that ends with this process: waiting for its threads took 4 s of a run."""
    from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    if PREFECT_API_URL.value():
        yield
        return
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield


def _hide_tracebacks() -> None:
    """Prefect tells of an exception with its traceback on the console; the command line tells it in one line. The UI keeps both."""

    def keep(record: logging.LogRecord) -> bool:
        return not record.name.startswith(("prefect.flow_runs", "prefect.task_runs", "prefect.task_engine", "prefect.flow_engine"))

    for handler in (*logging.getLogger().handlers, *logging.getLogger("prefect").handlers):
        handler.addFilter(keep)


# --- when it is stopped ---------------------------------------------------------------------------------------


@contextmanager
def ends_at_once(home: Home, run_id: str, hide: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Within the block Ctrl-C and SIGTERM end the process at once, with 130 and 143.

    Parts are made whole or not at all, so nothing has to be undone; workers end with their parent. Prefect would try to
    tell its server, which Ctrl-C has ended, too.
    """

    def stop(number: int, _: object) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        with suppress(Exception):  # whatever fails on the way out, out it goes
            hide()
        with suppress(Exception):
            _tell_stopped(home, run_id)
        with suppress(Exception):
            _end_server()
        os.write(2, f"{STOPPED}\n".encode())
        os._exit(128 + number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell_stopped(home: Home, run_id: str) -> None:
    """The run's row no longer says that it is running."""
    from warehouse.lake import read_run_table, write_run_table

    rows = [r for r in read_run_table(home, "runs").to_pylist() if r["run_id"] == run_id and r["status"] == "running"]
    if rows:
        now = datetime.now(UTC)
        write_run_table(home, "runs", run_id, [r | {"status": "failed", "finished_at": now} for r in rows])


def _end_server() -> None:
    """Ends the temporary Prefect server of this process, which would outlive it."""
    module = sys.modules.get("prefect.server.api.server")
    for server in list(module.SubprocessASGIServer._instances.values()) if module else []:  # it gives no other way to them
        if server.server_process:
            server.server_process.terminate()


# --- while it works -------------------------------------------------------------------------------------------


@contextmanager
def _listening(stages: tuple[str, ...], *, silent: bool) -> Iterator[Callable[[], None]]:
    """One line per stage as it ends; on a terminal a bar for the stage under way. Gives what takes the bar away."""
    from flows.progress import ENDED, LISTENER

    if silent:
        yield lambda: None
        return
    with _Bar(stages) if on_terminal() else _Lines() as told:
        tokens = LISTENER.set(told.step), ENDED.set(told.ended)
        try:
            yield told.hide
        finally:
            LISTENER.reset(tokens[0])
            ENDED.reset(tokens[1])


class _Lines:
    """Plain lines for pipes and logs."""

    def __init__(self) -> None:
        self._header = True

    def __enter__(self) -> _Lines:
        return self

    def __exit__(self, *_: object) -> None:
        self.hide()

    def hide(self) -> None:
        """Nothing but what is not written yet."""
        sys.stdout.flush()

    def step(self, stage: str, done: int, total: int) -> None:
        """Parts that are done are no news in a log."""

    def ended(self, result: StageResult) -> None:
        if self._header:
            print(_aligned(HEADER))
            self._header = False
        print(_aligned(stage_line(result)), flush=True)


class _Bar:
    """A bar for the stage under way below the lines of those that have ended."""

    def __init__(self, stages: tuple[str, ...]) -> None:
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self._waiting = list(stages)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description:<8}"),
            BarColumn(),
            TextColumn("{task.fields[parts]}"),
            TimeElapsedColumn(),
            transient=True,
        )
        self._task = self._progress.add_task(self._waiting[0], total=None, parts="")
        self._header = True

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.hide()

    def hide(self) -> None:
        """Takes the bar away and gives the cursor back."""
        self._progress.stop()

    def step(self, stage: str, done: int, total: int) -> None:
        self._progress.update(self._task, description=stage, completed=done, total=total, parts=f"{done} of {total} parts")

    def ended(self, result: StageResult) -> None:
        if self._header:
            self._progress.console.print(_aligned(HEADER), style="bold", highlight=False)
            self._header = False
        self._progress.console.print(_aligned(stage_line(result)), style="yellow" if result.n_rejected else None, highlight=False)
        self._waiting = self._waiting[1:]
        self._progress.remove_task(self._task)
        self._task = self._progress.add_task(self._waiting[0] if self._waiting else "report", total=None, parts="")


def stage_line(result: StageResult) -> Line:
    """The cells of a stage's line: name, in, out, rejected, already made, seconds."""
    counts = (f"{n:,}" for n in (result.n_in, result.n_out, result.n_rejected, result.n_reused))
    return (result.stage, *counts, f"{result.duration_s:.1f}")  # type: ignore[return-value]


def _aligned(line: Line) -> str:
    return line[0].ljust(WIDTHS[0]) + "".join(text.rjust(width) for text, width in zip(line[1:], WIDTHS[1:], strict=True))


# --- at the end -----------------------------------------------------------------------------------------------


def _print_end(call: Call, summary: RunSummary) -> None:
    n_rejected = sum(s.n_rejected for s in summary.stages)
    print()
    first = summary.stages[0] if summary.stages else None
    if first and first.n_in == 0 and first.stage in STAGES[1:]:
        before = STAGES[STAGES.index(first.stage) - 1]
        print(f"nothing    came in: this version made nothing in stage {before} yet; first: {call.typed(before)}")
    if n_rejected:
        print(f"set aside  {n_rejected:,} with their reasons: {call.typed('rejects')}")
    failed = Counter(row["severity"] for stage in summary.stages for row in stage.failed)
    if failed:
        words = ", ".join(count_of(failed[s], s) for s in ("critical", "warning", "info") if failed[s])
        print(f"below      expectations that did not hold: {words}; see the report")
    for row in _unapplied(call, summary):
        print(f"correction {row['correction_id']} without full effect: {row['action']}, {row['note']}")
    print(f"lake       {summary.lake}")
    if summary.warehouse.exists():
        print(f"warehouse  {summary.warehouse}")
    print(f"report     {summary.report}")
    done = summary.stages[-1].stage if summary.stages else STAGES[-1]
    if done == STAGES[-1]:
        ask = call.typed('sql "from who_said_what limit 5"')
        print(f"next       {call.typed('tables')}\n           {ask}\n           {call.typed('sql')}")
    else:
        print(f"next       {call.typed(STAGES[STAGES.index(done) + 1])}")


def _unapplied(call: Call, summary: RunSummary) -> list[dict[str, Any]]:
    """Corrections without full effect, if this run linked or loaded."""
    from flows.corrections import unapplied

    linked = {"link", "load"}.intersection(s.stage for s in summary.stages)
    names = ("correction_id", "action", "author", "corrected_on", "note")
    return [{n: row[n] for n in names} for row in unapplied(call.settings.at_home())] if linked else []


def _as_dict(call: Call, summary: RunSummary) -> dict[str, Any]:
    names = ("stage", "n_in", "n_out", "n_rejected", "n_reused", "duration_s", "gate_s", "rows")
    return {
        "run_id": summary.run_id,
        "stages": [{n: plain(getattr(s, n)) for n in names} for s in summary.stages],
        "lake": str(summary.lake),
        "warehouse": str(summary.warehouse),
        "report": str(summary.report),
        "corrections_without_full_effect": _unapplied(call, summary),
    }


def read_answers() -> list[tuple[str, str]]:
    """The questions that ``--answers`` asks, each with its SQL, in the order of their file names."""
    out = []
    for path in sorted(ANSWERS.glob("*.sql")):
        first, _, query = path.read_text("utf-8").partition("\n")
        out.append((first.removeprefix("--").strip(), query.strip()))
    return out


def print_answers(call: Call) -> None:
    """Three questions with their SQL and the first rows of their answers."""
    with opened(call) as con:
        for number, (question, query) in enumerate(read_answers(), 1):
            cursor = con.execute(query)
            columns, rows = [c[0] for c in cursor.description or ()], cursor.fetchall()
            print(f"\n{number}. {question}\n")
            print("\n".join(f"   {line}" for line in query.splitlines()) + "\n")
            print_with_evidence(columns, rows[:ANSWER_ROWS])
            print(f"({count_of(len(rows), 'row')}{f', the first {ANSWER_ROWS} are shown' if len(rows) > ANSWER_ROWS else ''})")
