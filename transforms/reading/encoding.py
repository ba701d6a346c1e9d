"""Bytes to characters: no character is changed, a byte order mark alone is taken off."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from transforms.reading.model import Unreadable

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks; those of UTF-32 stand before those of UTF-16, which they begin with."""

GUESSED = (
    "cp1252", "cp1250", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256",
    "gb18030", "big5", "cp932", "euc_jp", "cp949", "mac_roman",
)  # fmt: skip
"""Encodings that news pages have; others are found by chance alone."""

READ_AS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
"""What browsers read for a declared encoding (encoding.spec.whatwg.org)."""

UTF8_REPLACED = "utf-8+replace"
"""Named as encoding where a few bytes of UTF-8 are damaged and stand as U+FFFD in the text."""

_PROBE = 4096
_GUESS_BYTES = 100_000
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")
_LETTER = re.compile(r"[^\W\d_]")


def decode(data: bytes, declared: str | None = None) -> tuple[str, str]:
    r"""Text and the name of its encoding; ``text == data.decode(encoding)`` save a byte order mark.

    Tried in this order: byte order mark, UTF-16 by its zero bytes, UTF-8, the declared encoding, a guess
    among encodings of news, Windows-1252. Raises ``Unreadable``.

    >>> decode("Łódź".encode("utf-16-le"))
    ('Łódź', 'utf-16-le')
    >>> decode(b"\xef\xbb\xbfHello")
    ('Hello', 'utf-8')
    """
    name = sure_encoding(data)
    if name is not None:
        try:
            return data[len(mark_of(data)) :].decode(name), name
        except UnicodeDecodeError as exc:
            raise Unreadable("undecodable", f"{name}: {exc.reason} at byte {exc.start}") from exc
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    replaced = _damaged_utf8(data)
    if replaced is not None:
        return replaced, UTF8_REPLACED
    for name in (_known(declared), _guess(data), "cp1252"):
        if name is None:
            continue
        try:
            return data.decode(name), name
        except (UnicodeDecodeError, LookupError):
            continue
    code = "binary" if b"\x00" in data else "undecodable"
    raise Unreadable(code, "fits none of the encodings that are tried")


def sure_encoding(data: bytes) -> str | None:
    """The encoding that a byte order mark or the pattern of zero bytes gives, else None."""
    for mark, name in MARKS:
        if data.startswith(mark):
            return name
    probe = data[:_PROBE]
    half = len(probe) // 2
    if half < 2 or b"\x00" not in probe:
        return None
    even, odd = probe[0 : 2 * half : 2].count(0), probe[1 : 2 * half : 2].count(0)
    # In Latin text nearly every second byte of UTF-16 is zero; other scripts still have blanks and digits.
    if odd >= 0.3 * half and even <= 0.02 * half:
        return "utf-16-le"
    if even >= 0.3 * half and odd <= 0.02 * half:
        return "utf-16-be"
    return None


def mark_of(data: bytes) -> bytes:
    """The byte order mark that the data begin with, or nothing."""
    return next((mark for mark, _ in MARKS if data.startswith(mark)), b"")


def check_characters(text: str) -> None:
    """Raises ``Unreadable`` where the text is none: blank, full of control characters, or without letters."""
    if not text.strip():
        raise Unreadable("empty")
    control = len(_CONTROL.findall(text))
    if control and control * 200 > len(text):
        raise Unreadable("binary", f"{control} control characters in {len(text)}")
    if _LETTER.search(text) is None:
        raise Unreadable("not_text", f"{len(text)} characters, no letter among them")


def _known(declared: str | None) -> str | None:
    if not declared:
        return None
    try:
        name = codecs.lookup(declared.strip(" \t\"'")).name
    except (LookupError, ValueError):
        return None
    if name.startswith(("utf", "punycode", "idna", "unicode", "raw", "undefined", "charmap", "mbcs")) or not _is_text(name):
        return None
    return READ_AS.get(name, name)


def _is_text(name: str) -> bool:
    # Python's registry also has codecs that are no character encodings (zlib, rot13).
    return bool(getattr(codecs.lookup(name), "_is_text_encoding", False))


def _damaged_utf8(data: bytes) -> str | None:
    """The text with U+FFFD for broken bytes if the rest is beyond doubt UTF-8, else None."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    good = sum(1 for ch in text if ch > "\x7f") - text.count("\ufffd")
    return text if good >= 5 * broken and broken * 1000 <= len(text) else None


def _guess(data: bytes) -> str | None:
    """The most likely encoding of 8-bit data."""
    high = len(data) - len(data.translate(None, bytes(range(0x80, 0x100))))
    if high * 100 < len(data):
        return "cp1252"  # English with a few typographic marks or accents: too little for statistics
    best = from_bytes(data[:_GUESS_BYTES], cp_isolation=list(GUESSED)).best()
    if best is None or _same_text(data, best.encoding, "cp1252"):
        return "cp1252"
    return best.encoding


def _same_text(data: bytes, *encodings: str) -> bool:
    try:
        return len({data.decode(encoding) for encoding in encodings}) == 1
    except UnicodeDecodeError:
        return False
