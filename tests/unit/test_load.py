"""The warehouse is built whole or not at all, says what it is, and never disturbs who reads the old one."""

from __future__ import annotations

import copy
import hashlib
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.sql.lakes import read_world, rules, write_lake
from warehouse.lake import Home, read_stage, write_run_table
from warehouse.load import (
    FILL_ORDER,
    JOINED,
    MACROS,
    RUN_VIEWS,
    VIEWS,
    LoadFailed,
    build_warehouse,
    key_in_place,
    open_warehouse,
    read_macros,
    read_queries,
    read_views,
    refresh_runs,
    warehouse_key,
)
from warehouse.schema import KEPT_KINDS, RUN_TABLES, STAGES, WAREHOUSE_TABLES

World = dict[str, Any]
FOLDER = Path(__file__).resolve().parents[2] / "warehouse"


@pytest.fixture(scope="module")
def world() -> World:
    return read_world()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, world: World) -> tuple[Home, dict[str, list[str]]]:
    """A home with a built warehouse; tests that use it change nothing in it."""
    home = Home(tmp_path_factory.mktemp("built"))
    keys = write_lake(home, world)
    build_warehouse(home, keys, rules=rules())
    return home, keys


@pytest.fixture
def small(tmp_path: Path) -> tuple[Home, dict[str, list[str]]]:
    """A home of its own with the warehouse of one document without anything linked."""
    home = Home(tmp_path / "home")
    keys = write_lake(home, {"documents": {"doc_one": {"lines": [["body", "The ferry sank."]]}}, "landings": [_landing("doc_one")]})
    keys["link"] = []
    build_warehouse(home, keys)
    return home, keys


def _landing(document_id: str, *, uri: str = "file:///one.txt", hour: int = 12) -> dict[str, Any]:
    return {
        "source_uri": uri,
        "document_id": document_id,
        "object_sha256": "o",
        "raw_sha256": "r",
        "source_said": "{}",
        "landed_at": datetime(2025, 3, 11, hour, tzinfo=UTC),
        "run_id": "run_1",
    }


def _ask(home: Home, query: str) -> list[tuple[Any, ...]]:
    with open_warehouse(home) as con:
        return con.execute(query).fetchall()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _leftovers(home: Home) -> list[str]:
    return sorted(p.name for p in home.path.glob("*.next*")) + sorted(p.name for p in home.tmp.glob("load*"))


# --- content --------------------------------------------------------------------------------------------------


def test_rows_are_those_of_the_lake(built: tuple[Home, dict[str, list[str]]]) -> None:
    home, keys = built
    with open_warehouse(home) as con:
        for stage, tables in STAGES.items():
            for table in (t for t in tables if t in WAREHOUSE_TABLES):
                columns = ", ".join(f'"{c}"' for c in table.columns)
                got = con.execute(f'select {columns} from "{table.name}"').fetchall()
                expected = [tuple(row.values()) for row in read_stage(home, table.name, keys[stage]).to_pylist()]
                assert sorted(got, key=repr) == sorted(expected, key=repr), table.name


def test_every_joined_column_is_filled_somewhere(built: tuple[Home, dict[str, list[str]]]) -> None:
    assert {name: set(j.select) for name, j in JOINED.items()} == {t.name: set(t.joined) for t in WAREHOUSE_TABLES if t.joined}
    for name, joined in JOINED.items():
        for column in joined.select:
            assert _ask(built[0], f'select count("{column}") from "{name}"')[0][0] > 0, (name, column)


def test_order_of_keys_changes_nothing_not_even_the_order_of_rows(
    tmp_path: Path, world: World, built: tuple[Home, dict[str, list[str]]]
) -> None:
    other = Home(tmp_path)
    keys = {stage: list(reversed(ks)) for stage, ks in write_lake(other, world).items()}
    build_warehouse(other, keys, rules=rules())
    assert warehouse_key(keys) == warehouse_key(built[1])
    for table in WAREHOUSE_TABLES:
        query = f'select * from "{table.name}"'
        assert _ask(other, query) == _ask(built[0], query), table.name


def test_rows_stand_in_the_order_of_the_text(built: tuple[Home, dict[str, list[str]]]) -> None:
    rows = _ask(built[0], "select document_id, start_char from sentences")
    assert rows == sorted(rows)


def test_rules_count_their_rows_and_rules_that_nobody_listed_are_named(tmp_path: Path, world: World) -> None:
    home = Home(tmp_path)
    report = build_warehouse(home, write_lake(home, world), rules=rules())
    hits = dict(_ask(home, "select rule_id, n_hits from rules"))
    assert hits["clean.byline"] == 1
    assert hits["test.rule"] == sum(len(world[t]) for t in ("mentions", "times", "quotes", "events", "figures"))
    assert report.unlisted_rules == ("clean.live_segment_header",)


def test_an_empty_lake_makes_an_empty_warehouse(tmp_path: Path) -> None:
    home = Home(tmp_path / "new")
    report = build_warehouse(home, {})
    assert set(report.rows.values()) == {0}
    assert _ask(home, "select * from who_said_what") == []


def test_paths_are_no_patterns(tmp_path: Path, world: World) -> None:
    home = Home(tmp_path / "year=2024" / "a[b]*'")
    assert build_warehouse(home, write_lake(home, world)).rows["documents"] == len(world["documents"])


def test_warehouse_says_what_it_was_built_from(built: tuple[Home, dict[str, list[str]]]) -> None:
    home, keys = built
    info = dict(_ask(home, "select * from warehouse_info"))
    assert info["warehouse_key"] == warehouse_key(keys) == key_in_place(home)
    assert info["maker_version_extract"] == "extract-1"


def test_older_clients_can_open_it(built: tuple[Home, dict[str, list[str]]]) -> None:
    storage = _ask(built[0], "select tags['storage_version'] from duckdb_databases() where database_name = current_database()")
    assert storage == [("v1.0.0+",)]


def test_nothing_tries_the_network(built: tuple[Home, dict[str, list[str]]]) -> None:
    settings = _ask(
        built[0], "select value from duckdb_settings() where name in ('autoinstall_known_extensions', 'autoload_known_extensions')"
    )
    assert settings == [("false",), ("false",)]


# --- comments and SQL -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "query"),
    [
        ("table", "select table_name, comment from duckdb_tables() where not internal"),
        ("column", "select table_name || '.' || column_name, comment from duckdb_columns() where not internal"),
        ("view", "select view_name, comment from duckdb_views() where not internal"),
        ("macro", "select function_name, comment from duckdb_functions() where not internal"),
    ],
)
def test_everything_says_what_it_is(built: tuple[Home, dict[str, list[str]]], what: str, query: str) -> None:
    comments = dict(_ask(built[0], query))
    expected = {"table": len(WAREHOUSE_TABLES) + 1, "view": len(VIEWS), "macro": len(MACROS)}
    assert len(comments) == expected.get(what, len(comments)) > 0
    assert [name for name, comment in comments.items() if not comment] == []


def test_every_view_has_its_place_in_the_order() -> None:
    assert sorted(VIEWS) == sorted(p.stem for p in (FOLDER / "views").glob("*.sql"))
    assert sorted(MACROS) == sorted(p.stem for p in (FOLDER / "macros").glob("*.sql"))
    assert sorted(FILL_ORDER) == sorted(t.name for t in WAREHOUSE_TABLES if t not in RUN_TABLES)


def test_comments_name_columns_and_parameters_that_exist(built: tuple[Home, dict[str, list[str]]]) -> None:
    columns = {(v, c) for v, c in _ask(built[0], "select table_name, column_name from duckdb_columns() where not internal")}
    assert [(v.name, c) for v in read_views() for c in v.columns if (v.name, c) not in columns] == []
    parameters = dict(_ask(built[0], "select function_name, parameters from duckdb_functions() where not internal"))
    assert {m.name: list(m.columns) for m in read_macros()} == parameters


TEXT_VIEWS = ("who_said_what", "event_timeline", "actor_pairs", "conflicting_figures", "story_sources", "entity_mentions", "removed_text")


@pytest.mark.parametrize("view", TEXT_VIEWS)
def test_rows_that_stand_for_text_show_it(built: tuple[Home, dict[str, list[str]]], view: str) -> None:
    rows = _ask(built[0], f"select evidence_text, source_uri, publisher, published_date, url from {view}")
    assert rows
    assert [r for r in rows if not r[0] or not r[1]] == []


def test_removed_text_is_what_is_not_kept() -> None:
    kept = ", ".join(f"'{k}'" for k in KEPT_KINDS)
    assert f"g.kind not in ({kept})" in {v.name: v.statement for v in read_views()}["removed_text"]


def test_sql_is_lower_case_and_conservative() -> None:
    statements = [o.statement for o in (*read_views(), *read_macros())] + list(read_queries().values())
    for statement in statements:
        code = "\n".join(line.partition("--")[0] for line in statement.splitlines())
        words = {w for w in code.replace("(", " ").split() if w.isupper() and len(w) > 1 and w.isalpha() and "'" not in w}
        assert words <= {"TERMINAL"}, statement
        assert "lambda" not in code
        assert "->" not in code


def test_views_that_read_run_tables_are_known() -> None:
    run_tables = {t.name for t in RUN_TABLES}
    reading = [v.name for v in read_views() if run_tables.intersection(v.statement.replace("\n", " ").split())]
    assert reading == list(RUN_VIEWS)


# --- all or nothing -------------------------------------------------------------------------------------------


def _no_such_entity(world: World) -> None:
    world["entity_links"][0]["entity_id"] = "ent_nobody"


def _copied_twice(world: World) -> None:
    world["copy_groups"].append({"document_id": "doc_live", "entry_id": "pst_one", "copy_group_id": "cpy_live"})


def _without_copy_group(world: World) -> None:
    world["copy_groups"] = world["copy_groups"][1:]


def _same_event_twice(world: World) -> None:
    world["events"].append(world["events"][0])


@pytest.mark.parametrize(
    ("spoil", "check", "table"),
    [
        (_no_such_entity, "reference", "entity_links"),
        (_copied_twice, "key", "copy_groups"),
        (_without_copy_group, "reference", "documents"),
        (_same_event_twice, "sql", "events"),
    ],
)
def test_a_failing_check_leaves_the_old_file(tmp_path: Path, world: World, spoil: Callable[[World], None], check: str, table: str) -> None:
    home = Home(tmp_path)
    build_warehouse(home, {})
    before = _digest(home.warehouse)
    spoilt = copy.deepcopy(world)
    spoil(spoilt)
    with pytest.raises(LoadFailed) as failed:
        build_warehouse(home, write_lake(home, spoilt), rules=rules())
    assert (failed.value.check, failed.value.table) == (check, table)
    assert _digest(home.warehouse) == before
    assert _leftovers(home) == []


def test_rows_that_are_lost_are_noticed(small: tuple[Home, dict[str, list[str]]]) -> None:
    home, keys = small
    home.part_file("sentences", keys["extract"][0]).unlink()
    with pytest.raises(LoadFailed, match="has 0 rows, the lake has 1") as failed:
        build_warehouse(home, keys)
    assert (failed.value.check, failed.value.table) == ("rows", "sentences")
    assert _ask(home, "select count(*) from sentences") == [(1,)]


def test_a_part_that_is_not_made_is_not_loaded(small: tuple[Home, dict[str, list[str]]]) -> None:
    home, keys = small
    with pytest.raises(LoadFailed) as failed:
        build_warehouse(home, {**keys, "extract": ["unknown"]})
    assert failed.value.check == "parts"


@pytest.mark.parametrize(("raised", "arrives"), [(ValueError("too few"), LoadFailed), (KeyError("bug"), KeyError)])
def test_the_callers_check_can_refuse(small: tuple[Home, dict[str, list[str]]], raised: Exception, arrives: type[Exception]) -> None:
    home, keys = small
    before = _digest(home.warehouse)
    seen = []

    def refuse(con: duckdb.DuckDBPyConnection) -> None:
        seen.extend(con.execute("select count(*) from removed_text").fetchall())
        raise raised

    with pytest.raises(arrives):
        build_warehouse(home, keys, check=refuse)
    with pytest.raises(arrives):
        refresh_runs(home, warehouse_key(keys), check=refuse)
    assert seen == [(0,), (0,)]
    assert _digest(home.warehouse) == before
    assert _leftovers(home) == []


def test_what_a_killed_load_left_is_removed(small: tuple[Home, dict[str, list[str]]]) -> None:
    home, keys = small
    (home.path / "warehouse.duckdb.next").write_bytes(b"half a file")
    (home.path / "warehouse.duckdb.next.wal").write_bytes(b"half a log")
    build_warehouse(home, keys)
    assert _leftovers(home) == []
    assert _ask(home, "select count(*) from documents") == [(1,)]


READER = """
import sys, duckdb
con = duckdb.connect(sys.argv[1], read_only=True)
for _ in sys.stdin:
    print(con.execute("select count(*) from documents").fetchall()[0][0], flush=True)
"""


def test_an_open_reader_keeps_the_old_file(tmp_path: Path, world: World) -> None:
    home = Home(tmp_path)
    build_warehouse(home, {})
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(home.warehouse)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        answers = []
        for make in (False, True):
            if make:
                build_warehouse(home, write_lake(home, world))
            reader.stdin.write("?\n")
            reader.stdin.flush()
            answers.append(reader.stdout.readline())
        reader.stdin.close()
    assert answers == ["0\n", "0\n"]
    assert _ask(home, "select count(*) from documents") == [(len(world["documents"]),)]


def test_without_a_warehouse_there_is_nothing_to_open(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_warehouse(Home(tmp_path))


# --- runs alone -----------------------------------------------------------------------------------------------


def test_refresh_renews_the_run_tables_alone(small: tuple[Home, dict[str, list[str]]]) -> None:
    home, keys = small
    write_run_table(
        home, "landings", "later", [_landing("doc_one", uri="file:///two.txt", hour=13), _landing("doc_one", uri="file:///a.txt", hour=1)]
    )
    write_run_table(
        home, "runs", "run_2", [{"run_id": "run_2", "flow_name": "f", "status": "running", "started_at": datetime(2025, 3, 12, tzinfo=UTC)}]
    )
    report = refresh_runs(home, warehouse_key(keys), rules=rules())
    assert report is not None
    assert report.refreshed
    refreshed = {t.name: _ask(home, f'select * from "{t.name}"') for t in WAREHOUSE_TABLES}
    comments = _ask(home, "select table_name, column_name, comment from duckdb_columns() where not internal order by all")
    assert refreshed["documents"][0][-1] == "file:///a.txt"
    build_warehouse(home, keys, rules=rules())
    assert refreshed == {t.name: _ask(home, f'select * from "{t.name}"') for t in WAREHOUSE_TABLES}
    assert comments == _ask(home, "select table_name, column_name, comment from duckdb_columns() where not internal order by all")


def test_refreshing_again_and_again_neither_grows_the_file_nor_changes_its_storage(small: tuple[Home, dict[str, list[str]]]) -> None:
    home, keys = small
    sizes = []
    for _ in range(4):
        refresh_runs(home, warehouse_key(keys))
        sizes.append(home.warehouse.stat().st_size)
    assert max(sizes[1:]) <= sizes[1] * 1.1
    assert _ask(home, "select tags['storage_version'] from duckdb_databases() where database_name = current_database()") == [("v1.0.0+",)]


def test_refresh_keeps_the_rules_unless_given(tmp_path: Path, world: World) -> None:
    home = Home(tmp_path)
    keys = write_lake(home, world)
    build_warehouse(home, keys, rules=rules())
    before = _ask(home, "select * from rules")
    assert refresh_runs(home, warehouse_key(keys)) is not None
    assert _ask(home, "select * from rules") == before != []


@pytest.mark.parametrize("state", ["other key", "no file", "no database", "a database of somebody else"])
def test_refresh_leaves_what_must_be_built(small: tuple[Home, dict[str, list[str]]], state: str) -> None:
    home, keys = small
    key = warehouse_key({**keys, "link": ["more"]} if state == "other key" else keys)
    if state != "other key":
        home.warehouse.unlink()
    if state == "no database":
        home.warehouse.write_bytes(b"not a database")
    if state == "a database of somebody else":
        duckdb.connect(str(home.warehouse)).close()
    assert refresh_runs(home, key) is None
    assert build_warehouse(home, keys).rows["documents"] == 1


@pytest.mark.parametrize("stage", list(STAGES))
def test_key_names_the_content(stage: str) -> None:
    keys = {s: ["a", "b"] for s in STAGES}
    assert warehouse_key({**keys, stage: ["b", "a"]}) == warehouse_key(keys)
    assert warehouse_key({**keys, stage: ["a"]}) != warehouse_key(keys)


def test_tables_of_the_test_world_are_all_filled(built: tuple[Home, dict[str, list[str]]]) -> None:
    empty = [t.name for t in WAREHOUSE_TABLES if _ask(built[0], f'select count(*) from "{t.name}"') == [(0,)]]
    assert empty == []
