"""JSON read value by value, so that a file of any size needs the memory of one record.

The standard parser is used for every value: other parsers change what they read (lone surrogates, numbers).
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import Any

from transforms.reading.model import Unreadable
from transforms.reading.streams import CHUNK, Stream

_BLANKS = " \t\n\r"
_DECODER = json.JSONDecoder(parse_constant=lambda _: None, strict=False)  # NaN is what Python writes for a missing value
_CUT = 64
"""A defect this near to the end of what was read may be the cut itself."""


def parse_value(text: str) -> Any:
    """One JSON value; raises ``Unreadable`` bad_json."""
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError) as exc:
        raise Unreadable("bad_json", _why(exc)) from exc


class JsonCursor:
    """A place in a JSON text that is read piece by piece."""

    def __init__(self, stream: Stream, *, encoding: str, limit: int) -> None:
        self._stream = stream
        self._decode = codecs.getincrementaldecoder(encoding)("strict")
        self._limit = limit
        self._text = ""
        self._at = 0
        self._ended = False

    def peek(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _BLANKS:
                self._at += 1
            if self._at < len(self._text) or not self._more(CHUNK):
                return self._text[self._at : self._at + 1]

    def take(self, mark: str) -> None:
        """Steps over a character that must be there."""
        found = self.peek()
        if not found:
            raise Unreadable("truncated", "it ends inside a value")
        if found != mark:
            raise Unreadable("bad_json", f"{mark!r} expected, {found!r} found")
        self._at += 1

    def value(self) -> Any:
        """The next value, whole."""
        self.peek()
        want = CHUNK
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError as exc:
                raise Unreadable("bad_json", _why(exc)) from exc
            except ValueError as exc:
                self._grow_or_fail(exc, want)
            else:
                if end - self._at > self._limit:
                    raise Unreadable("too_large", f"a value of more than {self._limit} characters")
                # A number may go on in the next piece.
                if end < len(self._text) - 1 or not self._more(CHUNK):
                    self._at = end
                    return value
            want *= 2

    def _grow_or_fail(self, exc: ValueError, want: int) -> None:
        where = getattr(exc, "pos", 0)
        open_text = str(exc).startswith("Unterminated string")
        cut = open_text or where >= len(self._text) - _CUT
        if len(self._text) - self._at > self._limit:
            raise Unreadable("too_large", f"a value of more than {self._limit} characters") from exc
        if not cut:
            raise Unreadable("bad_json", _why(exc)) from exc
        if not self._more(want):
            ended = open_text or where >= len(self._text.rstrip())
            raise Unreadable("truncated" if ended else "bad_json", _why(exc)) from exc

    def _more(self, want: int) -> bool:
        """Reads on; False at the end."""
        if self._ended:
            return False
        parts, n = [self._text[self._at :]], 0
        self._at = 0
        while n < want and not self._ended:
            data = self._stream.read1(CHUNK)
            self._ended = not data
            try:
                parts.append(self._decode.decode(data, final=self._ended))
            except UnicodeDecodeError as exc:
                raise Unreadable("undecodable", f"{exc.encoding}: {exc.reason}") from exc
            n += len(data)
        self._text = "".join(parts)
        return n > 0


def array_values(cursor: JsonCursor) -> Iterator[Any]:
    """The members of the array that the cursor stands before."""
    cursor.take("[")
    if cursor.peek() == "]":
        cursor.take("]")
        return
    while True:
        yield cursor.value()
        if cursor.peek() == "]":
            cursor.take("]")
            return
        cursor.take(",")


def object_arrays(cursor: JsonCursor, depth: int) -> Iterator[Iterator[Any]]:
    """The arrays that lie in the object before the cursor, at most ``depth`` objects down, each as its members.

    What is left of an array when the next is asked for is passed over.
    """
    cursor.take("{")
    while cursor.peek() != "}":
        if not isinstance(cursor.value(), str):
            raise Unreadable("bad_json", "a name expected")
        cursor.take(":")
        if cursor.peek() == "[":
            members = array_values(cursor)
            yield members
            for _ in members:
                pass
        elif cursor.peek() == "{" and depth > 1:
            yield from object_arrays(cursor, depth - 1)
        else:
            cursor.value()
        if cursor.peek() != "}":
            cursor.take(",")
    cursor.take("}")


def _why(exc: BaseException) -> str:
    return "nested too deep" if isinstance(exc, RecursionError) else str(exc)
