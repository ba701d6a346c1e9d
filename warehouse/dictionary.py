"""The data dictionary: every table, column, view and macro with its meaning, as one Markdown page.

``python -m warehouse.dictionary`` writes docs/data_dictionary.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import duckdb

from warehouse.load import (
    INFO_COLUMNS,
    INFO_COMMENT,
    INFO_TABLE,
    SqlObject,
    column_comment,
    create_views_and_macros,
    read_macros,
    read_queries,
    read_views,
)
from warehouse.schema import (
    CLEAN_TABLES,
    DUCKDB_TYPES,
    EXTRACT_TABLES,
    LAND_TABLES,
    LINK_TABLES,
    RUN_TABLES,
    WAREHOUSE_TABLES,
    Field,
    Table,
)

PAGE = Path(__file__).resolve().parents[1] / "docs" / "data_dictionary.md"
COMMAND = "python -m warehouse.dictionary"
GROUPS: tuple[tuple[str, str, tuple[Table, ...]], ...] = (
    ("Landed", "What the input held, as read.", LAND_TABLES),
    ("Cleaned", "Made per document: articles, and what every stretch of their text is.", CLEAN_TABLES),
    ("Extracted", "Made per document: what the text says.", EXTRACT_TABLES),
    ("Linked", "Made over all documents: what belongs together.", LINK_TABLES),
    ("Runs", "What ran, what came in, what was set aside. The only tables with clocks.", RUN_TABLES),
)


def render() -> str:
    """The whole page; the same code gives the same page."""
    lines = [
        "# Data dictionary",
        "",
        f"<!-- Written by `{COMMAND}` from warehouse/schema.py, warehouse/views, warehouse/macros and warehouse/queries. Do not edit. -->",
        "",
        "The same words stand in the DuckDB file as comments: `select table_name, comment from duckdb_tables()`, and likewise",
        "`duckdb_columns()`, `duckdb_views()` and `duckdb_functions()`. Offsets are code points into `documents.text`, half-open:",
        "`text[start_char:end_char]`. Columns that are marked *joined* are added when the lake is loaded into DuckDB.",
        "",
        *_contents(),
    ]
    for title, words, tables in GROUPS:
        lines += [f"## {title}", "", words, ""]
        for table in tables:
            lines += _table(table)
    lines += [*_info(), "## Views", "", "Ready answers on top of the tables.", ""]
    types = _view_types()
    for view in read_views():
        lines += _view(view, types[view.name])
    lines += ["## Macros", "", "Functions that any client can call. Those that give a table stand behind `from`.", ""]
    for macro in read_macros():
        lines += _macro(macro)
    lines += ["## Cookbook", "", "Questions that are answered by a file in `warehouse/queries`.", "", *_queries()]
    return "\n".join(lines).rstrip() + "\n"


def _contents() -> Iterator[str]:
    for title, _, tables in GROUPS:
        yield f"- {title}: " + ", ".join(_link(t.name) for t in tables)
    yield "- Views: " + ", ".join(_link(v.name) for v in read_views())
    yield "- Macros: " + ", ".join(_link(m.name) for m in read_macros())
    yield ""


def _table(table: Table) -> Iterator[str]:
    yield from (f"### {table.name}", "", f"{table.doc} One row per {table.grain}. Key: {', '.join(_code(c) for c in table.key)}.")
    for warning in table.warnings:
        yield f"**Mind:** {warning}"
    if table not in WAREHOUSE_TABLES:
        yield "Stands in the lake, not in the DuckDB file."
    yield ""
    rows = [(_code(f.name), DUCKDB_TYPES[f.type], "no" if f.required else "yes", _meaning(f, table)) for f in table.fields]
    rows += [(_code(f.name), DUCKDB_TYPES[f.type], "yes", f"{_meaning(f, table)} *Joined.*") for f in table.joined_fields]
    yield from _grid(("column", "type", "NULL", "meaning"), rows)


def _meaning(f: Field, table: Table) -> str:
    """Meaning, unit, reference and the whole closed list; the comment in DuckDB leaves long lists out."""
    target = table.refs.get(f.name)
    return "".join(
        (
            f.doc,
            f" Unit: {f.unit}." if f.unit else "",
            f" Refers to {_code(target)}." if target else "",
            f" One of: {', '.join(f.values)}." if f.values else "",
        )
    )


def _info() -> Iterator[str]:
    yield from (f"### {INFO_TABLE}", "", INFO_COMMENT, "")
    yield from _grid(("column", "type", "NULL", "meaning"), [(_code(c), "VARCHAR", "no", words) for c, words in INFO_COLUMNS.items()])


def _view(view: SqlObject, types: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield from (f"### {view.name}", "", view.comment, "")
    yield from _grid(("column", "type", "meaning"), [(_code(c), kind, column_comment(view, c)) for c, kind in types])


def _macro(macro: SqlObject) -> Iterator[str]:
    kind = "gives a table" if macro.gives_table else "gives a value"
    yield from (f"### {macro.name}", "", f"`{macro.name}({', '.join(macro.columns)})` {kind}. {macro.comment}", "")
    yield from _grid(("parameter", "meaning"), [(_code(name), words) for name, words in macro.columns.items()])


def _queries() -> Iterator[str]:
    for name, text in read_queries().items():
        asked = re.search(r"^-- Question: (.*)$", text, re.M)
        yield f"- [{name}](../warehouse/queries/{name}.sql): {asked[1] if asked else ''}"


def _view_types() -> dict[str, list[tuple[str, str]]]:
    """Columns and types of every view, as DuckDB sees them over empty tables."""
    with duckdb.connect() as con:
        for table in WAREHOUSE_TABLES:
            con.execute(table.ddl()).fetchall()
        con.execute(f"create table {INFO_TABLE} (key varchar, value varchar)").fetchall()
        create_views_and_macros(con)
        return {v.name: con.execute(f"select column_name, column_type from (describe {v.name})").fetchall() for v in read_views()}


def _grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"
    yield ""


def _link(name: str) -> str:
    return f"[{name}](#{name})"


def _code(name: str) -> str:
    return f"`{name}`"


def main() -> None:
    """Writes the page."""
    PAGE.write_text(render(), "utf-8")


if __name__ == "__main__":
    main()
