"""What goes into the reader and what comes out of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from warehouse.schema import Row

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "empty": "there is nothing in it but blanks",
        "binary": "it holds bytes that no text has",
        "not_text": "it holds no letters",
        "undecodable": "its bytes or characters fit no known encoding",
        "truncated": "it ends too early",
        "corrupt_archive": "the archive or compressed file is damaged",
        "too_large": "it is larger than the limit",
        "too_expanded": "it unpacks to far more than its packed size",
        "too_deep": "archives lie in archives deeper than the limit",
        "too_many": "the archive has more members than the limit",
        "unsafe_member": "the archive member is a link, a device or leaves the archive's folder",
        "unsupported_type": "this kind of file is not read",
        "bad_json": "it is not JSON",
        "bad_record": "the record is not an object with one value per column",
        "bad_feed": "the feed has no items that can be read",
        "bad_html": "the page is nested too deep to be read",
        "no_text": "it has no text: the text field is missing or not a text, or nothing on the page is visible",
        "response_status": "the response is not a success",
        "response_type": "the response is not a page, text, feed or JSON",
        "unreadable": "it cannot be read",
    }
)
"""Reason code -> what is wrong, in words; the closed list of ``Refused.reason_code``."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the reader takes before it refuses.

    ``max_expansion`` is the ratio of unpacked to packed bytes that is let through once more than
    ``free_expansion`` bytes were unpacked; it holds for each member and for the whole file.
    """

    max_unit_bytes: int = 20_000_000
    max_line_bytes: int = 20_000_000
    max_text_chars: int = 2_000_000
    max_expansion: int = 40
    free_expansion: int = 10_000_000
    max_members: int = 1_000_000
    max_depth: int = 3


@dataclass(frozen=True, slots=True)
class Source:
    """What the source says of the bytes; part of a document's identity.

    ``published`` is a date or time in ISO 8601, taken from the file name by the user's pattern. ``mapping``
    leads from our column (text, title, subtitle, authors, publisher, url, published, language, id, origin) to
    the path of a field in a record (``payload.story``, ``writers[].name``). ``media_type`` is set by the reader
    alone, where the file's name and not its content decides how the bytes are read. What a file says itself goes
    before ``publisher``, ``language`` and ``published``.
    """

    publisher: str | None = None
    published: str | None = None
    timezone: str | None = None
    language: str | None = None
    day_first: bool = False
    mapping: Mapping[str, str] = field(default_factory=dict)
    media_type: str | None = None

    def said(self) -> str:
        """All that is set as canonical JSON; ``{}`` if nothing is.

        >>> Source(publisher="Harbour Post").said()
        '{"publisher":"Harbour Post"}'
        """
        values = {
            "publisher": self.publisher,
            "published": self.published,
            "timezone": self.timezone,
            "language": self.language,
            "day_first": self.day_first,
            "mapping": dict(self.mapping),
            "media_type": self.media_type,
        }
        said = {key: value for key, value in values.items() if value}
        return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def from_said(cls, said: str) -> Source:
        """The Source that says this; the inverse of ``said``.

        >>> Source.from_said('{"publisher":"Harbour Post"}').publisher
        'Harbour Post'
        """
        return cls(**json.loads(said))


@dataclass(frozen=True, slots=True)
class Landed:
    """One unit as read: its ``documents_landed`` row without ``maker_version``, and its ``blocks`` rows."""

    document: Row
    blocks: list[Row]
    source_record: str | None


@dataclass(frozen=True, slots=True)
class Refused:
    """One unit or container that could not be read, with a code of ``REASONS`` and the facts."""

    source_record: str | None
    reason_code: str
    reason: str
    detail: str | None


class Unreadable(Exception):
    """Raised inside the reader for bad content; never leaves it."""

    def __init__(self, code: str, detail: str | None = None) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


def refuse(record: str | None, code: str, detail: str | None = None) -> Refused:
    """A Refused with the words of its code; detail is cut to 500 storable characters."""
    return Refused(record, code, REASONS[code], storable(detail)[:500] if detail else None)


def storable(text: str) -> str:
    r"""The text with what UTF-8 cannot hold written as escapes.

    >>> storable("a\udcffb")
    'a\\udcffb'
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def join_record(parent: str | None, child: str | None) -> str | None:
    """The path of a unit inside its container; None stands for the whole.

    >>> join_record("inner/b.jsonl", "#3")
    'inner/b.jsonl!/#3'
    """
    if parent is None or child is None:
        return child if parent is None else parent
    return f"{parent}!/{child}"
