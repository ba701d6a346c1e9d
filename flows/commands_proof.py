"""The proof of a row: its stored file is read again, and the characters must be the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from warehouse.lake import Home, file_sha256
from warehouse.schema import Row

if TYPE_CHECKING:
    from flows.settings import Settings

MARKS = (b"\xef\xbb\xbf", b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff", b"\xff\xfe", b"\xfe\xff")
"""Byte order marks, UTF-32 before UTF-16 that they begin with."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of ``documents.text`` and the words that a row says stand there."""

    label: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether the words stand in the file. ``bytes``: where in the file, if the file is plain text from end to end."""

    proved: bool
    words: str
    bytes: tuple[int, int] | None = None


def prove(home: Home, settings: Settings, landing: Row | None, spans: Sequence[Span]) -> Proof:
    """Reads the stored bytes again and compares every span with what stands there.

    Args:
        home: where raw/ lies.
        settings: limits of the reader.
        landing: the arrival of the document: object_sha256, source_uri, source_record, source_said, document_id.
        spans: the row's own span first.
    """
    if landing is None:
        return Proof(False, "no arrival of this document is known")
    path = home.raw_object(landing["object_sha256"])
    if not path.exists():
        return Proof(False, f"the stored file is gone: {path}")
    if file_sha256(path) != landing["object_sha256"]:
        return Proof(False, f"the stored file was changed: its bytes no longer have the sha256 that they arrived with: {path}")
    document = _read_again(path, settings, landing)
    if document is None:
        return Proof(False, "the reader does not find this document in the stored file")
    text: str = document["text"]
    wrong = next((s for s in spans if text[s.start : s.end] != s.text), None)
    if wrong is not None:
        return Proof(False, f"{wrong.label}: characters {wrong.start}-{wrong.end} of the file read {text[wrong.start : wrong.end][:80]!r}")
    return Proof(True, "the characters are in the file", _byte_span(path.read_bytes(), document, spans[0]))


def _read_again(path: Path, settings: Settings, landing: Row) -> Row | None:
    from transforms.reading import Landed, Limits, Source, read_object

    limits: dict[str, Any] = {name: getattr(settings, name) for name in ("max_unit_bytes", "max_text_chars", "max_expansion")}
    source = Source.from_said(landing["source_said"])
    for unit in read_object(path, name_of(landing["source_uri"]), source=source, limits=Limits(**limits)):
        if isinstance(unit, Landed) and unit.document["document_id"] == landing["document_id"]:
            return unit.document
    return None


def name_of(uri: str) -> str:
    """The file name that a URI ends with, as land takes it.

    >>> name_of("file:///drop/a%20b.txt")
    'a b.txt'
    """
    return PurePosixPath(unquote(urlsplit(uri).path, errors="surrogateescape")).name


def _byte_span(data: bytes, document: Row, span: Span) -> tuple[int, int] | None:
    """Bytes of the span, if the whole file is the document's text in its encoding; they are decoded again to be sure."""
    mark, encoding, text = next((m for m in MARKS if data.startswith(m)), b""), document["encoding"], document["text"]
    try:
        if data[len(mark) :].decode(encoding) != text:
            return None
        start = len(mark) + len(text[: span.start].encode(encoding))
        end = start + len(span.text.encode(encoding))
        return (start, end) if data[start:end].decode(encoding) == span.text else None
    except (UnicodeError, LookupError, TypeError):  # not text from end to end, or read with an encoding that has no way back
        return None
