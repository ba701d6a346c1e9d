"""Pages: visible blocks with an extractor's verdict, and the fields of the markup."""

from __future__ import annotations

import re

from lxml import html

from transforms.reading.blocks import letters, mark_kept, parse_page, visible_blocks
from transforms.reading.document import body_text, check_length, land, sha256
from transforms.reading.encoding import decode
from transforms.reading.linked_data import linked_articles
from transforms.reading.model import Landed, Limits, Source, Unreadable
from transforms.reading.page_fields import page_fields

EXTRACTOR_CHARS = 3_000_000
EXTRACTOR_ELEMENTS = 30_000
"""Larger pages are not shown to the extractor, whose time grows faster than the page; a long live blog has 20,000 elements."""

BODY_CHARS = 400
"""A shorter text in the JSON-LD is a summary."""

OTHER_TEXT = 0.3
"""Share of the sentences in the JSON-LD below which the extractor has taken another text."""

_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})"""
    rb"""|^\s*<\?xml[^>]{0,100}encoding=["']([A-Za-z0-9_.-]{2,40})""",
    re.IGNORECASE,
)


def land_page(
    data: bytes, *, source: Source, limits: Limits, record: str | None, address: str | None = None, raw: bytes | None = None
) -> Landed:
    """A page as a document with its blocks; raises ``Unreadable``.

    ``address`` is where it was fetched, if known; ``raw`` the bytes that identify it (default: ``data``).
    """
    text, encoding = decode(data, _declared(data))
    root = parse_page(text)
    blocks = visible_blocks(root) if root is not None else []
    if root is None or not blocks:
        raise Unreadable("no_text", "nothing on the page is visible")
    seen = "\n".join(block.text for block in blocks)
    check_length(seen, limits)
    markup = text if _is_for_extractor(text, root) else None
    extracted = _better(_extract(markup), _article_body(root)) if markup is not None else None
    blocks = mark_kept(blocks, extracted)
    return land(
        text=seen,
        raw_sha256=sha256(data if raw is None else raw),
        media_type="text/html",
        encoding=encoding,
        source=source,
        limits=limits,
        fields=page_fields(root, blocks, markup=markup, source=source, address=address),
        blocks=blocks,
        sample=extracted,
        record=record,
    )


def _declared(data: bytes) -> str | None:
    m = _DECLARED.search(data[:4096])
    return (m[1] or m[2]).decode("ascii") if m else None


def _extract(markup: str) -> str | None:
    """The article in the eyes of trafilatura, a paragraph per line; None if it finds none."""
    from trafilatura import bare_extraction  # noqa: PLC0415 - slow to import, and pages alone need it

    try:
        found = bare_extraction(markup, include_comments=False, include_tables=True)
    except Exception:  # noqa: BLE001 - a verdict is evidence; the page is read without it
        return None
    return getattr(found, "text", None) or None


def _article_body(root: html.HtmlElement) -> str | None:
    """The article's text in the page's JSON-LD, if it is long enough to be one and no markup."""
    body = next((article.get("articleBody") for article in linked_articles(root)[:1]), None)
    text = body_text(body) if isinstance(body, str) else ""
    return text if len(text) >= BODY_CHARS else None


def _better(extracted: str | None, said: str | None) -> str | None:
    """What was extracted, save where the page itself says another text: the extractor took comments or a notice for the article."""
    if extracted is None or said is None:
        return extracted or said
    taken = letters(extracted)
    lines = [letters(part) for part in re.split(r"(?<=[.!?”\"])\s+", said)]
    found = sum(len(line) for line in lines if line in taken)
    return said if found < OTHER_TEXT * sum(map(len, lines)) else extracted


def _is_for_extractor(text: str, root: html.HtmlElement) -> bool:
    return len(text) <= EXTRACTOR_CHARS and sum(1 for _ in root.iter()) <= EXTRACTOR_ELEMENTS
