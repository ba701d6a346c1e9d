"""A Prefect server on loopback with a database of its own, for the tests that need a real one."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PREFECT = [sys.executable, "-m", "prefect"]
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


class Server:
    """A Prefect server on loopback with a database of its own."""

    def __init__(self, folder: Path) -> None:
        self.url = f"http://127.0.0.1:{free_port()}/api"
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

    def set_up(self) -> None:
        """What docs/operations.md tells to do once the server is there."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{self.env['PATH']}"
        script = ["sh", str(ROOT / "flows" / "setup_server.sh")]
        done = subprocess.run(script, env=self.env | {"PATH": path}, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

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

    def runs(self, deployment: str) -> list[dict[str, Any]]:
        """Runs of a deployment, the first scheduled first."""
        found = self.ask("flow_runs/filter", {"deployments": {"name": {"any_": [deployment]}}, "sort": "EXPECTED_START_TIME_ASC"})
        return list(found)

    def wait_for(self, deployment: str, n: int = 1, *, home: Path | None = None, seconds: float = 240) -> list[dict[str, Any]]:
        """The first ``n`` runs of a deployment, over ``home`` if one is named, that have ended."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            ended = [r for r in self.runs(deployment) if r["state_type"] in ENDED and home in (None, Path(r["parameters"]["home"]))]
            if len(ended) >= n:
                return ended[:n]
            time.sleep(0.5)
        raise TimeoutError(f"{deployment}: {[(r['name'], r['state_name']) for r in self.runs(deployment)]}")

    def logs_of(self, run: dict[str, Any], last: str) -> list[str]:
        """Lines of the log of a run up to one that starts with ``last``; they arrive in bundles, after the run has ended too."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            found = self.ask("logs/filter", {"logs": {"flow_run_id": {"any_": [run["id"]]}}, "sort": "TIMESTAMP_ASC"})
            lines = [line["message"] for line in found]
            if any(line.startswith(last) for line in lines):
                return lines
            time.sleep(0.5)
        raise TimeoutError(f"no line starts with {last}: {lines}")

    def artifacts_of(self, run: dict[str, Any]) -> set[str]:
        """Keys of the artifacts of a run and of the flows that it called."""
        own = self.ask("flow_runs/filter", {"flow_runs": {"parent_flow_run_id": {"any_": [run["id"]]}}})
        ids = [run["id"], *(r["id"] for r in own)]
        return {a["key"] for a in self.ask("artifacts/filter", {"artifacts": {"flow_run_id": {"any_": ids}}})}

    @contextmanager
    def started(self, log: Path, *command: str, **env: str) -> Iterator[subprocess.Popen[bytes]]:
        """A Python module with its arguments that runs during the block and is stopped with Ctrl-C."""
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", *command], cwd=ROOT, env=self.env | env, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
            )
            try:
                yield process
            finally:
                process.send_signal(signal.SIGINT)
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
