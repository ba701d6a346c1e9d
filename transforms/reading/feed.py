"""RSS and Atom: each item is a document, a summary where the feed has no more."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import feedparser

from transforms.reading.document import land_record
from transforms.reading.encoding import decode
from transforms.reading.fields import Fields, best_date, language_code, short_text, web_address
from transforms.reading.model import Landed, Refused, Unreadable, refuse
from transforms.reading.names import clean_authors
from transforms.reading.records import RecordNames
from transforms.reading.streams import Blob, Context, read_whole

_END = re.compile(rb"</(?:\w+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_PROLOG = re.compile(r"^\s*<\?xml[^>]*\?>")
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,100}encoding=["']([A-Za-z0-9_.-]{2,40})""")
_ITEM_END = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)


def read_feed(blob: Blob, context: Context) -> Iterator[Landed | Refused]:
    """The items of a feed; of one that is cut off, the whole ones and a refusal."""
    data = _as_utf8(read_whole(blob.stream, context.limits.max_unit_bytes))
    parsed = _parse(data)
    entries, whole = list(parsed.entries), _END.search(data) is not None
    if not whole:
        entries = entries[: len(_ITEM_END.findall(data))]
    names = RecordNames(blob.record)
    kind = "application/atom+xml" if str(parsed.get("version", "")).startswith("atom") else "application/rss+xml"
    head = {"title": parsed.feed.get("title"), "language": parsed.feed.get("language"), "type": kind}
    for entry in entries:
        yield _read_item(_item(entry, head), names, context)
    if not whole:
        raise Unreadable("truncated", f"the feed has no end; {len(entries)} items were whole")
    if not entries:
        raise Unreadable("bad_feed", str(parsed.get("bozo_exception") or "no items"))


def _parse(data: bytes) -> Any:
    try:
        # A file object, for feedparser opens what looks like a link or a path.
        return feedparser.parse(io.BytesIO(data), resolve_relative_uris=False, sanitize_html=False)
    except Exception as exc:
        raise Unreadable("bad_feed", f"{type(exc).__name__}: {exc}") from exc


def _as_utf8(data: bytes) -> bytes:
    """The feed in UTF-8, without a declaration that says otherwise; feedparser trips over single damaged bytes."""
    m = _DECLARED.match(data)
    text, _ = decode(data, m[1].decode("ascii") if m else None)
    return _PROLOG.sub("", text, count=1).encode("utf-8")


def _item(entry: Any, head: dict[str, str | None]) -> dict[str, Any]:
    """What the feed says of the item; all that its document is made of."""
    record: dict[str, Any] = {"feed": {key: value for key, value in head.items() if value}}
    for key in ("id", "title", "link", "author", "published", "updated", "summary", "language"):
        value = dict.get(entry, key)  # feedparser's own get answers "updated" with other fields
        if isinstance(value, str) and value.strip():
            record[key] = value
    authors = [a.get("name") for a in entry.get("authors", ()) if isinstance(a, dict) and isinstance(a.get("name"), str)]
    if authors:
        record["authors"] = authors
    contents = [part.get("value") for part in entry.get("content", ()) if isinstance(part, dict) and isinstance(part.get("value"), str)]
    if contents:
        record["content"] = contents
    return record


def _read_item(record: dict[str, Any], names: RecordNames, context: Context) -> Landed | Refused:
    name = names.next(record.get("id") or record.get("link"))
    try:
        summary = record.get("summary", "")
        content = max(record.get("content", [""]), key=len)
        # Some feeds put the article into the summary and a teaser into the content.
        text = content if len(content) >= len(summary) else summary
        if not text.strip():
            raise Unreadable("no_text", "neither content nor summary")
        head = record["feed"]
        fields = Fields(
            title=short_text(record.get("title")),
            subtitle=short_text(summary) if text is content else None,
            authors=tuple(clean_authors(record.get("authors") or [record.get("author")])),
            publisher=short_text(head.get("title"), 200),
            url=web_address(record.get("link")),
            language=language_code(record.get("language")) or language_code(head.get("language")),
            published=best_date([record.get("published"), *_dc_date(record)], context.source),
        )
        return land_record(
            record=record,
            text=text,
            fields=fields,
            media_type=head["type"],
            source=context.source,
            limits=context.limits,
            source_record=name,
        )
    except Unreadable as exc:
        return refuse(name, exc.code, exc.detail)


def _dc_date(record: dict[str, Any]) -> list[Any]:
    """In RSS, dc:date is the date of the item; in Atom, the same field is the time of the last change."""
    return [record.get("updated")] if record["feed"]["type"] == "application/rss+xml" and "published" not in record else []
