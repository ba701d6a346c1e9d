"""The DuckDB file that analysts open: built from the lake, checked, and put in place by one rename.

A new file is built under the name ``warehouse.duckdb.next``. Its tables come from ``warehouse.schema``, their rows
straight from the Parquet parts; views and macros come from the ``.sql`` files beside this module. When every check has
passed, one rename puts it in place of the old file: readers never wait and never see a half. Whatever fails, the old
file stays as it was.

The storage version is that of DuckDB 1.0, so that older clients can open the file.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.lake import Home, Manifest, read_manifests
from warehouse.schema import (
    CORRECTED_TABLES,
    FIELDS,
    NULLABLE_KEYS,
    RUN_TABLES,
    SCHEMA_VERSION,
    STAGES,
    TABLES,
    WAREHOUSE_TABLES,
    Row,
    Table,
    describe,
)

STORAGE_VERSION = "v1.0.0"
OFFLINE = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
"""Nothing in a warehouse needs an extension that does not come with DuckDB; nothing may try the network for one."""

VIEWS = (
    "origins",
    "speakers",
    "who_said_what",
    "event_timeline",
    "actor_pairs",
    "conflicting_figures",
    "story_sources",
    "entity_mentions",
    "coverage",
    "removed_text",
    "run_history",
    "source_health",
)
"""Views in the order in which they are made: a view may use those before it."""

RUN_VIEWS = ("removed_text", "run_history", "source_health")
"""Of these, the views that read run tables."""

MACROS = ("span_text", "plain_words", "word_begins", "has_words", "search", "who_said", "figures_about", "timeline", "evidence")
"""Macros in the order in which they are made."""

INFO_TABLE = "warehouse_info"
INFO_COMMENT = "What this file was built from. One row per fact."
INFO_COLUMNS = {
    "key": "Name of the fact: schema_version, warehouse_key, maker_version_ and a stage, or rows_left_out_ and a table.",
    "value": "The fact. Versions that share a stage are joined by commas. Rows left out are those of the lake that corrections reject.",
}

Check = Callable[[duckdb.DuckDBPyConnection], None]


class LoadFailed(ValueError):
    """The new file was not put in place; the old one is as it was.

    Attributes:
        check: what failed: ``parts``, ``rows``, ``key``, ``reference``, ``view``, ``macro``, ``sql``
            or ``check`` (the caller's).
        table: the table, view or macro concerned.
        detail: the fact, in words.
    """

    def __init__(self, check: str, table: str, detail: str) -> None:
        super().__init__(f"{table}: {detail}")
        self.check = check
        self.table = table
        self.detail = detail


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What was put in place.

    ``refreshed``: only the run tables are new. ``unlisted_rules``: rule ids of rows that table rules does not have.
    """

    path: Path
    warehouse_key: str
    rows: dict[str, int]
    refreshed: bool
    unlisted_rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SqlObject:
    """A view or macro as its file declares it; ``columns`` are the columns of a view or the parameters of a macro that it explains."""

    name: str
    comment: str
    columns: dict[str, str]
    statement: str

    @property
    def gives_table(self) -> bool:
        """Does the macro stand behind ``from``?"""
        return ") as table" in self.statement


@dataclass(frozen=True, slots=True)
class JoinedColumns:
    """How the columns that a table has on top in DuckDB come about. ``p`` is the row of the lake."""

    select: dict[str, str]
    joins: str


FIRST_SOURCES = "select document_id, first(source_uri order by landed_at, source_uri) as source_uri from landings group by document_id"


def confirmed_of(key: str) -> str:
    """Whether a correction confirms the row with this key."""
    return f"p.{key} in (select unnest(target_ids) from corrections where action = 'confirm')"


JOINED: dict[str, JoinedColumns] = {
    "documents": JoinedColumns(
        {"copy_group_id": "g.copy_group_id", "source_uri": "l.source_uri"},
        f"""
        left join (select document_id, copy_group_id from copy_groups where entry_id is null) g on g.document_id = p.document_id
        left join ({FIRST_SOURCES}) l on l.document_id = p.document_id
        """,
    ),
    "mentions": JoinedColumns(
        {"entity_id": "k.entity_id", "confirmed": confirmed_of("mention_id")},
        "left join entity_links k on k.document_id = p.document_id and k.local_entity_id = p.local_entity_id",
    ),
    "quotes": JoinedColumns(
        {"speaker_entity_id": "m.entity_id", "remark_id": "r.remark_id", "confirmed": confirmed_of("quote_id")},
        """
        left join mentions m on m.mention_id = p.speaker_mention_id
        left join remark_groups r on r.quote_id = p.quote_id
        """,
    ),
    # a document that tells two stories leaves the story of its events open, unless the entry decides
    "events": JoinedColumns(
        {
            "claimant_entity_id": "q.speaker_entity_id",
            "happening_id": "h.happening_id",
            "story_id": "coalesce(e.story_id, d.story_id)",
            "confirmed": confirmed_of("event_id"),
        },
        """
        left join quotes q on q.quote_id = p.quote_id
        left join happenings h on h.event_id = p.event_id
        left join sentences s on s.sentence_id = p.sentence_id
        left join (
            select document_id, entry_id, min(story_id) as story_id from story_members
            group by all having count(distinct story_id) = 1
        ) e on e.document_id = p.document_id and e.entry_id = s.entry_id
        left join (
            select document_id, min(story_id) as story_id from story_members where entry_id is null
            group by all having count(distinct story_id) = 1
        ) d on d.document_id = p.document_id
        """,
    ),
    "event_roles": JoinedColumns({"entity_id": "m.entity_id"}, "left join mentions m on m.mention_id = p.mention_id"),
    "figures": JoinedColumns(
        {"claimant_entity_id": "q.speaker_entity_id", "topic_id": "t.topic_id", "confirmed": confirmed_of("figure_id")},
        """
        left join quotes q on q.quote_id = p.quote_id
        left join figure_topics t on t.figure_id = p.figure_id
        """,
    ),
    "disputes": JoinedColumns({"confirmed": confirmed_of("dispute_id")}, ""),
}

LEFT_OUT = "select unnest(target_ids || with_ids) from corrections where action = 'reject'"
"""Ids of the rows that corrections reject, and of those that go with them."""

FILL_ORDER = (
    "corrections",
    *(t.name for t in STAGES["link"] if t.name != "corrections"),
    *("blocks", "documents", "entries", "segments"),
    *("sentences", "mentions", "times", "quotes", "quote_spans", "events", "event_roles", "figures"),
)
"""Content and link tables, each after those that its joined columns come from."""


def build_warehouse(home: Home, keys: Mapping[str, Sequence[str]], *, rules: Sequence[Row] = (), check: Check | None = None) -> LoadReport:
    """Builds the warehouse from the parts that are current and puts it in place of the old one.

    Args:
        home: where lake and runs lie.
        keys: stage (land, clean, extract, link) to the keys of its parts; a stage that is missing has none.
        rules: rows of table rules; their ``n_hits`` is counted here.
        check: called with a connection to the finished file before it is put in place; what it raises stops the load,
            a ValueError as LoadFailed.

    Raises:
        LoadFailed: a part is missing, a check failed or DuckDB refused; the old file is as it was.
    """
    key = warehouse_key(keys)
    manifests = _current_manifests(home, keys)
    with _next_file(home) as con:
        _create_tables(con, WAREHOUSE_TABLES)
        run_rows = _fill_run_tables(con, home)
        expected = _expected_rows(manifests)
        left_out = {}
        for name in FILL_ORDER:
            files = [home.part_file(name, k) for k in sorted(keys.get(_stage_of(name), ()))]
            left_out[name] = _fill(con, TABLES[name], [f for f in files if f.exists()])
            expected[name] -= left_out[name]
        expected |= run_rows | {"rules": _fill_rules(con, rules)}
        _write_info(con, key, manifests, left_out)
        con.execute("checkpoint warehouse")  # what is on disk need not stay in memory during the checks
        create_views_and_macros(con)
        unlisted = _unlisted_rules(con)
        _check_all(con, expected, linked=bool(keys.get("link")))
        _call(check, con)
    return LoadReport(home.warehouse, key, {t.name: expected[t.name] for t in WAREHOUSE_TABLES}, refreshed=False, unlisted_rules=unlisted)


def refresh_runs(home: Home, key: str, *, rules: Sequence[Row] | None = None, check: Check | None = None) -> LoadReport | None:
    """Renews the run tables and first sources alone, if the warehouse in place has this key; else None, and it must be built.

    The rows of table rules stay unless ``rules`` are given.

    Raises:
        LoadFailed: a check failed or DuckDB refused; the old file is as it was.
    """
    if key_in_place(home) != key:
        return None
    with _next_file(home, copy=True) as con:
        renewed = [t for t in RUN_TABLES if t.name != "rules" or rules is not None]
        for table in renewed:
            _run(con, table.name, f'drop table "{table.name}"')
        _create_tables(con, renewed)
        expected = _fill_run_tables(con, home)
        if rules is not None:
            expected["rules"] = _fill_rules(con, rules)
        _run(
            con,
            "documents",
            f"update documents set source_uri = l.source_uri from ({FIRST_SOURCES}) l "
            "where l.document_id = documents.document_id and documents.source_uri is distinct from l.source_uri",
        )
        unlisted = _unlisted_rules(con)
        _check_rows(con, expected)
        _check_views(con, RUN_VIEWS)
        _call(check, con)
        rows = {t.name: _count(con, t.name) for t in WAREHOUSE_TABLES}
    return LoadReport(home.warehouse, key, rows, refreshed=True, unlisted_rules=unlisted)


def warehouse_key(keys: Mapping[str, Sequence[str]]) -> str:
    """A hash of what content a warehouse holds and of the code that makes it: parts, tables, views, macros, this module."""
    digest = hashlib.sha256(SCHEMA_VERSION.encode())
    digest.update(json.dumps({stage: sorted(keys.get(stage, ())) for stage in STAGES}).encode())
    for table in WAREHOUSE_TABLES:
        digest.update(table.ddl().encode())
    for path in (*(_sql_path("views", n) for n in VIEWS), *(_sql_path("macros", n) for n in MACROS), Path(__file__)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:24]


def key_in_place(home: Home) -> str | None:
    """Key of the warehouse in place; None if there is none, or none that can be read."""
    if not home.warehouse.exists():
        return None
    try:
        with open_warehouse(home) as con:
            found = con.execute(f"select value from {INFO_TABLE} where key = 'warehouse_key'").fetchall()
    except duckdb.Error:
        return None
    return found[0][0] if found else None


def open_warehouse(home: Home) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the warehouse in place; it keeps the file that it opened when a newer one is put in place.

    DuckDB hands out one instance per path and process: a process that still holds a connection to the old file gets
    the old file again. Close it before opening the new one.

    Raises:
        FileNotFoundError: there is no warehouse yet.
    """
    if not home.warehouse.exists():
        raise FileNotFoundError(f"there is no warehouse at {home.warehouse}")
    return duckdb.connect(str(home.warehouse), read_only=True, config=dict(OFFLINE))


def read_views() -> tuple[SqlObject, ...]:
    """The views, in the order in which they are made."""
    return tuple(_read_sql("views", name) for name in VIEWS)


def read_macros() -> tuple[SqlObject, ...]:
    """The macros, in the order in which they are made."""
    return tuple(_read_sql("macros", name) for name in MACROS)


def read_queries() -> dict[str, str]:
    """The cookbook: file name without its ending to the text of the query."""
    return {p.stem: p.read_text("utf-8") for p in sorted((Path(__file__).parent / "queries").glob("*.sql"))}


# --- the file -------------------------------------------------------------------------------------------------


@contextmanager
def _next_file(home: Home, *, copy: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the file in the making; at the end of the block it is put in place, after an error it is removed."""
    path = home.warehouse.with_name(f"{home.warehouse.name}.next")
    spill = home.tmp / "load"
    home.path.mkdir(parents=True, exist_ok=True)
    _remove(path)
    try:
        if copy:
            shutil.copyfile(home.warehouse, path)
        with duckdb.connect(config={**OFFLINE, "temp_directory": str(spill), "preserve_insertion_order": "true"}) as con:
            con.execute("set timezone = 'UTC'")
            con.execute(f"attach {_quoted(str(path))} as warehouse (storage_version {_quoted(STORAGE_VERSION)})")
            con.execute("use warehouse")
            yield con
            con.execute("checkpoint warehouse")
            con.execute("use memory")
            con.execute("detach warehouse")
        _put_in_place(path, home.warehouse)
    finally:
        _remove(path)
        shutil.rmtree(spill, ignore_errors=True)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)


def _put_in_place(path: Path, final: Path) -> None:
    _sync(path)
    path.replace(final)
    _sync(final.parent)


def _sync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


# --- rows -----------------------------------------------------------------------------------------------------


def _create_tables(con: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> None:
    with _at_once(con):
        for table in tables:
            _run(con, table.name, table.ddl())


def _current_manifests(home: Home, keys: Mapping[str, Sequence[str]]) -> dict[str, list[Manifest]]:
    out: dict[str, list[Manifest]] = {}
    for stage in STAGES:
        made = read_manifests(home, stage)
        missing = sorted(set(keys.get(stage, ())) - set(made))
        if missing:
            raise LoadFailed("parts", stage, f"{len(missing)} parts are not made, the first is {missing[0]}")
        out[stage] = [made[key] for key in sorted(keys.get(stage, ()))]
    return out


def _expected_rows(manifests: Mapping[str, Sequence[Manifest]]) -> dict[str, int]:
    return {name: sum(m.rows.get(name, 0) for m in manifests[_stage_of(name)]) for name in FILL_ORDER}


def _stage_of(table: str) -> str:
    return next(stage for stage, tables in STAGES.items() if TABLES[table] in tables)


def _fill(con: duckdb.DuckDBPyConnection, table: Table, files: Sequence[Path]) -> int:
    """Rows of the lake that no correction rejects, with the columns that are joined on, ordered by document, place in the text and key.

    Gives the number of rows that are left out.
    """
    if not files:
        return 0
    joined = JOINED.get(table.name, JoinedColumns({}, ""))
    columns = [f'p."{c}"' for c in table.columns] + [f'{joined.select[c]} as "{c}"' for c in table.joined]
    order = [c for c in ("document_id", "position", "start_char", *table.key) if c in table.columns]
    lake, parameters = "from read_parquet(?, hive_partitioning = false)", [[_no_glob(str(f)) for f in files]]
    stands, replaced = _standing(con, table)
    _run(
        con,
        table.name,
        f'insert into "{table.name}" select {", ".join(columns)} from (select *{replaced} {lake} where {stands}) p {joined.joins} '
        f"order by {', '.join(f'p.{_name(c)}' for c in dict.fromkeys(order))}",
        parameters,
    )
    return int(con.execute(f"select count(*) {lake} where not ({stands})", parameters).fetchall()[0][0]) if stands != "true" else 0


def _standing(con: duckdb.DuckDBPyConnection, table: Table) -> tuple[str, str]:
    """Which rows of a table stand, as a condition; and what makes their references to rows that do not stand NULL."""
    reached = [c for c, target in table.refs.items() if target.split(".")[0] in CORRECTED_TABLES]
    if not (reached or table.name in CORRECTED_TABLES) or not con.execute(f"select true from ({LEFT_OUT}) limit 1").fetchall():
        return "true", ""
    required = {f.name for f in table.fields if f.required}
    own = [table.key[0]] if table.name in CORRECTED_TABLES else []
    stands = " and ".join(f'"{c}" not in ({LEFT_OUT})' for c in (*own, *(c for c in reached if c in required)))
    replaced = [f'case when "{c}" in ({LEFT_OUT}) then null else "{c}" end as "{c}"' for c in reached if c not in required]
    if table.name == "quotes":  # the words for the speaker are still there, but no entity is known for them
        replaced.append(f"case when speaker_mention_id in ({LEFT_OUT}) then 'described' else speaker_status end as speaker_status")
    return stands or "true", f" replace ({', '.join(replaced)})" if replaced else ""


def _fill_run_tables(con: duckdb.DuckDBPyConnection, home: Home) -> dict[str, int]:
    """Fills the run tables except rules; gives the rows that their files have."""
    rows = {}
    for table in RUN_TABLES:
        if table.name != "rules":
            files = sorted((home.runs / table.name).glob("*.parquet"))
            _fill(con, table, files)
            rows[table.name] = sum(pq.read_metadata(f).num_rows for f in files)
    # Clean and extract know a document, not its file: asked by file, its reject must be found as well.
    first = f"update rejects set source_uri = l.source_uri from ({FIRST_SOURCES}) l where rejects.source_uri is null and l.document_id = rejects.document_id"
    _run(con, "rejects", first)
    return rows


def _fill_rules(con: duckdb.DuckDBPyConnection, rules: Sequence[Row]) -> int:
    """Fills table rules, each rule with the count of the rows that it made; gives the number of rules."""
    hits = dict(_hits(con))
    rows = TABLES["rules"].conform([{**rule, "n_hits": hits.get(rule["rule_id"], 0)} for rule in rules])
    _insert(con, "rules", rows.sort_by("rule_id"))
    return int(rows.num_rows)


def _hits(con: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    ruled = [t.name for t in WAREHOUSE_TABLES if "rule_id" in t.columns and t.name != "rules"]
    union = " union all ".join(f'select rule_id from "{name}"' for name in ruled)
    return con.execute(f"select rule_id, count(*) from ({union}) where rule_id is not null group by rule_id order by rule_id").fetchall()


def _unlisted_rules(con: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    listed = {row[0] for row in con.execute("select rule_id from rules").fetchall()}
    return tuple(rule_id for rule_id, _ in _hits(con) if rule_id not in listed)


def _write_info(con: duckdb.DuckDBPyConnection, key: str, manifests: Mapping[str, Sequence[Manifest]], left_out: Mapping[str, int]) -> None:
    facts = {"schema_version": SCHEMA_VERSION, "warehouse_key": key}
    facts |= {f"rows_left_out_{table}": str(n) for table, n in left_out.items() if n}
    for stage, made in manifests.items():
        facts[f"maker_version_{stage}"] = ", ".join(sorted({m.maker_version for m in made}))
    _run(con, INFO_TABLE, f"create table {INFO_TABLE} (key varchar primary key, value varchar not null)")
    _run(con, INFO_TABLE, f"comment on table {INFO_TABLE} is {_quoted(INFO_COMMENT)}")
    for column, comment in INFO_COLUMNS.items():
        _run(con, INFO_TABLE, f"comment on column {INFO_TABLE}.{column} is {_quoted(comment)}")
    _insert(con, INFO_TABLE, pa.table({"key": sorted(facts), "value": [facts[k] for k in sorted(facts)]}))


def _insert(con: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    con.register("rows_to_insert", rows)
    try:
        _run(con, name, f'insert into "{name}" select * from rows_to_insert')
    finally:
        con.unregister("rows_to_insert")


# --- views and macros -----------------------------------------------------------------------------------------


def _sql_path(folder: str, name: str) -> Path:
    return Path(__file__).parent / folder / f"{name}.sql"


def _read_sql(folder: str, name: str) -> SqlObject:
    """A view or macro from its file: the comment lines on top say what it is; ``@name:`` opens what a column or parameter is."""
    lines = _sql_path(folder, name).read_text("utf-8").splitlines()
    n_header = next(i for i, line in enumerate(lines) if not line.startswith("--"))
    comment: list[str] = []
    columns: dict[str, list[str]] = {}
    target = comment
    for line in lines[:n_header]:
        words = line.removeprefix("--").strip()
        opened = re.match(r"@(\w+): (.*)", words)
        if opened:
            target = columns.setdefault(opened[1], [])
        target.append(opened[2] if opened else words)
    return SqlObject(name, " ".join(comment), {c: " ".join(said) for c, said in columns.items()}, "\n".join(lines[n_header:]))


def macro_comment(macro: SqlObject) -> str:
    """What a macro does and what its parameters are, as one text; DuckDB keeps no comments of parameters."""
    return f"{macro.comment} Parameters: " + " ".join(f"{name} - {words}" for name, words in macro.columns.items())


def column_comment(view: SqlObject, column: str) -> str:
    """What a column of a view is: as its file says, else as the column of this name is declared for the tables."""
    return view.columns[column] if column in view.columns else describe(FIELDS[column])


def create_views_and_macros(con: duckdb.DuckDBPyConnection) -> None:
    """Creates views and macros with their comments over tables that are there."""
    with _at_once(con):
        for view in read_views():
            _run(con, view.name, view.statement)
            _run(con, view.name, f"comment on view {view.name} is {_quoted(view.comment)}")
            for column in view_columns(con, view.name):
                _run(con, view.name, f'comment on column {view.name}."{column}" is {_quoted(column_comment(view, column))}')
        for macro in read_macros():
            _run(con, macro.name, macro.statement)
            kind = "macro table" if macro.gives_table else "macro"
            _run(con, macro.name, f"comment on {kind} {macro.name} is {_quoted(macro_comment(macro))}")


def view_columns(con: duckdb.DuckDBPyConnection, view: str) -> list[str]:
    """Names of a view's columns in their order."""
    return [row[0] for row in con.execute(f"select column_name from (describe {view})").fetchall()]


# --- checks ---------------------------------------------------------------------------------------------------


def _call(check: Check | None, con: duckdb.DuckDBPyConnection) -> None:
    if check is None:
        return
    try:
        check(con)
    except LoadFailed:
        raise
    except ValueError as exc:
        raise LoadFailed("check", "warehouse", str(exc)) from exc


def _check_all(con: duckdb.DuckDBPyConnection, expected: Mapping[str, int], *, linked: bool) -> None:
    _check_rows(con, expected)
    for table in (t for name, t in TABLES.items() if name in FILL_ORDER):
        _check_key(con, table)
        _check_references(con, table)
    if linked:
        _none(con, "reference", "documents", "select document_id from documents where copy_group_id is null", "has no copy group")
    _check_views(con)
    _check_macros(con)


def _check_rows(con: duckdb.DuckDBPyConnection, expected: Mapping[str, int]) -> None:
    for name, n in expected.items():
        found = _count(con, name)
        if found != n:
            raise LoadFailed("rows", name, f"has {found} rows, the lake has {n}")


def _check_key(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """A table whose key may hold NULL has no primary key that would watch over it."""
    if NULLABLE_KEYS.intersection(table.key):
        key = ", ".join(_name(c) for c in table.key)
        _none(con, "key", table.name, f'select {key} from "{table.name}" group by {key} having count(*) > 1', f"comes twice as ({key})")


def _check_references(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    for column, target in table.refs.items():
        parent, parent_column = target.split(".")
        if TABLES[parent] in WAREHOUSE_TABLES:
            _none(
                con,
                "reference",
                table.name,
                f'select t."{column}" from "{table.name}" t anti join "{parent}" p on p."{parent_column}" = t."{column}" '
                f'where t."{column}" is not null',
                f"is in {column} and not in {target}",
            )


def _check_views(con: duckdb.DuckDBPyConnection, names: Sequence[str] = VIEWS) -> None:
    for name in names:
        _run(con, name, f"select * from {name} limit 1", check="view")


def _check_macros(con: duckdb.DuckDBPyConnection) -> None:
    for macro in read_macros():
        call = f"{macro.name}({', '.join(['null'] * len(macro.columns))})"
        _run(con, macro.name, f"select * from {call} limit 1" if macro.gives_table else f"select {call}", check="macro")


def _none(con: duckdb.DuckDBPyConnection, check: str, table: str, query: str, what: str) -> None:
    """Raises ``LoadFailed`` with the first row of the query, if it has any."""
    found = con.execute(f"select count(*), min(r::varchar) from ({query}) r").fetchall()[0]
    if found[0]:
        raise LoadFailed(check, table, f"{found[1]} {what} ({found[0]} of them)")


@contextmanager
def _at_once(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Many small statements as one transaction; a commit for each would take most of the time of a small load."""
    con.execute("begin")
    yield
    con.execute("commit")


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f'select count(*) from "{table}"').fetchall()[0][0])


def _run(con: duckdb.DuckDBPyConnection, name: str, statement: str, parameters: Sequence[Any] = (), *, check: str = "sql") -> None:
    """Runs a statement; what DuckDB refuses is raised with the name of the table, view or macro."""
    try:
        con.execute(statement, list(parameters)).fetchall()
    except duckdb.Error as exc:
        raise LoadFailed(check, name, str(exc)) from exc


def _name(column: str) -> str:
    return f'"{column}"'


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _no_glob(path: str) -> str:
    """The path with the characters that DuckDB would read as a pattern taken literally."""
    return re.sub(r"([\[*?])", r"[\1]", path)
