"""Polls on a schedule, concurrency and the event of a publication, on a real server."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.flows.servers import ROOT, Server, free_port

TEXT = (
    "GDYNIA, March 3 (Baltic Line) - Two tugs pulled a freighter off a sandbank on Monday, the harbour master said.\n\n"
    "“Nobody was hurt,” said Edyta Warmuz, the harbour master.\n"
)
SOURCES = """
[[source]]
name = "baltic-line"
paths = ["inbox"]
publisher = "Baltic Line"
cron = "* * * * * */10"
settle_s = 1
"""
SECRET = "rosebud"


def wait_until(what: Any, seconds: float = 120) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = what()
        if found:
            return found
        time.sleep(0.5)
    raise TimeoutError


def published(server: Server, home: Path) -> list[dict[str, Any]]:
    """Events of publications of a home, the first one first."""
    wanted = {"filter": {"event": {"name": ["dateline.warehouse.published"]}, "order": "ASC"}}
    return [e for e in server.ask("events/filter", wanted)["events"] if e["resource"]["dateline.home"] == str(home)]


def test_served_source_lands_on_its_cron_and_the_next_poll_is_one_task(server: Server, tmp_path: Path) -> None:
    inbox, home, log = tmp_path / "inbox", tmp_path / "home", tmp_path / "serve.log"
    inbox.mkdir()
    (inbox / "a.txt").write_text(TEXT, "utf-8")
    (inbox / "b.txt.part").write_text(TEXT[:50], "utf-8")
    (tmp_path / "sources.toml").write_text(SOURCES, "utf-8")
    command = ("flows", "serve", "--sources", str(tmp_path / "sources.toml"), "--home", str(home), "--workers", "1")
    env = {"DATELINE_NOTIFY_URL": f"http://127.0.0.1:{free_port()}/{SECRET}"}
    with server.started(log, *command, **env) as process:
        (name,) = wait_until(lambda: [d["name"] for d in server.ask("deployments/filter", {}) if d["name"].startswith("baltic-line-")])
        wait_until(lambda: any(r["state_name"] == "NothingNew" for r in server.runs(name)), 240)
    assert process.returncode == 0, log.read_text()
    assert "the schedules are paused" in log.read_text() and SECRET not in log.read_text()
    ran = [r for r in server.runs(name) if r["state_type"] == "COMPLETED"]
    first, second = ran[:2]
    assert (first["state_name"], second["state_name"]) == ("Completed", "NothingNew")
    late = [r for r in server.runs(name) if r["state_type"] == "CANCELLED"]  # those that came while a run took longer than ten seconds
    assert all("concurrency limit" in r["state"]["message"] for r in late)
    assert first["auto_scheduled"] and first["expected_start_time"][17:19] in {f"{s:02}" for s in range(0, 60, 10)}
    assert {"stage-land", "stage-load", "validation-report"} <= server.artifacts_of(first)
    assert server.artifacts_of(second) == set()
    assert len(server.ask("task_runs/filter", {"task_runs": {"flow_run_id": {"any_": [second["id"]]}}})) == 1
    (event,) = wait_until(lambda: published(server, home))
    assert event["payload"]["rows"]["documents"] == 1 and event["resource"]["dateline.content"] == "new"
    assert all(SECRET not in json.dumps(r["parameters"]) for r in server.ask("flow_runs/filter", {}))
    assert next(d for d in server.ask("deployments/filter", {}) if d["name"] == name)["paused"]
    listed = subprocess.run(
        [sys.executable, "-m", *command[:1], "sources", *command[2:6], "--json"], cwd=ROOT, env=server.env, capture_output=True, check=True
    )
    (told,) = json.loads(listed.stdout)
    assert (told["source"], told["publisher"], told["files"], told["schedule"]) == ("baltic-line", "Baltic Line", 1, "* * * * * */10 UTC")
    assert told["last_landing"]


def test_the_automation_for_lost_runs_and_the_trigger_of_export_are_there(server: Server) -> None:
    found = {a["name"]: a for a in server.ask("automations/filter", {})}
    assert found["dateline-lost-runs"]["actions"][0]["type"] == "change-flow-run-state"
    assert found["export-after-publication"]["trigger"]["expect"] == ["dateline.warehouse.published"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--home", "HOME"], 2, "there is nothing to watch"),
        (["HOME/nowhere", "--home", "HOME"], 2, "nowhere is not there"),
        (["HOME", "--every", "soon", "--home", "HOME"], 2, "every 'soon' is not understood"),
        (["HOME", "--home", "HOME"], 1, "no Prefect server answers at http://127.0.0.1:1/api"),
    ],
)
def test_what_serve_cannot_do_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str
) -> None:
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from flows.cli import main

    monkeypatch.chdir(tmp_path)
    with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:1/api"}):
        assert main(["serve", *(a.replace("HOME", str(tmp_path)) for a in arguments)]) == code
    told = capsys.readouterr().err
    assert words in told and told.count("\n") == 1
