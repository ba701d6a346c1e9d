"""What the files for operations say of each other."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import yaml

from flows.commands_serve import AUTOMATIONS, HEARTBEAT_S
from flows.polling import UNFINISHED
from flows.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
DEPLOYED = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))


def test_every_deployment_is_told_and_has_a_limit_and_a_strategy() -> None:
    for one in DEPLOYED["deployments"]:
        assert f"\n| {one['name']} |" in PAGE
        assert one["concurrency_limit"]["limit"] == 1 and one["concurrency_limit"]["collision_strategy"] in ("CANCEL_NEW", "ENQUEUE")
        assert all(s["timezone"] for s in one["schedules"])
        file, flow = one["entrypoint"].split(":")
        assert re.search(rf"^def {flow}\(", (ROOT / file).read_text("utf-8"), re.M)


def test_lost_runs_are_given_up_after_three_heartbeats() -> None:
    env = DEPLOYED["definitions"]["work_pools"]["process"]["job_variables"]["env"]
    (lost,) = yaml.safe_load(AUTOMATIONS.read_text("utf-8"))["automations"]
    assert int(env["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"]) == HEARTBEAT_S
    assert lost["trigger"]["within"] == 3 * HEARTBEAT_S


def test_settings_that_deployments_and_services_set_are_there() -> None:
    env = {**DEPLOYED["definitions"]["work_pools"]["process"]["job_variables"]["env"], **COMPOSE["services"]["worker"]["environment"]}
    names = {n.removeprefix("DATELINE_").lower() for n in env if n.startswith("DATELINE_")} - {"root"}
    assert names and names <= set(Settings.model_fields)


def test_services_wait_for_what_they_need_and_publish_only_on_this_machine() -> None:
    services = COMPOSE["services"]
    for name, one in services.items():
        for other, how in one.get("depends_on", {}).items():
            assert how["condition"] != "service_healthy" or "healthcheck" in services[other], name
        assert all(str(p).startswith("127.0.0.1:") for p in one.get("ports", []))
    assert [shlex.split(services[n]["command"])[-1] for n in ("setup", "worker")] == ["flows/setup_server.sh", "dateline"]
    assert "--pool dateline" in services["worker"]["command"]


def test_the_page_names_every_ending_of_unfinished_files() -> None:
    assert all(f"`{ending}`" in PAGE for ending in UNFINISHED)
