"""What holds for any bytes at all."""

from __future__ import annotations

import gzip
import io
import json
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms.reading import REASONS, Landed, Limits, Refused, Source, read_object
from transforms.reading.encoding import UTF8_REPLACED, mark_of
from transforms.reading.fields import record_fields
from transforms.reading.names import clean_authors
from warehouse.schema import TABLES

NAMES = [
    "a.txt",
    "a.html",
    "a.json",
    "a.jsonl",
    "a.csv",
    "a.xml",
    "a.rss",
    "a.zip",
    "a.tar",
    "a.tar.gz",
    "a.warc",
    "a.parquet",
    "a.gz",
    "a",
]
SEEDS = [
    b'{"title": "Ferry", "text": "The ferry runs."}\n{"id": 1, "text": "It is full."}\n',
    b'[{"title": "Ferry", "text": "The ferry runs."}, {"text": "x"}]',
    b"<html><body><h1>Ferry</h1><p>The ferry runs.</p></body></html>",
    b"<rss><channel><item><title>Ferry</title><description>It runs.</description></item></channel></rss>",
    b"title,text\nFerry,The ferry runs.\n",
    b"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: http://a.example/\r\n"
    b"Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nFerry\r\n\r\n",
    gzip.compress(b"The ferry runs. " * 20, mtime=0),
]
ANY_FILE = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def read(data: bytes, name: str, limits: Limits = Limits(max_unit_bytes=100_000)) -> list[Landed | Refused]:  # noqa: B008
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "object"
        path.write_bytes(data)
        return list(read_object(path, name, source=Source(), limits=limits))


def check(units: list[Landed | Refused]) -> None:
    """Every unit is one or the other, fits its tables, and every block is its span."""
    for unit in units:
        if isinstance(unit, Refused):
            assert unit.reason_code in REASONS
            assert (unit.detail or "").encode("utf-8") is not None
            continue
        TABLES["documents_landed"].conform([{**unit.document, "maker_version": "1"}])
        TABLES["blocks"].conform(unit.blocks)
        text = unit.document["text"]
        assert not unit.blocks or text == "\n".join(text[row["start_char"] : row["end_char"]] for row in unit.blocks)
        assert unit.source_record is None or unit.source_record.encode("utf-8")


@ANY_FILE
@given(data=st.binary(max_size=600), name=st.sampled_from(NAMES))
def test_any_bytes_give_units_and_never_raise(data: bytes, name: str) -> None:
    units = read(data, name)
    assert units
    check(units)


@ANY_FILE
@given(seed=st.sampled_from(SEEDS), at=st.floats(0, 1), junk=st.binary(max_size=8), cut=st.integers(0, 20), name=st.sampled_from(NAMES))
def test_damaged_files_of_every_kind(seed: bytes, at: float, junk: bytes, cut: int, name: str) -> None:
    i = int(at * len(seed))
    units = read(seed[:i] + junk + seed[i + cut :], name)
    assert units
    check(units)


@ANY_FILE
@given(seed=st.sampled_from(SEEDS), at=st.floats(0, 1), junk=st.binary(min_size=1, max_size=4))
def test_damaged_archives(seed: bytes, at: float, junk: bytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", seed)
        archive.writestr("b", seed)
    data = out.getvalue()
    i = int(at * (len(data) - len(junk)))
    units = read(data[:i] + junk + data[i + len(junk) :], "a.zip")
    assert units
    check(units)


@ANY_FILE
@given(data=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda t: t.encode("utf-8", "ignore"))))
def test_a_plain_text_is_its_decoded_bytes(data: bytes) -> None:
    for unit in read(data, "a.txt"):
        if isinstance(unit, Landed) and unit.document["media_type"] == "text/plain":
            encoding = unit.document["encoding"]
            body = data[len(mark_of(data)) :]
            decoded = body.decode("utf-8", "replace") if encoding == UTF8_REPLACED else body.decode(encoding)
            assert unit.document["text"] == decoded


KEYS = st.sampled_from(["text", "title", "author", "date", "id", "name", "source", "x"])
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)


@ANY_FILE
@given(values=st.lists(JSON_VALUES, min_size=1, max_size=4))
def test_any_json_reads_alike_as_lines_and_as_array(values: list[object]) -> None:
    lines = read("\n".join(json.dumps(value) for value in values).encode(), "a.jsonl")
    array = read(json.dumps(values).encode(), "a.json")
    check(lines)
    check(array)
    assert [unit.document for unit in lines if isinstance(unit, Landed)] == [unit.document for unit in array if isinstance(unit, Landed)]


@ANY_FILE
@given(value=JSON_VALUES)
def test_any_value_in_any_field(value: object) -> None:
    for key in ("title", "author", "authors", "date", "publisher", "url", "language", "id", "source"):
        record_fields({key: value, "text": "x"}, Source())


@pytest.mark.parametrize("authors", [[], [""], [None], ["By"], ["and"], [","], ["\ud800"], [3]])
def test_no_names(authors: list[object]) -> None:
    assert clean_authors(authors) in ([], ["\ud800"])
