"""dateline diff: which rows two homes do not share, with their sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.errors import NoWarehouse
from flows.show import print_json, print_rows
from warehouse.lake import Home
from warehouse.schema import TABLES, Row

if TYPE_CHECKING:
    import duckdb

COMPARED = (
    "documents", "segments", "entries", "sentences", "mentions", "times", "quotes", "events", "event_roles", "figures", "entities", "entity_links",
    "copy_groups", "story_members", "happenings", "figure_topics", "remark_groups", "disputes",
)  # fmt: skip
"""What rules and models decide. Landings and runs tell when something was done and always differ."""

UNTOLD = frozenset({"maker_version"})
"""Columns that differ between versions although nothing that is told has changed."""


@dataclass(frozen=True, slots=True)
class Change:
    """A row that only one home has, or that both have with other values; ``before`` and ``after`` are the rows in full."""

    table: str
    key: tuple[Any, ...]
    before: Row | None
    after: Row | None
    sentence: str | None

    @property
    def kind(self) -> str:
        """lost, gained or changed."""
        return "lost" if self.after is None else "gained" if self.before is None else "changed"

    @property
    def columns(self) -> list[str]:
        """The columns whose value changed; none for a lost or gained row."""
        if self.before is None or self.after is None:
            return []
        return [c for c in self.before if c not in UNTOLD and self.before[c] != self.after[c]]


def compare(one: Home, other: Home) -> Iterator[Change]:
    """Every row of the compared tables that is not the same in both warehouses, of the documents that both hold, in the order of tables and keys.

    Raises:
        NoWarehouse: one of the homes has none.
    """
    import duckdb

    con = duckdb.connect()
    for name, home in (("a", one), ("b", other)):
        if not home.warehouse.is_file():
            raise NoWarehouse(f"there is no warehouse in {home.path}", hint=f"make one: dateline run PATH --home {home.path}")
        con.execute(f"attach '{str(home.warehouse).replace(chr(39), chr(39) * 2)}' as {name} (read_only)")
    for table in COMPARED:
        yield from _changes(con, table)


def n_rows(home: Home) -> dict[str, int]:
    """Rows of the compared tables."""
    import duckdb

    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        counts = " union all ".join(f"select '{t}', count(*) from \"{t}\"" for t in COMPARED)
        return dict(con.execute(counts).fetchall())


def _changes(con: duckdb.DuckDBPyConnection, table: str) -> Iterator[Change]:
    described = TABLES[table]
    names = list(described.columns)
    key = described.key
    shared = (
        " where document_id in (select document_id from a.documents intersect select document_id from b.documents)"
        if "document_id" in names
        else ""
    )
    same = " and ".join(f"x.{c} is not distinct from y.{c}" for c in key)
    told = [c for c in names if c not in UNTOLD]
    query = f"""
        with x as (from a."{table}"{shared}), y as (from b."{table}"{shared})
        select {", ".join(f"x.{c}" for c in names)}, {", ".join(f"y.{c}" for c in names)}, x.{key[0]} is not null, y.{key[0]} is not null
        from x full join y on {same}
        where ({", ".join(f"x.{c}" for c in told)},) is distinct from ({", ".join(f"y.{c}" for c in told)},)
        order by {", ".join(f"coalesce(x.{c}, y.{c})" for c in key)}"""
    for row in con.execute(query).fetchall():
        before = dict(zip(names, row[: len(names)], strict=True)) if row[-2] else None
        after = dict(zip(names, row[len(names) : -2], strict=True)) if row[-1] else None
        seen = after or before or {}
        yield Change(table, tuple(seen[c] for c in key), before, after, _sentence(con, "b" if after else "a", seen))


def _sentence(con: duckdb.DuckDBPyConnection, home: str, row: Row) -> str | None:
    """The sentence that the row's span begins in; None for rows without a span."""
    if "document_id" not in row or row.get("start_char") is None:
        return None
    query = f"select text from {home}.sentences where document_id = ? and start_char <= ? and end_char > ?"
    found = con.cursor().execute(query, [row["document_id"], row["start_char"], row["start_char"]]).fetchone()
    return " ".join(found[0].split()) if found else None


def diff(one: Path, other: Path, *, limit: int, as_json: bool) -> int:
    """Prints what is lost, gained and changed from one home to the other; gives the number of such rows."""
    homes = Home(one.expanduser().resolve()), Home(other.expanduser().resolve())
    changes = list(compare(*homes))
    if as_json:
        print_json(
            [
                {
                    "table": c.table,
                    "change": c.kind,
                    "key": list(c.key),
                    "columns": c.columns,
                    "before": c.before,
                    "after": c.after,
                    "sentence": c.sentence,
                }
                for c in changes
            ]
        )
        return len(changes)
    tables = [t for t in COMPARED if any(c.table == t for c in changes)]
    before, after = n_rows(homes[0]), n_rows(homes[1])
    summary = [
        (t, before[t], after[t], *(sum(c.table == t and c.kind == k for c in changes) for k in ("lost", "gained", "changed")))
        for t in tables
    ]
    if not summary:
        print("no row differs in the documents that both hold")
        return 0
    print_rows(("table", "rows before", "rows after", "lost", "gained", "changed"), summary)
    for table in tables:
        _print_changes(table, [c for c in changes if c.table == table], limit)
    return len(changes)


def _print_changes(table: str, changes: Sequence[Change], limit: int) -> None:
    print(f"\n{table}")
    for change in changes[:limit]:
        row = change.after or change.before or {}
        words = " ".join(str(row.get("text") or row.get("name") or row.get("title") or "").split())[:80]
        told = [str(row[c]) for c in ("kind", "label", "event_type", "status", "role", "value", "measure") if row.get(c) is not None]
        print(f"  {_SIGN[change.kind]} {change.key[0]}  {' '.join(told)}  {words}".rstrip())
        for column in change.columns:
            print(f"      {column}: {_shown(change.before, column)} -> {_shown(change.after, column)}")
        if change.sentence and table not in ("sentences", "documents"):
            print(f"      | {change.sentence[:200]}")
    if len(changes) > limit:
        print(f"  and {len(changes) - limit} more (--limit {len(changes)} shows all)")


_SIGN = {"lost": "-", "gained": "+", "changed": "~"}


def _shown(row: Row | None, column: str) -> str:
    value = (row or {}).get(column)
    return "NULL" if value is None else " ".join(str(value).split())[:80]
