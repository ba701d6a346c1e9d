"""Checks that a schema cannot say, as SQL over the tables of a part.

A ``Check`` finds the rows that break it. Great Expectations then judges a column ``<check name>`` that is true for
every other row, so that counts, severity and the rows themselves come out of the same validation as the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from warehouse.schema import NULLABLE_KEYS, TABLES, Table


@dataclass(frozen=True, slots=True)
class Check:
    """One rule over a table.

    ``sql`` selects the first key column of the rows that break it. ``severity`` critical: the row's document is set
    aside, or the stage stops where a row belongs to no document; warning and info only tell. ``notes`` says why.
    """

    name: str
    table: str
    sql: str
    notes: str
    severity: str = "critical"


def reference_checks(tables: Mapping[str, pa.Table]) -> list[Check]:
    """For every declared reference whose target is at hand: a check that it resolves."""
    out = []
    for table in (TABLES[name] for name in tables if name in TABLES):
        for column, target in table.refs.items():
            parent, parent_column = target.split(".")
            if parent in tables:
                out.append(
                    Check(
                        f"{column}_resolves",
                        table.name,
                        f'select t."{table.key[0]}" from "{table.name}" t '
                        f'where t."{column}" is not null and t."{column}" not in (select "{parent_column}" from "{parent}")',
                        f"{column} names a row of {parent}.",
                    )
                )
    return out


def span_texts(table: Table) -> bool:
    """Does the table store the characters of its spans?"""
    return {"document_id", "start_char", "end_char", "text"} <= set(table.columns)


def rows_with_wrong_text(table: Table, rows: pa.Table, texts: Mapping[str, str]) -> list[str]:
    """First key of every row whose text is not the characters of its span."""
    wrong = []
    columns = [rows.column(c).to_pylist() for c in (table.key[0], "document_id", "start_char", "end_char", "text")]
    for key, document_id, start, end, text in zip(*columns, strict=True):
        if not 0 <= start < end or texts.get(document_id, "")[start:end] != text:
            wrong.append(key)
    return wrong


def unique_columns(table: Table) -> list[str]:
    """The key, where it can be checked for uniqueness (a NULL is a value of its own)."""
    return [c for c in table.key if c not in NULLABLE_KEYS] if len(table.key) == 1 else list(table.key)
