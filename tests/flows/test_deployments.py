"""The deployments of prefect.yaml on a real server with a real worker."""

from __future__ import annotations

import json
from pathlib import Path

from tests.flows.servers import Server


def test_deployments_with_their_schedules_and_limits(server: Server) -> None:
    found = {d["name"]: d for d in server.ask("deployments/filter", {"deployments": {"tags": {"all_": ["dateline"]}}})}
    crons = {name: [(s["schedule"]["cron"], s["schedule"]["timezone"]) for s in found[name]["schedules"]] for name in ("daily", "validate")}
    assert crons == {"daily": [("0 6 * * *", "UTC")], "validate": [("0 3 * * *", "UTC")]}
    limits = {n: (d["global_concurrency_limit"]["limit"], d["concurrency_options"]["collision_strategy"]) for n, d in found.items()}
    assert {n: limits[n] for n in ("daily", "backfill", "rebuild", "validate", "export")} == {
        "daily": (1, "CANCEL_NEW"), "backfill": (1, "ENQUEUE"), "rebuild": (1, "ENQUEUE"), "validate": (1, "CANCEL_NEW"), "export": (1, "ENQUEUE"),
    }  # fmt: skip
    form = found["backfill"]["parameter_openapi_schema"]["properties"]
    assert form["paths"]["type"] == "array"
    assert all(field.get("description") for field in form.values())


def test_backfill_rebuild_validate_and_export_through_a_worker(server: Server, tmp_path: Path) -> None:
    inbox, home = tmp_path / "inbox", tmp_path / "home"
    inbox.mkdir()
    (inbox / "a.txt").write_text(
        "GDYNIA, March 3 (Baltic Line) - Two tugs pulled a freighter off a sandbank on Monday, the harbour master said.\n\n"
        "\u201cNobody was hurt,\u201d said Edyta Warmuz, the harbour master.\n",
        "utf-8",
    )
    given = json.dumps({"paths": [str(inbox)], "home": str(home), "workers": 1})
    with server.started(tmp_path / "worker.log", "prefect", "worker", "start", "--pool", "dateline"):
        server.command("deployment", "run", "pipeline/backfill", "--params", given)
        (backfill,) = server.wait_for("backfill")
        assert backfill["state_type"] == "COMPLETED"
        assert {*(f"stage-{s}" for s in ("land", "clean", "extract", "link", "load")), "validation-report"} <= server.artifacts_of(backfill)
        said = server.logs_of(backfill, "validation report")
        assert [line.split(":")[0] for line in said if " in, " in line] == ["land", "clean", "extract", "link", "load"]
        before = (home / "warehouse.duckdb").stat().st_mtime_ns
        server.command("deployment", "run", "rebuild/rebuild", "--params", json.dumps({"home": str(home)}))
        server.command("deployment", "run", "validate/validate", "--params", json.dumps({"home": str(home)}))
        ended = [server.wait_for(name, home=home)[0] for name in ("rebuild", "validate", "export")]
    assert [r["state_name"] for r in ended] == ["Completed"] * 3  # nobody started export: the publication did
    assert (home / "warehouse.duckdb").stat().st_mtime_ns > before
    assert (home / "exports" / "who_said_what.parquet").exists()
