"""Text and fields -> the rows of one document."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from transforms.reading.blocks import Block, has_markup, markup_lines
from transforms.reading.dates import Published
from transforms.reading.encoding import check_characters
from transforms.reading.fields import Fields, best_date, unescape
from transforms.reading.model import Landed, Limits, Source, Unreadable
from warehouse.schema import Row, make_id

LANGUAGE_LETTERS = 200
"""Fewer letters than this say too little about the language."""

LANGUAGE_CHARS = 800
"""The detector takes time in proportion, and more letters do not change its answer on prose."""

_WORD = re.compile(r"\w+")


def land(
    *,
    text: str,
    raw_sha256: str,
    media_type: str,
    encoding: str,
    source: Source,
    limits: Limits,
    fields: Fields = Fields(),  # noqa: B008 - frozen
    body_start: int | None = None,
    blocks: Sequence[Block] = (),
    sample: str | None = None,
    record: str | None = None,
) -> Landed:
    """The document with its blocks; raises ``Unreadable`` where the text is none or too long.

    ``blocks`` are the lines of the text in their order. ``sample`` is the part that tells the language
    (default: the text from ``body_start`` on).
    """
    check_length(text, limits)
    check_characters(text)
    said = source.said()
    document_id = make_id("doc", raw_sha256, said)
    row: Row = {
        "document_id": document_id,
        "media_type": media_type,
        "encoding": encoding,
        "raw_sha256": raw_sha256,
        "text_sha256": sha256(text.encode("utf-8")),
        "text": text,
        "body_start_char": body_start,
        "title": fields.title,
        "subtitle": fields.subtitle,
        "authors": list(fields.authors),
        "publisher": fields.publisher or source.publisher,
        "url": fields.url,
        "language": fields.language or source.language or detect_language(sample if sample is not None else text[body_start or 0 :]),
        **_dated(fields.published, source),
        "origin": fields.origin,
        "source_said": said,
    }
    return Landed(row, block_rows(document_id, blocks), record)


def land_record(
    *, record: Any, text: str, fields: Fields, media_type: str, source: Source, limits: Limits, source_record: str | None
) -> Landed:
    """The document of a record or feed item: title, subtitle and body, joined by blank lines.

    A body with markup becomes lines first. Title and subtitle are not repeated where the body has them.
    The unit's bytes are the record's canonical JSON.
    """
    raw = canonical_json(record)
    body = body_text(text)
    title, subtitle = fields.title, fields.subtitle
    if subtitle is not None and _repeats(subtitle, body, title):
        subtitle = None
    if title is not None and body.lstrip().partition("\n")[0].strip() == title:
        body = body.lstrip().partition("\n")[2].lstrip() or body
    head = "".join(f"{part}\n\n" for part in (title, subtitle) if part)
    return land(
        text=head + body,
        raw_sha256=sha256(raw),
        media_type=media_type,
        encoding="utf-8",
        source=source,
        limits=limits,
        fields=replace(fields, subtitle=subtitle),
        body_start=len(head) if head else None,
        record=source_record,
    )


def body_text(text: str) -> str:
    """A record's body as plain text: markup becomes lines, character references become characters."""
    return markup_lines(text) if has_markup(text) else unescape(text)


def check_length(text: str, limits: Limits) -> None:
    """Raises ``Unreadable`` too_large where the text is longer than an article may be."""
    if len(text) > limits.max_text_chars:
        raise Unreadable("too_large", f"{len(text)} characters, the limit is {limits.max_text_chars}")


def canonical_json(record: Any) -> bytes:
    """The record as JSON with sorted keys and no blanks; raises ``Unreadable`` where it cannot be stored."""
    try:
        return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode("utf-8")
    except UnicodeEncodeError as exc:
        raise Unreadable("undecodable", f"half of a surrogate pair: {exc.object[exc.start]!r}") from exc
    except (RecursionError, ValueError, TypeError) as exc:
        raise Unreadable("bad_json", str(exc)) from exc


def sha256(data: bytes) -> str:
    """The sha256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def block_rows(document_id: str, blocks: Sequence[Block]) -> list[Row]:
    """Rows of ``blocks``: each block is one line of the text."""
    rows: list[Row] = []
    start = 0
    for position, block in enumerate(blocks):
        end = start + len(block.text)
        rows.append(
            {
                "block_id": make_id("blk", document_id, start, end),
                "document_id": document_id,
                "position": position,
                "start_char": start,
                "end_char": end,
                "tag": block.tag,
                "css_class": block.css_class,
                "role": block.role,
                "extractor_kept": block.kept,
            }
        )
        start = end + 1
    return rows


FEW_LETTERS = 60
ENGLISH_WORDS = frozenset(
    (
        "the",
        "of",
        "and",
        "to",
        "is",
        "was",
        "were",
        "has",
        "had",
        "for",
        "with",
        "that",
        "by",
        "from",
        "said",
        "are",
        "his",
        "it",
        "at",
        "be",
    )
)


def detect_language(sample: str) -> str | None:
    """ISO 639-1 code of the text's language, None if there is too little text to tell."""
    sample = sample[:LANGUAGE_CHARS]
    n_letters = sum(map(str.isalpha, sample))
    if n_letters >= LANGUAGE_LETTERS:
        return _detect(sample)
    # Of a few lines the statistics are unsure: they count only where no small word of English stands in them.
    words = _WORD.findall(sample.casefold())
    if n_letters < FEW_LETTERS or ENGLISH_WORDS & set(words):
        return None
    return _detect(sample)


@lru_cache(maxsize=256)
def _detect(sample: str) -> str | None:
    from py3langid import classify  # noqa: PLC0415 - loads its model when imported

    return str(classify(sample)[0])


def _dated(published: Published | None, source: Source) -> Row:
    basis = "metadata"
    if published is None or published.day is None:  # a year or month alone is no date
        published = best_date([source.published], source)
        basis = "file_name"
    if published is not None and published.day is None:
        published = None
    return {
        "published_at": published.at if published else None,
        "published_local": published.local if published else None,
        "published_date": published.day if published else None,
        "published_precision": published.precision if published else None,
        "published_basis": basis if published else "none",
    }


def _repeats(subtitle: str, body: str, title: str | None) -> bool:
    """Is the subtitle only the title, or words that the body has too (a cut-off beginning)?"""
    words = _WORD.findall(subtitle.removesuffix("…").removesuffix("[...]").rstrip(". ").casefold())
    if not words or (title is not None and words == _WORD.findall(title.casefold())):
        return True
    if len(words) > 8 and subtitle.rstrip().endswith(("…", "...", "]")):
        words = words[:-1]  # the last word may be cut
    haystack = " " + " ".join(_WORD.findall(body[:20_000].casefold())) + " "
    return f" {' '.join(words)} " in haystack
