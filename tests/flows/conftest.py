from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.flows.servers import Server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real server with the deployments of prefect.yaml, set up as docs/operations.md says."""
    it = Server(tmp_path_factory.mktemp("prefect"))
    try:
        it.wait()
        it.command("work-pool", "create", "dateline", "--type", "process")
        it.command("work-pool", "set-concurrency-limit", "dateline", "1")
        it.command("--no-prompt", "deploy", "--all")
        it.command("automation", "create", "--from-file", "flows/automations.yaml")
        yield it
    finally:
        it.stop()
