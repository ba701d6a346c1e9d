"""The view source_health: who has stopped, brings less, is refused more or is cut to page furniture."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest

from warehouse.load import INFO_TABLE, create_views_and_macros
from warehouse.schema import TABLES, WAREHOUSE_TABLES

START = datetime(2025, 3, 1, 12, tzinfo=UTC)
DAYS = 8
"""The last of these is the newest day of the warehouse, which may not be over."""


class World:
    """A warehouse in memory to which documents and refusals are added by publisher and day."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con, self.n = con, 0
        for table in WAREHOUSE_TABLES:
            con.execute(table.ddl()).fetchall()
        con.execute(f"create table {INFO_TABLE} (key varchar, value varchar)").fetchall()
        create_views_and_macros(con)
        for day in range(DAYS):
            self.add("runs", run_id=f"run_{day}", flow_name="dateline", status="completed", started_at=START + timedelta(days=day))

    def add(self, table: str, **row: Any) -> None:
        names = [c for c in row if c in TABLES[table].columns]
        self.con.execute(
            f"insert into {table} ({', '.join(names)}) values ({', '.join('?' * len(names))})", [row[c] for c in names]
        ).fetchall()

    def land(self, publisher: str | None, day: int, n: int = 1, *, body: int = 80) -> None:
        """Documents of 100 characters, of which ``body`` are body."""
        said = f'{{"publisher":"{publisher}"}}' if publisher else "{}"
        for _ in range(n):
            self.n += 1
            one = {"document_id": f"doc_{self.n}", "publisher": publisher, "object_sha256": "o", "raw_sha256": "r", "text_sha256": "t"}
            one |= {"media_type": "text/plain", "text": "x" * 100, "n_chars": 100, "n_body_chars": body, "published_basis": "none"}
            one |= {
                "source_uri": f"file:///{self.n}",
                "source_said": said,
                "landed_at": START + timedelta(days=day),
                "run_id": f"run_{day}",
            }
            one |= {"maker_version": "m", "authors": []}
            self.add("documents", **one)
            self.add("landings", **one)

    def refuse(self, publisher: str, day: int, n: int = 1) -> None:
        for _ in range(n):
            self.n += 1
            said = f'{{"publisher":"{publisher}"}}'
            self.add(
                "rejects", reject_id=f"rej_{self.n}", stage="land", reason_code="empty", reason="r", run_id=f"run_{day}", source_said=said
            )

    def health(self, publisher: str | None) -> dict[str, Any]:
        cursor = self.con.execute(
            "select * exclude (last_landed_at) from source_health where publisher is not distinct from ?", [publisher]
        )
        names = [d[0] for d in cursor.description or ()]
        (row,) = cursor.fetchall()
        return dict(zip(names, row, strict=True))


@pytest.fixture
def world() -> Iterator[World]:
    with duckdb.connect() as con:
        one = World(con)
        one.land("Lundby Post", DAYS - 1)  # somebody brings something on the newest day
        yield one


def test_a_steady_source_is_well(world: World) -> None:
    for day in range(DAYS):
        world.land("Skerry Times", day, 3)
    world.refuse("Skerry Times", 2)
    assert world.health("Skerry Times") == {
        "publisher": "Skerry Times", "days_since_last": 0, "median_gap_days": 1.0, "n_documents": 24, "n_days": 8, "n_last_day": 3,
        "median_per_day": 3.0, "n_rejected": 1, "reject_share": 0.04, "reject_share_last_day": 0.0, "body_share": 0.8,
        "body_share_last_day": 0.8, "drift": None,
    }  # fmt: skip


def test_a_source_of_a_day_has_nothing_to_be_compared_with(world: World) -> None:
    row = world.health("Lundby Post")
    assert (row["n_last_day"], row["median_per_day"], row["drift"]) == (None, None, None)


def test_without_a_publisher_there_is_a_row_too(world: World) -> None:
    world.land(None, 3, 2)
    assert world.health(None)["n_documents"] == 2


@pytest.mark.parametrize(
    ("last_day", "n", "n_refused", "body", "drift"),
    [
        (6, 8, 0, 80, None),
        (6, 1, 0, 80, "few"),
        (6, 8, 2, 80, "rejects"),
        (6, 8, 0, 30, "body"),
        (6, 1, 9, 30, "few, rejects, body"),
        (4, 8, 0, 80, None),
    ],
)
def test_drift_of_the_last_whole_day(world: World, last_day: int, n: int, n_refused: int, body: int, drift: str | None) -> None:
    for day in range(last_day):
        world.land("Vesle Times", day, 8)
    world.land("Vesle Times", last_day, n, body=body)
    world.refuse("Vesle Times", last_day, n_refused)
    assert world.health("Vesle Times")["drift"] == drift


def test_silence_counts_from_the_usual_gap(world: World) -> None:
    world.con.execute(
        "delete from landings where document_id in (select document_id from documents where publisher = 'Lundby Post')"
    ).fetchall()
    for day in range(5):
        world.land("Karrow Wire", day)
    world.land("Lundby Post", 7)
    assert world.health("Karrow Wire")["drift"] is None  # three days, as often as is allowed with a gap of one
    world.land("Lundby Post", 8)
    assert (world.health("Karrow Wire")["days_since_last"], world.health("Karrow Wire")["drift"]) == (4, "silent")


def test_a_document_that_is_refused_later_counts_once(world: World) -> None:
    world.land("Skerry Times", 3, 2)
    (document_id,) = world.con.execute("select min(document_id) from documents where publisher = 'Skerry Times'").fetchall()[0]
    world.add(
        "rejects", reject_id="rej_x", stage="extract", reason_code="extract_failed", reason="r", run_id="run_3", document_id=document_id
    )
    assert world.health("Skerry Times")["reject_share"] == 0.5
