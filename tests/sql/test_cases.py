"""Runs every case: ``query.sql`` over the lake that ``input.yaml`` (else ``world.yaml``) describes gives the rows of ``expected.yaml``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from tests.sql.lakes import HERE, WORLD, read_world, rules, write_lake
from warehouse.lake import Home
from warehouse.load import build_warehouse, open_warehouse, read_queries

CASES = sorted(p.parent for p in HERE.glob("*/query.sql"))
Opener = Callable[[Path], duckdb.DuckDBPyConnection]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Opener:
    """Opens the warehouse of a description; each is built once."""
    built: dict[Path, duckdb.DuckDBPyConnection] = {}

    def open_one(description: Path) -> duckdb.DuckDBPyConnection:
        if description not in built:
            home = Home(tmp_path_factory.mktemp("home"))
            build_warehouse(home, write_lake(home, read_world(description)), rules=rules())
            built[description] = open_warehouse(home)
        return built[description]

    return open_one


def rows_of(con: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    cursor = con.execute(query)
    names = [d[0] for d in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
def test_case(case: Path, opened: Opener) -> None:
    own = case / "input.yaml"
    expected = yaml.safe_load((case / "expected.yaml").read_text("utf-8"))
    assert rows_of(opened(own if own.exists() else WORLD), (case / "query.sql").read_text("utf-8")) == expected


@pytest.mark.parametrize("name", read_queries())
def test_cookbook_query_runs_and_says_what_it_asks(name: str, opened: Opener) -> None:
    text = read_queries()[name]
    assert [line.split(":")[0] for line in text.splitlines()[:3]] == ["-- Question", "-- Why", "-- How to read"]
    rows_of(opened(WORLD), text)
