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
        it.set_up()
        yield it
    finally:
        it.stop()
