"""WARC: one response at a time, each read like a file that was fetched from its address."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from transforms.reading.model import Landed, Refused, Unreadable, join_record, refuse
from transforms.reading.sniff import HEAD, sniff
from transforms.reading.streams import Blob, Context, Stream

READ_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "text/markdown", "application/json", "application/x-ndjson")
FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml", "application/feed+json")
READ_KINDS = ("html", "text", "markdown", "feed", "json", "jsonl")

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})")
_NO_PAYLOAD = WarcRecordType.warcinfo | WarcRecordType.request | WarcRecordType.metadata | WarcRecordType.continuation


@dataclass(frozen=True, slots=True)
class Payload:
    """The body of a response: its bytes, decoded as the transfer had encoded them, and their declared type."""

    address: str
    data: bytes
    media_type: str
    kind: str

    def identity(self) -> bytes:
        """What the document's id is made from: target and payload."""
        return self.address.encode("utf-8", "surrogateescape") + b"\n" + self.data


ReadPayload = Callable[[Payload, str], Iterator[Landed | Refused]]


def read_warc(blob: Blob, context: Context, read_payload: ReadPayload) -> Iterator[Landed | Refused]:
    """Units of all responses, resources and conversions; requests and metadata hold no news and are passed over."""
    number = n_read = 0
    records = ArchiveIterator(_Short(blob.stream), parse_http=False)
    while True:
        try:
            record = next(records, None)
        except OSError as exc:
            raise Unreadable("truncated" if "EOF" in str(exc) else "corrupt_archive", str(exc)) from exc
        if record is None:
            break
        number += 1
        if record.record_type & _NO_PAYLOAD:
            continue
        n_read += 1
        name = join_record(blob.record, _name(record, number)) or f"#{number}"
        try:
            payload = _payload(record, context.limits.max_unit_bytes)
        except Unreadable as exc:
            yield refuse(name, exc.code, exc.detail)
            if exc.code == "truncated":  # only the end of the file cuts a record short
                return
            continue
        yield from read_payload(payload, name)
    if n_read == 0:
        raise Unreadable("empty", f"no response in it; {number} other records")


class _Short(io.RawIOBase):
    """Hands out what is there: reading ahead would lose what lies before a defect."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._at = 0

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, at most ``size``."""
        data = self._stream.read1(size)
        self._at += len(data)
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Where the stream stands; the parser asks for it in this way and does not go back."""
        if offset or whence != io.SEEK_CUR:
            raise io.UnsupportedOperation("seek")
        return self._at

    def tell(self) -> int:
        """Where the stream stands."""
        return self._at


def _name(record: WarcRecord, number: int) -> str:
    own = record.headers.get("WARC-Record-ID") or ""
    return str(own).strip("<> ")[:200] or f"#{number}"


def _payload(record: WarcRecord, limit: int) -> Payload:
    address = str(record.headers.get("WARC-Target-URI") or "").strip("<> ")
    block = _block(record, limit)
    if record.record_type == WarcRecordType.revisit:
        raise Unreadable("response_type", "a revisit record has no payload of its own")
    if record.record_type == WarcRecordType.response and address.lower().startswith(("http", "<http")):
        return _http_payload(address, block, limit)
    if record.record_type not in (WarcRecordType.resource, WarcRecordType.conversion):
        raise Unreadable("response_type", f"record of type {record.headers.get('WARC-Type')} for {address[:200]}")
    return _typed(address, block, str(record.headers.get("Content-Type") or ""))


def _block(record: WarcRecord, limit: int) -> bytes:
    """The whole block; what is too large is passed over without being kept."""
    declared = int(record.content_length)
    if declared > limit:
        raise Unreadable("too_large", f"{declared} bytes")
    try:
        block = bytes(record.reader.read(declared)) if declared else b""
    except OSError as exc:
        raise Unreadable("corrupt_archive", str(exc)) from exc
    if len(block) < declared:
        raise Unreadable("truncated", f"{len(block)} of {declared} bytes")
    return block


def _http_payload(address: str, block: bytes, limit: int) -> Payload:
    status = _STATUS.match(block)
    if status is None:
        raise Unreadable("response_status", "no HTTP status line")
    if status[1] != b"200":
        raise Unreadable("response_status", f"HTTP {status[1].decode()} for {address[:200]}")
    data, media_type = _decoded(block, limit)
    return _typed(address, data, media_type)


def _decoded(block: bytes, limit: int) -> tuple[bytes, str]:
    """Payload and content type. Many crawlers store the payload decoded under headers that say otherwise."""
    for mode in ("all", "none"):
        header = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n"
        try:
            record = next(iter(ArchiveIterator(io.BytesIO(header % len(block) + block + b"\r\n\r\n"), auto_decode=mode)))
            data = bytes(record.reader.read(limit + 1))
        except OSError:
            continue
        if len(data) > limit:
            raise Unreadable("too_large", f"unpacks to more than {limit} bytes")
        return data, str(record.http_content_type or "")
    raise Unreadable("unreadable", "its transfer encoding cannot be undone")


def _typed(address: str, data: bytes, declared: str) -> Payload:
    """The payload with the kind that type and content agree on."""
    media_type = declared.partition(";")[0].strip().lower()
    if media_type and media_type not in (*READ_TYPES, *FEED_TYPES):
        raise Unreadable("response_type", f"{media_type[:100]} at {address[:200]}")
    kind = sniff(data[:HEAD], "page.html" if "html" in media_type else "")
    if kind not in READ_KINDS:
        raise Unreadable("response_type", f"{kind} at {address[:200]}")
    return Payload(address, data, media_type, kind)
