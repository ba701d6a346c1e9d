"""Export: every table in every format, and events as POLECAT has them, read back by a strict reader."""

from __future__ import annotations

import csv
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.cli import main
from flows.polecat import COLUMNS, EVIDENCE, QUADS
from tests.sql.lakes import read_world, rules, write_lake
from warehouse.lake import Home
from warehouse.load import build_warehouse
from warehouse.schema import EVENT_TYPES, WAREHOUSE_TABLES

DOCS = Path(__file__).resolve().parents[2] / "docs"

ODD: dict[str, Any] = {
    "documents": {
        "doc_odd": {
            "title": "Fire at Brod",
            "publisher": 'The\tBrod "Courier"',
            "published_date": date(2026, 5, 2),
            "lines": [
                ["title", "Fire at Brod"],
                ["body", 'On Friday Vela\tand "Sava; League" gunmen shelled the\u00a0pier\rof Brod.'],
                ["body", "Nobody was hurt."],
            ],
        }
    },
    "entities": [
        {"entity_id": "ent_vela", "name": "Vela", "label": "GPE", "country": "HRV", "sectors": ["GOV", "MIL"]},
        {"entity_id": "ent_sava", "name": "Sava; League", "label": "ORG", "sectors": ["REB"]},
        {"entity_id": "ent_brod", "name": "Brod", "label": "GPE", "country": "HRV", "latitude": 45.5, "longitude": 18.0},
    ],
    "entity_links": [
        {"document_id": "doc_odd", "local_entity_id": f"loc_{who}", "entity_id": f"ent_{who}"} for who in ("vela", "sava", "brod")
    ],
    "mentions": [
        {"mention_id": "men_vela", "document": "doc_odd", "at": "Vela", "label": "GPE", "local_entity_id": "loc_vela"},
        {"mention_id": "men_sava", "document": "doc_odd", "at": "Sava; League", "label": "ORG", "local_entity_id": "loc_sava"},
        {
            "mention_id": "men_brod", "document": "doc_odd", "in": "of Brod", "at": "Brod", "label": "GPE", "local_entity_id": "loc_brod",
            "geonames_id": 42, "admin1": "HR.02",
        },
    ],
    "events": [
        {
            "event_id": "evt_odd", "document": "doc_odd", "at": 'Vela\tand "Sava; League" gunmen shelled the\u00a0pier\rof Brod.\nNobody',
            "trigger": "shelled", "event_type": "ASSAULT", "modes": ["heavy-weapons", "destroy"], "contexts": ["military"], "intensity": -9.5,
            "date_start": date(2026, 5, 1), "date_end": date(2026, 5, 1), "date_precision": "day", "date_basis": "publication",
            "roles": [
                {"role": "actor", "at": "Vela", "mention_id": "men_vela"},
                {"role": "actor", "at": "Sava; League", "mention_id": "men_sava"},
                {"role": "recipient", "at": "the\u00a0pier"},
                {"role": "place", "at": "Brod", "mention_id": "men_brod"},
            ],
        },
        {
            "event_id": "evt_month", "document": "doc_odd", "at": "Nobody was hurt", "trigger": "hurt", "event_type": "CONSULT",
            "date_start": date(2026, 5, 1), "date_end": date(2026, 5, 31), "date_precision": "month", "date_basis": "explicit",
        },
        {
            "event_id": "evt_not", "document": "doc_odd", "at": "Nobody", "trigger": "Nobody", "event_type": "ASSAULT", "status": ["negated"],
        },
    ],
    "copy_groups": [{"document_id": "doc_odd", "copy_group_id": "cpy_odd"}],
}  # fmt: skip
"""Marks that a careless writer of tab-separated lines trips over: tabs, quotation marks, every kind of line break, semicolons."""


def _built(home: Path, world: dict[str, Any]) -> str:
    made = Home(home)
    build_warehouse(made, write_lake(made, world), rules=rules())
    return str(home)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> str:
    return _built(tmp_path_factory.mktemp("world"), read_world())


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> str:
    return _built(tmp_path_factory.mktemp("odd"), ODD)


def _read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as f:
        header, *rows = csv.reader(f, delimiter="\t", strict=True)
    return header, [dict(zip(header, row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, odd: str) -> tuple[list[str], list[dict[str, str]]]:
    out = tmp_path_factory.mktemp("out") / "events.tsv"
    assert main(["export", "events", "--format", "polecat", "--out", str(out), "--home", odd]) == 0
    return _read(out)


# --- POLECAT --------------------------------------------------------------------------------------------------


def test_the_header_is_that_of_polecat_and_the_evidence(written: tuple[list[str], list[dict[str, str]]]) -> None:
    assert len(COLUMNS) == len(set(COLUMNS)) == 40
    assert written[0] == [*COLUMNS, *EVIDENCE]


def test_a_row_by_hand(written: tuple[list[str], list[dict[str, str]]]) -> None:
    row = next(r for r in written[1] if r["Event ID"] == "evt_odd")
    text = "\n".join(words for _, words in ODD["documents"]["doc_odd"]["lines"])
    start = text.index("Vela")
    assert {name: value for name, value in row.items() if value} == {
        "Event ID": "evt_odd",
        "Event Date": "2026-05-01",
        "Event Type": "ASSAULT",
        "Event Mode": "heavy-weapons; destroy",
        "Intensity": "-9.5",
        "Quad Code": "MATERIAL CONFLICT",
        "Contexts": "military",
        "Actor Name": "Vela; Sava, League",
        "Actor Country": "HRV; ",
        "Primary Actor Sector": "GOV; REB",
        "Actor Sectors": "GOV|MIL; REB",
        "Actor Name Raw": "Vela; Sava, League",
        "Recipient Name Raw": "the\u00a0pier",
        "Placename": "Brod",
        "Province": "HR.02",
        "Country": "HRV",
        "Latitude": "45.5",
        "Longitude": "18.0",
        "GeoNames ID": "42",
        "Raw Placename": "Brod",
        "Source": 'The\tBrod "Courier"',
        "Publication Date": "2026-05-02",
        "Story Organizations": "Sava, League",
        "Story Locations": "Vela; Brod",
        "Version": "extract-1",
        "document_id": "doc_odd",
        "evidence_start": str(start),
        "evidence_end": str(start + len(row["evidence_text"])),
        "evidence_text": 'Vela\tand "Sava; League" gunmen shelled the\u00a0pier\rof Brod.\nNobody',
    }


def test_a_date_that_is_no_single_day_is_empty(written: tuple[list[str], list[dict[str, str]]]) -> None:
    assert [r["Event Date"] for r in written[1] if r["Event ID"] == "evt_month"] == [""]


def test_only_what_is_asserted_is_written(written: tuple[list[str], list[dict[str, str]]], home: str, tmp_path: Path) -> None:
    assert [r["Event ID"] for r in written[1]] == ["evt_odd", "evt_month"]
    out = tmp_path / "events.tsv"
    assert main(["export", "events", "-f", "polecat", "-o", str(out), "--home", home]) == 0
    rows = _read(out)[1]
    assert sorted(r["Event ID"] for r in rows) == ["evt_accused", "evt_live", "evt_rep", "evt_wire"]
    live = next(r for r in rows if r["Event ID"] == "evt_live")
    assert (live["Actor Name"], live["Actor Name Raw"], live["Event Date"]) == ("; Russia", "Drones; Russia", "")


def test_the_evidence_is_the_characters_of_the_document(home: str, odd: str, tmp_path: Path) -> None:
    for number, place in enumerate((home, odd)):
        out = tmp_path / f"{number}.tsv"
        assert main(["export", "events", "-f", "polecat", "-o", str(out), "--home", place]) == 0
        with duckdb.connect(str(Home(Path(place)).warehouse), read_only=True) as con:
            texts = dict(con.execute("select document_id, text from documents").fetchall())
        for row in _read(out)[1]:
            assert texts[row["document_id"]][int(row["evidence_start"]) : int(row["evidence_end"])] == row["evidence_text"]


def test_standard_output_and_file_are_the_same_at_every_call(capsys: pytest.CaptureFixture[str], odd: str, tmp_path: Path) -> None:
    out = tmp_path / "events.tsv"
    main(["export", "events", "-f", "polecat", "-o", str(out), "--home", odd])
    capsys.readouterr()
    main(["export", "events", "-f", "polecat", "--home", odd])
    assert capsys.readouterr().out == out.read_bytes().decode()


def test_every_quad_has_a_name() -> None:
    assert set(EVENT_TYPES.values()) == set(QUADS)


def test_the_document_names_every_column() -> None:
    page = (DOCS / "polecat.md").read_text("utf-8")
    named = {name for line in re.findall(r"^\| ([^|]+) \|", page, re.M) for name in line.split(", ")}
    assert set(COLUMNS) | set(EVIDENCE) <= named


def test_only_events_can_be_polecat(capsys: pytest.CaptureFixture[str], home: str) -> None:
    assert main(["export", "quotes", "-f", "polecat", "--home", home]) == 2
    assert capsys.readouterr().err.startswith('[D007] "quotes" cannot be written as POLECAT; events can: dateline export events')


# --- every table ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_words_come_back_as_they_were(odd: str, tmp_path: Path, form: str) -> None:
    out = tmp_path / "events"
    assert main(["export", "events", "-f", form, "-o", str(out), "--home", odd]) == 0
    with out.open(encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f, strict=True)) if form == "csv" else [json.loads(line) for line in f]
    assert [r["text"] for r in rows] == [e["at"] for e in sorted(ODD["events"], key=lambda e: e["event_id"] != "evt_odd")]


@pytest.mark.parametrize("form", ["csv", "json", "jsonl", "parquet"])
def test_every_table_can_be_written_and_read_back(home: str, tmp_path: Path, form: str) -> None:
    with duckdb.connect(str(Home(Path(home)).warehouse), read_only=True) as con:
        counts = {t.name: con.execute(f'select count(*) from "{t.name}"').fetchall()[0][0] for t in WAREHOUSE_TABLES}
    for table in WAREHOUSE_TABLES:
        out = tmp_path / f"{table.name}.{form}"
        assert main(["export", table.name, "-f", form, "-o", str(out), "--home", home]) == 0
        columns = [*table.columns, *table.joined]
        assert _table_of(out, form, columns) == (counts[table.name], set(columns)), table.name


def _table_of(path: Path, form: str, columns: list[str]) -> tuple[int, set[str]]:
    """Rows and columns of a file; one without rows has no columns in JSON."""
    if form == "parquet":
        with duckdb.connect() as con:
            found = con.execute("from read_parquet(?)", [str(path)])
            return len(found.fetchall()), {c[0] for c in found.description or ()}
    if form == "csv":
        with path.open(encoding="utf-8", newline="") as f:
            header, *rows = csv.reader(f, strict=True)
        assert all(len(row) == len(header) for row in rows)
        return len(rows), set(header)
    text = path.read_text("utf-8")
    objects = json.loads(text) if form == "json" else [json.loads(line) for line in text.split("\n")[:-1]]
    return len(objects), set(columns) if not objects else set.intersection(*(set(o) for o in objects))
