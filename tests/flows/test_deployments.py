"""The deployments of prefect.yaml on a real server with a real worker."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PREFECT = [sys.executable, "-m", "prefect"]


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


class Server:
    """A Prefect server on loopback with a database of its own."""

    def __init__(self, folder: Path) -> None:
        self.url = f"http://127.0.0.1:{_free_port()}/api"
        self.env = {
            **os.environ,
            "PREFECT_HOME": str(folder),
            "PREFECT_API_URL": self.url,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            "DATELINE_ROOT": str(ROOT),
            "PREFECT_LOGGING_LEVEL": "INFO",
        }
        self.env.pop("PREFECT_SERVER_DATABASE_CONNECTION_URL", None)
        port = self.url.split(":")[2].split("/")[0]
        self.log = (folder / "server.log").open("w")
        self.process = subprocess.Popen(
            [*PREFECT, "server", "start", "--host", "127.0.0.1", "--port", port],
            env=self.env,
            cwd=ROOT,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    def wait(self) -> None:
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=5):
                    return
            except OSError:
                time.sleep(0.5)
        raise TimeoutError("the Prefect server did not come up")

    def command(self, *words: str) -> str:
        done = subprocess.run([*PREFECT, *words], env=self.env, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def ask(self, path: str, body: dict[str, Any]) -> Any:
        request = urllib.request.Request(f"{self.url}/{path}", json.dumps(body).encode(), {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    it = Server(tmp_path_factory.mktemp("prefect"))
    try:
        it.wait()
        it.command("work-pool", "create", "dateline", "--type", "process")
        it.command("--no-prompt", "deploy", "--all")
        yield it
    finally:
        it.stop()


def test_three_deployments_with_one_schedule(server: Server) -> None:
    found = {d["name"]: d for d in server.ask("deployments/filter", {})}
    assert set(found) == {"daily", "backfill", "rebuild"}
    assert [s["schedule"]["cron"] for s in found["daily"]["schedules"]] == ["0 6 * * *"]
    form = found["backfill"]["parameter_openapi_schema"]["properties"]
    assert form["paths"]["type"] == "array"
    assert all(field.get("description") for field in form.values())


def test_backfill_then_rebuild_through_a_worker(server: Server, tmp_path: Path) -> None:
    inbox, home = tmp_path / "inbox", tmp_path / "home"
    inbox.mkdir()
    (inbox / "a.txt").write_text(
        "GDYNIA, March 3 (Baltic Line) - Two tugs pulled a freighter off a sandbank on Monday, the harbour master said.\n\n"
        "\u201cNobody was hurt,\u201d said Edyta Warmuz, the harbour master.\n",
        "utf-8",
    )
    given = json.dumps({"paths": [str(inbox)], "home": str(home), "workers": 1})
    server.command("deployment", "run", "pipeline/backfill", "--params", given)
    server.command("worker", "start", "--pool", "dateline", "--run-once")
    assert _settled(server, "pipeline") == ["COMPLETED"]
    keys = {a["key"] for a in server.ask("artifacts/filter", {})}
    assert {"stage-land", "stage-clean", "stage-extract", "stage-link", "stage-load", "validation-report"} <= keys
    before = (home / "warehouse.duckdb").stat().st_mtime_ns
    server.command("deployment", "run", "rebuild/rebuild", "--params", json.dumps({"home": str(home)}))
    server.command("worker", "start", "--pool", "dateline", "--run-once")
    assert _settled(server, "rebuild") == ["COMPLETED"]
    assert (home / "warehouse.duckdb").stat().st_mtime_ns > before


def _settled(server: Server, flow: str) -> list[str]:
    """State types of the flow's runs once all have ended."""
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        runs = server.ask(
            "flow_runs/filter", {"flows": {"name": {"any_": [flow]}}, "deployments": {"name": {"any_": ["backfill", "rebuild"]}}}
        )
        states = [r["state_type"] for r in runs]
        if states and all(s in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED") for s in states):
            return states
        time.sleep(1)
    raise TimeoutError(f"{flow} did not end: {states}")
