"""START HERE: a file as it arrived -> the documents in it and what could not be read."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from transforms.reading.archive import read_tar, read_zip, unpacked
from transforms.reading.document import land, sha256
from transforms.reading.encoding import decode
from transforms.reading.feed import read_feed
from transforms.reading.fields import Fields
from transforms.reading.frontmatter import front_matter
from transforms.reading.model import Landed, Limits, Refused, Source, Unreadable, refuse, storable
from transforms.reading.page import land_page
from transforms.reading.records import read_csv, read_json, read_json_lines, read_parquet
from transforms.reading.sniff import HEAD, PACKED, sniff
from transforms.reading.streams import Blob, Context, Stream, read_whole
from transforms.reading.warc import Payload, read_warc

MEDIA_TYPES = {"text": "text/plain", "markdown": "text/markdown", "html": "text/html"}
_READERS = {"json": read_json, "jsonl": read_json_lines, "csv": read_csv, "parquet": read_parquet, "feed": read_feed}


def read_object(path: Path, name: str, *, source: Source = Source(), limits: Limits = Limits()) -> Iterator[Landed | Refused]:  # noqa: B008
    """The units of one file in their order: documents, and refusals with a reason for all that is none.

    ``path`` is where the bytes lie, ``name`` the file's own name. Memory does not grow with the file. Bad
    content never raises; a file that is missing or a disk that fails does (``OSError``).
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        context = Context(replace(source, media_type=None), limits, size)
        blob = Blob(Stream(file), storable(name), None, 0, size, file)
        yield from read_blob(blob, context)


def read_blob(blob: Blob, context: Context) -> Iterator[Landed | Refused]:
    """The units of a file or member; a defect of the container ends it with one refusal."""
    try:
        yield from _read_kind(blob, context)
    except Unreadable as exc:
        yield refuse(blob.record, exc.code, exc.detail)
    except OSError:
        raise
    except Exception as exc:  # noqa: BLE001 - one file that trips a library must not stop the others
        yield refuse(blob.record, "unreadable", f"{type(exc).__name__}: {exc}")


def _read_kind(blob: Blob, context: Context) -> Iterator[Landed | Refused]:
    head = blob.stream.peek(HEAD)
    if not head:
        blob.stream.read1()  # raises what kept the first byte from being read
        raise Unreadable("empty", "no bytes")
    kind = sniff(head, blob.name)
    if kind in PACKED:
        yield from read_blob(unpacked(blob, kind, context), context)
    elif kind == "zip":
        yield from read_zip(blob, context, read_blob)
    elif kind == "tar":
        yield from read_tar(blob, context, read_blob)
    elif kind == "warc":
        yield from read_warc(blob, context, lambda payload, name: _read_payload(payload, name, context))
    elif kind in _READERS:
        yield from _READERS[kind](blob, context)
    elif kind in MEDIA_TYPES:
        yield _read_unit(read_whole(blob.stream, context.limits.max_unit_bytes), kind, sniff(head), blob.record, context)
    else:
        raise Unreadable("unsupported_type", kind.removeprefix("unsupported: "))


def _read_unit(data: bytes, kind: str, sure: str, record: str | None, context: Context, *, payload: Payload | None = None) -> Landed:
    """A text or page. Where its name and not its content tells the kind, the source is held to have said so."""
    source, raw = context.source, data
    if payload is not None:
        raw = payload.identity()
    if kind != sure:
        source = replace(source, media_type=MEDIA_TYPES[kind])
    if kind == "html":
        address = payload.address if payload is not None else None
        return land_page(data, source=source, limits=context.limits, record=record, address=address, raw=raw)
    text, encoding = decode(data)
    fields = front_matter(text, source) if kind == "markdown" else Fields()
    return land(
        text=text,
        raw_sha256=sha256(raw),
        media_type=MEDIA_TYPES[kind],
        encoding=encoding,
        source=source,
        limits=context.limits,
        fields=fields,
        record=record,
    )


def _read_payload(payload: Payload, name: str, context: Context) -> Iterator[Landed | Refused]:
    """The units of a response: one text or page, or the records of JSON or a feed."""
    try:
        if payload.kind in _READERS:
            stream = Stream(io.BytesIO(payload.data))
            yield from _READERS[payload.kind](Blob(stream, "", name, size=len(payload.data)), context)
        else:
            yield _read_unit(payload.data, payload.kind, sniff(payload.data[:HEAD]), name, context, payload=payload)
    except Unreadable as exc:
        yield refuse(name, exc.code, exc.detail)
    except OSError:
        raise
    except Exception as exc:  # noqa: BLE001 - as above
        yield refuse(name, "unreadable", f"{type(exc).__name__}: {exc}")
