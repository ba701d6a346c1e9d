"""Makes NewsDocs for tests without the cleaner: every line that is not blank is a body segment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from transforms.extraction.sentences import find_sentences
from transforms.language import NewsDoc, load_pipeline, read_documents
from warehouse.schema import Row, make_id


def news_doc(
    text: str, *, kinds: Sequence[str] = (), published: date | None = None, entries: Sequence[Row] = (), **fields: object
) -> NewsDoc:
    """A parsed NewsDoc with sentences; ``kinds`` gives the kinds of the first lines that are not blank, the rest is body."""
    document_id = make_id("doc", text)
    document: Row = {
        "document_id": document_id,
        "text": text,
        "published_date": published,
        "published_precision": "day" if published else None,
        "published_basis": "metadata" if published else "none",
        "authors": [],
        **fields,
    }
    segments: list[Row] = []
    start, n_lines = 0, 0
    for line in text.splitlines(keepends=True):
        end = start + len(line)
        entry = next((e["entry_id"] for e in entries if e["start_char"] <= start < e["end_char"]), None)
        segments.append(
            {
                "segment_id": make_id("seg", document_id, start, end),
                "document_id": document_id,
                "entry_id": entry,
                "position": len(segments),
                "start_char": start,
                "end_char": end,
                "kind": kinds[n_lines] if line.strip() and n_lines < len(kinds) else "body",
                "rule_id": "test",
                "confidence": 1.0,
            }
        )
        n_lines += bool(line.strip())
        start = end
    news = next(iter(read_documents(load_pipeline(), [(document, segments, list(entries))])))
    news.sentences.extend(find_sentences(news))
    return news
