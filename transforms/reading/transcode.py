"""Streams of UTF-16 and UTF-32 as UTF-8, for readers that go by bytes."""

from __future__ import annotations

import codecs

from transforms.reading.encoding import decode, mark_of, sure_encoding
from transforms.reading.model import Unreadable
from transforms.reading.streams import CHUNK, Stream

_HEAD = 1 << 16


class _Transcoder:
    """Bytes in one encoding as bytes in UTF-8."""

    def __init__(self, stream: Stream, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("strict")

    def read1(self, size: int = CHUNK, /) -> bytes:
        """The next characters as UTF-8; empty at the end."""
        while True:
            data = self._stream.read1(max(size // 3, 4))
            try:
                text = self._decoder.decode(data, final=not data)
            except UnicodeDecodeError as exc:
                raise Unreadable("undecodable", f"{exc.encoding}: {exc.reason}") from exc
            if text or not data:
                return text.encode("utf-8")


def as_utf8(stream: Stream) -> tuple[Stream, str]:
    """The stream without byte order mark, and the encoding to decode it with.

    UTF-16 and UTF-32 are turned into UTF-8; of other encodings the one that fits the first bytes is named.
    """
    head = stream.peek(_HEAD)
    stream.read(len(mark_of(head)))
    sure = sure_encoding(head)
    if sure not in (None, "utf-8"):
        return Stream(_Transcoder(stream, sure)), "utf-8"
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(head[len(mark_of(head)) :])
    except UnicodeDecodeError:
        return stream, decode(head)[1].partition("+")[0]
    return stream, "utf-8"
