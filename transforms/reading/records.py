"""JSON, JSON Lines, CSV and Parquet: records in, documents out."""

from __future__ import annotations

import base64
import csv
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from hashlib import blake2b
from itertools import chain
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.reading.document import land_record
from transforms.reading.encoding import decode, mark_of
from transforms.reading.fields import is_article, record_fields, record_id, record_text, unwrap
from transforms.reading.json_values import JsonCursor, array_values, object_arrays, parse_value
from transforms.reading.model import Landed, Refused, Source, Unreadable, join_record, refuse, storable
from transforms.reading.streams import Blob, Context, read_lines, seekable
from transforms.reading.transcode import as_utf8

T = TypeVar("T")

JSON = "application/json"
ID_MEMORY = 250_000
"""Ids that are kept to see which are used twice; records after so many different ids are named by number."""

ROWS_AT_ONCE = 64
_ARRAY_DEPTH = 3


class RecordNames:
    """Names the records of one file: by their own id where it is new, else by their number from 1."""

    def __init__(self, parent: str | None) -> None:
        self._parent = parent
        self._seen: set[int] = set()
        self.number = 0

    def next(self, own: str | None = None) -> str | None:
        """The name of the next record."""
        self.number += 1
        child = f"#{self.number}"
        if own is not None and len(self._seen) < ID_MEMORY:
            key = int.from_bytes(blake2b(storable(own).encode(), digest_size=8).digest())
            if key not in self._seen:
                self._seen.add(key)
                child = storable(own)
        return join_record(self._parent, child)


def read_record(record: Any, names: RecordNames, context: Context) -> Landed | Refused:
    """The document of one record, or why there is none."""
    source = context.source
    if not isinstance(record, dict):
        return refuse(names.next(), "bad_record", f"{type(record).__name__} instead of an object")
    name = None
    try:
        article = unwrap(record, source)
        name = names.next(record_id(article, source))
        text = record_text(article, source)
        if text is None:
            raise Unreadable("no_text", _fields_of(article, source))
        return land_record(
            record=record,
            text=text,
            fields=record_fields(article, source),
            media_type=JSON,
            source=source,
            limits=context.limits,
            source_record=name,
        )
    except Unreadable as exc:
        return refuse(name, exc.code, exc.detail)


def _fields_of(record: Mapping[str, Any], source: Source) -> str:
    wanted = f"mapping names {source.mapping['text']!r}; " if "text" in source.mapping else ""
    return wanted + "its fields: " + ", ".join(str(key) for key in list(record)[:40])


# --- JSON -------------------------------------------------------------------------------------------------


def read_json_lines(blob: Blob, context: Context) -> Iterator[Landed | Refused]:
    """One record per line; a bad line is refused and the next one read."""
    names = RecordNames(blob.record)
    for line in _lines(blob, context):
        if isinstance(line, Unreadable):
            yield refuse(names.next(), line.code, line.detail)
        elif not line.isspace():
            try:
                value = parse_value(line)
            except Unreadable as exc:
                yield refuse(names.next(), exc.code, exc.detail)
            else:
                yield read_record(value, names, context)
    if names.number == 0:
        raise Unreadable("empty", "no record in it")


def read_json(blob: Blob, context: Context) -> Iterator[Landed | Refused]:
    """One article, an array of articles, an object with arrays of them, or several such values one after another."""
    stream, encoding = as_utf8(blob.stream)
    names = RecordNames(blob.record)
    cursor = JsonCursor(stream, encoding=encoding, limit=context.limits.max_unit_bytes)
    while mark := cursor.peek():
        for value in array_values(cursor) if mark == "[" else _values_at(cursor, context.source):
            yield read_record(value, names, context)
    if names.number == 0:
        raise Unreadable("empty", "no record in it")


def _values_at(cursor: JsonCursor, source: Source) -> Iterator[Any]:
    """The records in the next value: an object that is larger than an article may be is gone through piece by piece."""
    try:
        value = cursor.value()
    except Unreadable as exc:
        if exc.code != "too_large" or cursor.peek() != "{":
            raise
        n_found = 0
        for members in object_arrays(cursor, _ARRAY_DEPTH):
            first = next(members, None)
            if is_article(first, source):
                for value in chain([first], members):
                    n_found += 1
                    yield value
        if n_found == 0:
            raise
        return
    yield from _articles_in(value, source)


def _articles_in(value: Any, source: Source) -> Iterable[Any]:
    """The object itself if it is an article, else the objects of its arrays if some are, else the object."""
    if not isinstance(value, dict) or is_article(value, source):
        return [value]
    found = [member for members in _arrays(value, _ARRAY_DEPTH) if any(is_article(m, source) for m in members) for member in members]
    return found or [value]


def _arrays(value: dict[str, Any], depth: int) -> Iterator[list[Any]]:
    for part in value.values():
        if isinstance(part, list):
            yield part
        elif isinstance(part, dict) and depth > 1:
            yield from _arrays(part, depth - 1)


def _lines(blob: Blob, context: Context) -> Iterator[str | Unreadable]:
    """Lines as text; in the place of a line that cannot be had, why."""
    limit = context.limits.max_line_bytes
    stream, encoding = as_utf8(blob.stream)
    first = True
    for line in read_lines(stream, limit):
        if line is None:
            yield Unreadable("too_large", f"a line of more than {limit} bytes")
            continue
        data, first = line[len(mark_of(line)) :] if first else line, False
        try:
            yield data.decode("utf-8")
        except UnicodeDecodeError:
            try:
                yield decode(data, encoding)[0]
            except Unreadable as exc:
                yield exc


# --- tables -----------------------------------------------------------------------------------------------


def read_csv(blob: Blob, context: Context) -> Iterator[Landed | Refused]:
    """Rows below a header; a row with more or fewer cells than the header is refused."""
    # The limit is one for the whole process; the default of 128 KiB is less than a long article.
    csv.field_size_limit(context.limits.max_unit_bytes)
    names = RecordNames(blob.record)
    refused: list[Unreadable] = []
    lines = _good_lines(_lines(blob, context), refused)
    first = next((line for line in lines if not line.isspace()), None)
    if first is None:
        raise refused[0] if refused else Unreadable("empty")
    rows = csv.reader(chain([first], lines), delimiter=_delimiter(first.replace("\r", " ")))
    top = next(_rows(rows))
    if isinstance(top, Unreadable):
        raise top
    header = [cell.strip() for cell in top]
    if len(set(header)) < len(header):
        raise Unreadable("bad_record", "two columns have one name: " + ", ".join(header)[:300])
    for row in _rows(rows):
        while refused:
            bad = refused.pop(0)
            yield refuse(names.next(), bad.code, bad.detail)
        if isinstance(row, Unreadable):
            yield refuse(names.next(), row.code, row.detail)
        elif len(row) == len(header):
            yield read_record(dict(zip(header, row, strict=True)), names, context)
        elif row:
            yield refuse(names.next(), "bad_record", f"{len(row)} cells, the header has {len(header)}")
    for bad in refused:
        yield refuse(names.next(), bad.code, bad.detail)
    if names.number == 0:
        raise Unreadable("empty", "a header and no rows")


def _good_lines(lines: Iterable[str | Unreadable], refused: list[Unreadable]) -> Iterator[str]:
    for line in lines:
        if isinstance(line, Unreadable):
            refused.append(line)
        else:
            yield line


def _rows(rows: Iterator[list[str]]) -> Iterator[list[str] | Unreadable]:
    while True:
        try:
            yield next(rows)
        except StopIteration:
            return
        except csv.Error as exc:
            yield Unreadable("bad_record", str(exc))


def _delimiter(header: str) -> str:
    """The mark that parts the header into most cells."""
    return max(",\t;|", key=lambda mark: (len(next(csv.reader([header], delimiter=mark), [])), mark == ","))


def read_parquet(blob: Blob, context: Context) -> Iterator[Landed | Refused]:
    """Rows of a Parquet file, a few at a time."""
    names = RecordNames(blob.record)
    file = seekable(blob)
    try:
        table = _arrow(lambda: pq.ParquetFile(file))
        batches = table.iter_batches(batch_size=ROWS_AT_ONCE)
        while (batch := _arrow(lambda: next(batches, None))) is not None:
            for row in batch.to_pylist():
                yield read_record(plain_value(row), names, context)
    finally:
        if file is not blob.file:
            file.close()
    if names.number == 0:
        raise Unreadable("empty", "no rows")


def _arrow(read: Callable[[], T]) -> T:
    try:
        return read()
    except (pa.ArrowException, OSError, ValueError) as exc:
        code = "truncated" if "footer" in str(exc) or "magic bytes" in str(exc) else "unreadable"
        raise Unreadable(code, str(exc)) from exc


def plain_value(value: Any) -> Any:
    """A value of a table as JSON has it: times in ISO 8601, NaN as null, bytes as text or base64.

    >>> plain_value({"day": date(2025, 3, 4), "n": float("nan")})
    {'day': '2025-03-04', 'n': None}
    """
    if isinstance(value, dict):
        return {str(key): plain_value(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain_value(part) for part in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | timedelta):
        return str(value)
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return base64.b64encode(value).decode("ascii")
    return value
