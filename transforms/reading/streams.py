"""Byte streams that can be looked into, count what they unpack and fail in one way only."""

from __future__ import annotations

import io
import lzma
import shutil
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Protocol, cast

from transforms.reading.model import Limits, Source, Unreadable

CHUNK = 1 << 16
DAMAGE = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, struct.error,
    OSError, EOFError, ValueError, RuntimeError, NotImplementedError,
)  # fmt: skip
"""What the libraries for archives raise for bad bytes."""

SPOOL = 1 << 24
"""Members up to this size are kept in memory where a format needs to jump about in the file."""


class ShortReader(Protocol):
    """What all sources of bytes have in common: a read that gives what is there."""

    def read1(self, size: int, /) -> bytes:
        """At most so many of the next bytes; empty at the end."""


class Budget:
    """How many bytes may still be unpacked; shared by all members of one layer of one file."""

    def __init__(self, allowed: int) -> None:
        self.allowed = allowed
        self.spent = 0

    def spend(self, n: int) -> None:
        """Counts ``n`` bytes; raises ``Unreadable`` once more than allowed were unpacked."""
        self.spent += n
        if self.spent > self.allowed:
            raise Unreadable("too_expanded", f"more than {self.allowed} bytes were unpacked")


class Stream(io.RawIOBase):
    """A read-only stream that can be peeked into.

    Reads are short (what is there), so that bytes before a defect are always handed out. A defect of the
    decompressor leaves as ``Unreadable``. ``budgets`` are charged with every byte.
    """

    def __init__(self, raw: ShortReader, *, budgets: tuple[Budget, ...] = ()) -> None:
        self._raw = raw
        self._budgets = budgets
        self._head = b""
        self._failed: Unreadable | None = None
        self.broken = False
        """Has the source of the bytes failed?"""

    def readable(self) -> bool:
        """Always."""
        return True

    def peek(self, size: int) -> bytes:
        """Up to ``size`` of the next bytes; fewer only at the end or at a defect. Nothing is consumed."""
        parts, n = [self._head], len(self._head)
        while n < size and self._failed is None:
            try:
                part = self._pull(CHUNK)
            except Unreadable as exc:
                self._failed = exc
                break
            if not part:
                break
            parts.append(part)
            n += len(part)
        self._head = b"".join(parts)
        return self._head[:size]

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        """Fills the buffer with what is there; 0 at the end."""
        if self._head:
            data, self._head = self._head[: len(buffer)], self._head[len(buffer) :]
        elif self._failed is not None:
            raise self._failed
        else:
            data = self._pull(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def read1(self, size: int = CHUNK, /) -> bytes:
        """The next bytes, at most ``size``; empty at the end."""
        return self.read(size if size > 0 else CHUNK) or b""

    def _pull(self, size: int) -> bytes:
        try:
            data = self._raw.read1(size)
        except Unreadable:
            self.broken = True
            raise
        except DAMAGE as exc:
            self.broken = True
            ended = isinstance(exc, EOFError) or "unexpected end" in str(exc).lower()
            raise Unreadable("truncated" if ended else "corrupt_archive", str(exc)) from exc
        for budget in self._budgets:
            budget.spend(len(data))
        return data


@dataclass(frozen=True, slots=True)
class Context:
    """What holds for all units of one file: source, limits and a budget for each layer of packing."""

    source: Source
    limits: Limits
    size: int
    layers: dict[int, Budget] = field(default_factory=dict)

    def budgets(self, depth: int, packed: int | None) -> tuple[Budget, ...]:
        """The budgets of a stream that is unpacked at this depth from ``packed`` bytes, if known."""
        layer = self.layers.setdefault(depth, Budget(self.allowed(self.size)))
        return (layer,) if packed is None else (layer, Budget(self.allowed(packed)))

    def allowed(self, packed: int) -> int:
        """How many bytes may come out of so many packed ones."""
        return max(self.limits.free_expansion, self.limits.max_expansion * packed)


@dataclass(frozen=True, slots=True)
class Blob:
    """One file, member or payload: its bytes and what is known of it.

    ``file`` is the seekable file behind the stream, if there is one; ``record`` its path inside the
    object (None for the object itself); ``size`` its bytes, if known.
    """

    stream: Stream
    name: str
    record: str | None
    depth: int = 0
    size: int | None = None
    file: IO[bytes] | None = None


def short_reader(file: IO[bytes]) -> ShortReader:
    """An open archive member as a source of short reads; both kinds that Python has can do it."""
    return cast("ShortReader", file)


def read_whole(stream: Stream, limit: int) -> bytes:
    """All bytes of the stream; raises ``Unreadable`` too_large beyond the limit."""
    parts, n = [], 0
    while part := stream.read1(CHUNK):
        n += len(part)
        if n > limit:
            raise Unreadable("too_large", f"more than {limit} bytes")
        parts.append(part)
    return b"".join(parts)


def seekable(blob: Blob) -> IO[bytes]:
    """The blob as a file that can be jumped about in: itself, or a copy that is deleted when closed."""
    if blob.file is not None:
        blob.file.seek(0)
        return blob.file
    copy = tempfile.SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115
    shutil.copyfileobj(blob.stream, copy, CHUNK)
    copy.seek(0)
    return copy


def read_lines(stream: Stream, max_bytes: int) -> Iterator[bytes | None]:
    """The lines with their ends; None in the place of a line that is longer than ``max_bytes``."""
    lines = io.BufferedReader(stream, 4 * CHUNK)
    while line := lines.readline(max_bytes + 1):
        if len(line) <= max_bytes:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = lines.readline(CHUNK)
        yield None
