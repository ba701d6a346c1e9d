"""Sentences, each inside one segment."""

from __future__ import annotations

from transforms.language import NewsDoc
from warehouse.schema import Row, make_id


def find_sentences(news: NewsDoc) -> list[Row]:
    """One row per sentence; columns: see SENTENCES. A segment border always ends a sentence."""
    rows: list[Row] = []
    for sent in news.doc.sents:
        start, end = news.offsets(sent)
        segment = news.segment(sent[0])
        rows.append(
            {
                "sentence_id": make_id("sen", news.document["document_id"], start, end),
                "document_id": news.document["document_id"],
                "segment_id": segment["segment_id"],
                "entry_id": segment["entry_id"],
                "position": len(rows),
                "start_char": start,
                "end_char": end,
                "text": news.text[start:end],
            }
        )
    return rows
