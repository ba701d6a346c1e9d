"""dateline sql, tables, describe and export: asking the warehouse, read-only."""

from __future__ import annotations

import re
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TextIO

from flows.call import Call, opened, unknown
from flows.errors import BadQuery, BadSetting, DatelineError
from flows.show import count_of, on_terminal, print_json, print_rows, write_csv_rows, write_json_lines, write_json_rows

if TYPE_CHECKING:
    import duckdb

Form = Literal["table", "json", "csv"]

TERMINAL_ROWS = 500
"""More rows than this nobody reads on a terminal; programs get all of them."""
REACHING_OUT = frozenset(("COPY", "COPY_DATABASE", "EXPORT", "ATTACH", "DETACH", "LOAD", "EXTENSION"))
"""Statements that write files or load code although the warehouse is open for reading."""
_FETCH = 10_000
FORMATS = ("csv", "json", "jsonl", "parquet", "polecat")
"""What a table can be written as; POLECAT's columns are for events alone."""


@dataclass(frozen=True, slots=True)
class Named:
    """A table, view or macro of the warehouse, with what its comment says."""

    name: str
    kind: str
    comment: str
    parameters: tuple[str, ...] = ()

    @property
    def grain(self) -> str:
        """What one row is; for a macro how it is called."""
        if self.kind == "macro":
            return f"{self.name}({', '.join(self.parameters)})"
        found = re.search(r"One row per ([^.]+)\.", self.comment)
        return found[1] if found else ""


# --- sql ------------------------------------------------------------------------------------------------------


def ask(call: Call, query: str | None, form: Form) -> None:
    """Runs a query and prints its rows; without one reads it from a pipe, or opens the shell."""
    from flows.commands_shell import open_shell, run_lines

    if query is None and sys.stdin.isatty():
        open_shell(call)
        return
    typed = sys.stdin.read() if query is None else query
    with opened(call) as con:
        if any(line.startswith(".") for line in typed.splitlines()):
            run_lines(call, con, typed.splitlines(), form)
        else:
            print_result(execute(call, con, typed), form)


def execute(call: Call, con: duckdb.DuckDBPyConnection, query: str) -> duckdb.DuckDBPyConnection:
    """Runs a query that reads.

    Raises:
        BadQuery: a statement would write a file, attach another or load code: the connection is read-only, but that is only its own file.
    """
    for statement in con.extract_statements(query):
        if statement.type.name in REACHING_OUT:
            raise BadQuery(
                f"sql only reads: {statement.type.name} is not for it", hint=f"to write rows: {call.typed('export TABLE')}, or --csv"
            )
    return con.execute(query)


def print_result(cursor: duckdb.DuckDBPyConnection, form: Form) -> None:
    """The rows of a query that was run; statements without rows print nothing."""
    if cursor.description is None:
        return
    columns = [c[0] for c in cursor.description]
    if form == "table":
        rows = cursor.fetchmany(TERMINAL_ROWS + 1) if on_terminal() else cursor.fetchall()
        print_rows(columns, rows[:TERMINAL_ROWS] if on_terminal() else rows)
        if on_terminal():
            more = len(rows) > TERMINAL_ROWS
            print(f"(the first {TERMINAL_ROWS} rows; all of them with --csv or --json)" if more else f"({count_of(len(rows), 'row')})")
        return
    _write(columns, _rows(cursor), form, sys.stdout)


def _rows(cursor: duckdb.DuckDBPyConnection) -> Iterator[Sequence[Any]]:
    while batch := cursor.fetchmany(_FETCH):
        yield from batch


def _write(columns: Sequence[str], rows: Iterator[Sequence[Any]], form: str, out: TextIO) -> None:
    if form in ("json", "jsonl"):
        (write_json_rows if form == "json" else write_json_lines)(columns, rows, out)
    else:
        write_csv_rows(columns, rows, out, delimiter="\t" if form == "polecat" else ",")


# --- tables, describe -----------------------------------------------------------------------------------------


def list_tables(call: Call, *, as_json: bool) -> None:
    """Every table, view and macro with its rows and grain."""
    with opened(call) as con:
        found = read_names(con)
        counts = {n.name: con.execute(f'select count(*) from "{n.name}"').fetchall()[0][0] for n in found if n.kind == "table"}
    if as_json:
        print_json(
            [{"name": n.name, "kind": n.kind, "rows": counts.get(n.name), "one_row_per": n.grain, "comment": n.comment} for n in found]
        )
        return
    print_rows(("name", "kind", "rows", "one row per, or how to call it"), [(n.name, n.kind, counts.get(n.name), n.grain) for n in found])
    print(f"\nwhat its columns mean: {call.typed('describe TABLE')}")


def read_names(con: duckdb.DuckDBPyConnection) -> list[Named]:
    """Tables in the order of the pipeline, then views, then macros, each with its comment."""
    from warehouse.schema import TABLES

    tables = con.execute("select table_name, comment from duckdb_tables() where not internal order by table_name").fetchall()
    views = con.execute("select view_name, comment from duckdb_views() where not internal order by view_name").fetchall()
    macros = con.execute(
        "select function_name, any_value(comment), any_value(parameters) from duckdb_functions() "
        "where not internal and function_type in ('macro', 'table_macro') group by function_name order by function_name"
    ).fetchall()
    place = {name: i for i, name in enumerate(TABLES)}
    tables.sort(key=lambda t: (place.get(t[0], len(place)), t[0]))
    return [
        *(Named(name, "table", comment or "") for name, comment in tables),
        *(Named(name, "view", comment or "") for name, comment in views),
        *(Named(name, "macro", comment or "", tuple(parameters)) for name, comment, parameters in macros),
    ]


def describe_table(call: Call, name: str, *, as_json: bool) -> None:
    """What a table, view or macro is, and what its columns mean."""
    with _catalog(call) as con:
        named = find_name(read_names(con), name, call)
        columns = read_columns(con, named)
    if as_json:
        print_json({"name": named.name, "kind": named.kind, "comment": named.comment, "call": named.grain, "columns": columns})
        return
    print(f"{named.grain if named.kind == 'macro' else named.name}  ({named.kind})\n{named.comment}")
    if columns:
        print()
        print_rows(("column", "type", "null", "meaning"), [(c["column"], c["type"], c["null"], _meaning(c)) for c in columns])


def find_name(names: Sequence[Named], name: str, call: Call, *, kinds: Sequence[str] = ("table", "view", "macro")) -> Named:
    """The one with this name, whatever its case.

    Raises:
        UnknownName: there is none; the message tells the nearest.
    """
    wanted = name.strip('"').lower()
    for named in names:
        if named.name == wanted and named.kind in kinds:
            return named
    what, known = f"{', '.join(kinds[:-1])} or {kinds[-1]}", [n.name for n in names if n.kind in kinds]
    raise unknown(what, name, known, hint=f"see: {call.typed('tables')}")


def read_columns(con: duckdb.DuckDBPyConnection, named: Named) -> list[dict[str, Any]]:
    """Name, type, meaning, unit and closed list of the columns, as the file's comments and the schema tell them."""
    from warehouse.schema import TABLES

    if named.kind == "macro":
        return []
    rows = con.execute(
        "select column_name, data_type, is_nullable, comment from duckdb_columns() "
        "where table_name = ? and not internal order by column_index",
        [named.name],
    ).fetchall()
    table = TABLES.get(named.name)
    fields = {f.name: f for f in (*table.fields, *table.joined_fields)} if table else {}
    out = []
    for name, kind, nullable, comment in rows:
        field = fields.get(name)
        out.append(
            {
                "column": name,
                "type": kind,
                "null": "yes" if nullable else "no",
                "meaning": field.doc if field else comment,
                "unit": field.unit if field else None,
                "one_of": list(field.values) if field and field.values else None,
            }
        )
    return out


def _meaning(column: dict[str, Any]) -> str:
    unit = f" Unit: {column['unit']}." if column["unit"] else ""
    return f"{column['meaning'] or ''}{unit}" + (f" One of: {', '.join(column['one_of'])}." if column["one_of"] else "")


@contextmanager
def _catalog(call: Call) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse, or empty tables and views in memory where there is none yet: what they mean can be asked before the first run."""
    if call.settings.at_home().warehouse.exists():
        with opened(call) as con:
            yield con
        return
    import duckdb

    from warehouse.load import INFO_TABLE, create_views_and_macros
    from warehouse.schema import WAREHOUSE_TABLES

    with duckdb.connect() as con:
        for table in WAREHOUSE_TABLES:
            con.execute(table.ddl()).fetchall()
        con.execute(f"create table {INFO_TABLE} (key varchar, value varchar)").fetchall()
        create_views_and_macros(con)
        yield con


# --- export ---------------------------------------------------------------------------------------------------


def export(call: Call, name: str, form: str, out: Path | None) -> None:
    """A whole table or view as CSV, JSON, JSON Lines or Parquet, or events as POLECAT, to a file or to standard output."""
    if form not in FORMATS:
        raise BadSetting(f'--format cannot be "{form}"', hint=f"give one of: {', '.join(FORMATS)}")
    if form == "polecat" and name.lower() != "events":
        raise BadSetting(f'"{name}" cannot be written as POLECAT', hint=f"events can: {call.typed('export events --format polecat')}")
    if out is None and form == "parquet":
        raise BadSetting("Parquet is not for a terminal or a pipe", hint="give a file: --out FILE")
    if out is not None and not out.parent.is_dir():
        raise BadSetting(f"--out: there is no folder {out.parent}", hint="make it first")
    with opened(call) as con:
        named = find_name(read_names(con), name, call, kinds=("table", "view"))
        if out is None:
            _stream(con, named.name, form, sys.stdout)
            return
        tmp = out.with_name(f".{out.name}.{uuid.uuid4().hex[:8]}.tmp")
        try:
            if form == "parquet":
                con.execute(f"copy (from \"{named.name}\") to '{str(tmp).replace(chr(39), chr(39) * 2)}' (format parquet)").fetchall()
            else:
                with tmp.open("w", encoding="utf-8", newline="") as f:
                    _stream(con, named.name, form, f)
            tmp.replace(out)
        except OSError as exc:
            raise DatelineError(f"{out} cannot be written: {exc.strerror or exc}") from None
        finally:
            tmp.unlink(missing_ok=True)
    print(f"{named.name} -> {out}", file=sys.stderr)


def _stream(con: duckdb.DuckDBPyConnection, name: str, form: str, out: TextIO) -> None:
    from flows.polecat import events_query

    cursor = con.execute(events_query() if form == "polecat" else f'from "{name}"')
    _write([c[0] for c in cursor.description or ()], _rows(cursor), form, out)
