"""Archives: members one after another, none of them ever written to the folder that its name asks for."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from transforms.reading.model import Landed, Refused, Unreadable, join_record, refuse, storable
from transforms.reading.streams import CHUNK, DAMAGE, Blob, Context, Stream, seekable, short_reader

ReadBlob = Callable[[Blob, Context], Iterator[Landed | Refused]]

_OFFICE = ("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "AndroidManifest.xml")
"""Members that tell a document, book or program in the clothes of a zip archive."""

_PACKED_SUFFIX = re.compile(r"\.(gz|bz2|xz|tgz|tbz2?|txz)$", re.IGNORECASE)
_HEADER_BYTES = 1 << 20
_DRIVE = re.compile(r"^[A-Za-z]:")


def unpacked(blob: Blob, kind: str, context: Context) -> Blob:
    """The one file inside of a gzip, bzip2 or xz file, as a stream."""
    depth = _deeper(blob, context)
    raw: Any = _Readable(blob.stream)
    opened: Any = {"gzip": gzip.GzipFile, "bzip2": bz2.BZ2File, "xz": lzma.LZMAFile}[kind]
    file = opened(fileobj=raw) if kind == "gzip" else opened(raw)
    stream = Stream(file, budgets=context.budgets(depth, blob.size))
    name = _PACKED_SUFFIX.sub(lambda m: ".tar" if m[1].lower().startswith("t") else "", blob.name)
    return Blob(stream, name, blob.record, depth)


class _Readable:
    """The least that the decompressors ask of a file: read and seek-less."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes; a short read is not the end."""
        return self._stream.read1(size if size > 0 else CHUNK)

    def seekable(self) -> bool:
        """Never: it is read once, from the beginning to the end."""
        return False


def _deeper(blob: Blob, context: Context) -> int:
    if blob.depth >= context.limits.max_depth:
        raise Unreadable("too_deep", f"{context.limits.max_depth} layers are unpacked, this is one more")
    return blob.depth + 1


@dataclass(frozen=True, slots=True)
class _Inside:
    """What holds for all members of one archive."""

    depth: int
    context: Context
    read: ReadBlob


class _MemberNames:
    """Names the members of one archive; a name that comes again is numbered."""

    def __init__(self, parent: str | None) -> None:
        self._parent = parent
        self._seen: dict[str, int] = {}

    def next(self, name: str) -> str:
        """The record name of the next member."""
        n = self._seen[name] = self._seen.get(name, 0) + 1
        child = storable(name if n == 1 else f"{name}#{n}") or "#"
        return join_record(self._parent, child) or child


def _is_unsafe(name: str) -> bool:
    parts = re.split(r"[/\\]", name)
    return name.startswith(("/", "\\")) or ".." in parts or _DRIVE.match(name) is not None


# --- zip --------------------------------------------------------------------------------------------------


def read_zip(blob: Blob, context: Context, read_blob: ReadBlob) -> Iterator[Landed | Refused]:
    """The units of all members in the order of the archive's directory."""
    depth = _deeper(blob, context)
    file = seekable(blob)
    try:
        try:
            archive = zipfile.ZipFile(file)
        except DAMAGE as exc:
            raise Unreadable("corrupt_archive", str(exc)) from exc
        with archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            if any(info.filename in _OFFICE for info in members):
                raise Unreadable("unsupported_type", "a document or program in zip form")
            if len(members) > context.limits.max_members:
                raise Unreadable("too_many", f"{len(members)} members")
            if not members:
                raise Unreadable("empty", "no members")
            names, inside = _MemberNames(blob.record), _Inside(depth, context, read_blob)
            for info in members:
                yield from _zip_member(archive, info, names.next(info.filename), inside)
    finally:
        if file is not blob.file:
            file.close()


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, inside: _Inside) -> Iterator[Landed | Refused]:
    mode = info.external_attr >> 16
    if _is_unsafe(info.filename) or (mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG)):
        yield refuse(name, "unsafe_member", "not a plain file below the archive's folder")
    elif info.flag_bits & 0x1:
        yield refuse(name, "unreadable", "encrypted")
    else:
        try:
            member = archive.open(info)
        except DAMAGE as exc:
            yield refuse(name, "corrupt_archive", str(exc))
            return
        with member:
            stream = Stream(short_reader(member), budgets=inside.context.budgets(inside.depth, info.compress_size))
            yield from inside.read(Blob(stream, info.filename, name, inside.depth, info.file_size), inside.context)


# --- tar --------------------------------------------------------------------------------------------------


class _TarInfo(tarfile.TarInfo):
    """A tar header that does not read a header block of any size into memory."""

    def _proc_member(self, tar: tarfile.TarFile) -> tarfile.TarInfo:
        headers = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE)
        if self.type in headers and self.size > _HEADER_BYTES:
            raise tarfile.ReadError("a header block is too large")
        return super()._proc_member(tar)  # type: ignore[misc, no-any-return]


def read_tar(blob: Blob, context: Context, read_blob: ReadBlob) -> Iterator[Landed | Refused]:
    """The units of all members in their order, in one pass."""
    depth = _deeper(blob, context)
    names = _MemberNames(blob.record)
    n_members = 0
    source: Any = _Readable(blob.stream)
    try:
        tar = tarfile.open(fileobj=source, mode="r|", tarinfo=_TarInfo)  # noqa: SIM115
        while (info := tar.next()) is not None:
            tar.members.clear()  # type: ignore[attr-defined]  # else it keeps every header that it has read
            n_members += 1
            if n_members > context.limits.max_members:
                raise Unreadable("too_many", f"more than {context.limits.max_members} members")
            if info.isdir():
                continue
            name = names.next(info.name)
            member = tar.extractfile(info) if info.isreg() and not info.issparse() and not _is_unsafe(info.name) else None
            if member is None:
                yield refuse(name, "unsafe_member", "not a plain file below the archive's folder")
                continue
            stream = Stream(short_reader(member))
            yield from read_blob(Blob(stream, info.name, name, depth, info.size), context)
            if stream.broken:  # the member's refusal says so already
                return
    except (tarfile.TarError, EOFError, ValueError, OverflowError) as exc:
        code = "truncated" if "unexpected end" in str(exc) or "empty" in str(exc) else "corrupt_archive"
        raise Unreadable(code, str(exc)) from exc
    if n_members == 0:
        raise Unreadable("empty", "no members")
