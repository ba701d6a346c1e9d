"""Arrow columns as arrays of numbers whose meaning does not depend on the order of the rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
NONE = -1
"""Code of NULL."""


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


def sorted_rows(table: pa.Table, names: tuple[str, ...], by: tuple[str, ...]) -> list[dict[str, Any]]:
    """The named columns as rows, sorted by the columns ``by``."""
    picked = table.select(list(names))
    order = pc.sort_indices(picked, sort_keys=[(name, "ascending") for name in by])
    rows: list[dict[str, Any]] = picked.take(order).to_pylist()
    return rows
