"""Arrow columns as arrays of numbers whose meaning does not depend on the order of the rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
NONE = -1
"""Code of NULL."""

NOBODY: frozenset[str] = frozenset()
"""One empty set for all rows: each call of ``frozenset`` makes another."""

CHUNK = 10_000
"""Rows that are turned into Python values at a time."""

READ: dict[str, tuple[str, ...]] = {
    "documents": (
        "document_id", "text", "title", "publisher", "language", "origin", "published_at", "published_local", "published_date",
    ),
    "segments": ("document_id", "start_char", "end_char", "kind"),
    "entries": ("document_id", "entry_id", "title", "posted_at", "posted_local", "start_char", "end_char"),
    "mentions": (
        "mention_id", "document_id", "sentence_id", "start_char", "text", "label", "mention_kind", "local_entity_id", "country", "sectors",
        "geonames_id", "latitude", "longitude", "admin1",
    ),
    "quotes": ("quote_id", "document_id", "start_char", "end_char", "text", "cue_start_char", "cue_end_char", "speaker_mention_id"),
    "events": (
        "event_id", "document_id", "sentence_id", "start_char", "text", "trigger_start_char", "trigger_end_char", "event_type", "modes",
        "status", "date_start", "date_end", "date_precision", "quote_id",
    ),
    "event_roles": ("event_id", "role", "text", "mention_id"),
    "figures": (
        "figure_id", "document_id", "sentence_id", "start_char", "end_char", "value_low", "value_high", "comparator", "unit", "currency",
        "measure", "counted", "subject_mention_id", "place_mention_id", "as_of_start", "quote_id", "part_of_figure_id",
    ),
}  # fmt: skip
"""The tables that linking reads, and the columns of each that it needs; it reads no others."""


def strings(table: pa.Table, name: str) -> pa.ChunkedArray:
    """The column as text; a list column has its items joined by ``|``."""
    column = table[name]
    if pa.types.is_list(column.type):
        return pc.binary_join(column, "|")
    return column if pa.types.is_string(column.type) else column.cast(pa.string())


def encode(column: pa.ChunkedArray) -> tuple[Ints, list[str]]:
    """Codes into the sorted list of the column's values, NULL as ``NONE``; and that list."""
    column = pa.chunked_array(column) if not isinstance(column, pa.ChunkedArray) else column
    if not len(column):
        return np.empty(0, np.int64), []
    encoded = column.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    values: list[str] = encoded.dictionary.to_pylist()
    rank = np.empty(len(values) + 1, np.int64)
    order = sorted(range(len(values)), key=values.__getitem__)
    rank[order] = np.arange(len(values))
    rank[-1] = NONE
    codes = encoded.indices.fill_null(len(values)).to_numpy(zero_copy_only=False).astype(np.int64)
    return rank[codes], [values[i] for i in order]


def look_up(column: pa.ChunkedArray, values: list[str]) -> Ints:
    """Position of each value in the sorted list ``values``, ``NONE`` where it is not there."""
    found = pc.index_in(column, value_set=pa.array(values, pa.string()))
    return np.asarray(found.fill_null(NONE).to_numpy()).astype(np.int64)


def integers(table: pa.Table, name: str) -> Ints:
    """The column as integers, NULL as ``NONE``."""
    return np.asarray(table[name].cast(pa.int64()).fill_null(NONE).to_numpy()).astype(np.int64)


def floats(table: pa.Table, name: str) -> Floats:
    """The column as floats, NULL as NaN."""
    return np.asarray(table[name].cast(pa.float64()).fill_null(float("nan")).to_numpy()).astype(np.float64)


def sorted_table(table: pa.Table, names: tuple[str, ...], by: tuple[str, ...]) -> pa.Table:
    """The named columns, sorted by the columns ``by``."""
    picked = table.select(list(names))
    return picked.take(pc.sort_indices(picked, sort_keys=[(name, "ascending") for name in by]))


def rows_of(table: pa.Table) -> Iterator[dict[str, Any]]:
    """The rows as Python values, few at a time."""
    for start in range(0, table.num_rows, CHUNK):
        yield from table.slice(start, CHUNK).to_pylist()
