"""Small tables of clean and extract, built by words instead of offsets, for tests of linking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from warehouse.schema import EVENT_TYPES, TABLES, Row, make_id

NAMES = ("documents", "segments", "entries", "sentences", "mentions", "times", "quotes", "quote_spans", "events", "event_roles", "figures")


class Documents:
    """Tables in the making; each ``add`` method gives the id of what it added.

    A span is named by its words: the first place where they stand in the document (or after ``after``).
    """

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {name: [] for name in NAMES}
        self._texts: dict[str, str] = {}

    def tables(self) -> dict[str, pa.Table]:
        """The tables, checked against their schema."""
        return {name: TABLES[name].conform(rows) for name, rows in self.rows.items()}

    def document(
        self, text: str, *, key: str | None = None, published: date | None = None, kinds: Sequence[str] = (), **fields: Any
    ) -> str:
        """A document with one segment per line; lines are body unless ``kinds`` says otherwise."""
        document_id = f"doc_{key}" if key else make_id("doc", text, fields.get("publisher"))
        self._texts[document_id] = text
        row: Row = {
            "document_id": document_id,
            "media_type": "text/plain",
            "raw_sha256": "0" * 64,
            "text_sha256": "0" * 64,
            "text": text,
            "language": "en",
            "published_date": published,
            "published_basis": "metadata" if published else "none",
            "n_chars": len(text),
            "n_body_chars": len(text),
            "maker_version": "test",
        }
        self.rows["documents"].append(row | fields)
        start = 0
        for n, line in enumerate(text.splitlines(keepends=True)):
            end = start + len(line)
            self.rows["segments"].append(
                {
                    "segment_id": make_id("seg", document_id, start),
                    "document_id": document_id,
                    "position": n,
                    "start_char": start,
                    "end_char": end,
                    "kind": kinds[n] if n < len(kinds) else "body",
                    "rule_id": "test",
                    "confidence": 1.0,
                }
            )
            start = end
        return document_id

    def entry(self, document_id: str, text: str, *, posted: datetime | None = None, title: str | None = None) -> str:
        """An entry that covers these words of the document."""
        start, end = self.span(document_id, text)
        entry_id = make_id("pst", document_id, start)
        self.rows["entries"].append(
            {
                "entry_id": entry_id,
                "document_id": document_id,
                "position": len(self.rows["entries"]),
                "kind": "story",
                "title": title,
                "posted_local": posted,
                "start_char": start,
                "end_char": end,
            }
        )
        return entry_id

    def span(self, document_id: str, words: str, after: str = "") -> tuple[int, int]:
        """Where the words stand."""
        text = self._texts[document_id]
        start = text.index(words, text.index(after) if after else 0)
        return start, start + len(words)

    def sentence(self, document_id: str, words: str) -> str:
        """The id that the rows of the line which holds these words share as their sentence."""
        start = self.span(document_id, words)[0]
        return make_id("sen", document_id, self._texts[document_id].rfind("\n", 0, start) + 1)

    def mention(
        self, document_id: str, words: str, label: str = "PERSON", *, local: str | None = None, after: str = "", **fields: Any
    ) -> str:
        """A mention by name, unless ``mention_kind`` says otherwise; ``local`` ties it to other mentions of the document."""
        start, end = self.span(document_id, words, after)
        mention_id = make_id("men", document_id, start, end)
        self.rows["mentions"].append(
            {
                "mention_id": mention_id,
                "document_id": document_id,
                "sentence_id": self.sentence(document_id, words),
                "start_char": start,
                "end_char": end,
                "text": words,
                "label": label,
                "mention_kind": "name",
                "local_entity_id": make_id("loc", document_id, local or words),
                "rule_id": "test",
            }
            | fields
        )
        return mention_id

    def event(
        self,
        document_id: str,
        words: str,
        trigger: str,
        event_type: str,
        *,
        actor: str | None = None,
        recipient: str | None = None,
        place: str | None = None,
        status: Sequence[str] = ("asserted",),
        on: date | None = None,
        quote: str | None = None,
        modes: Sequence[str] = (),
    ) -> str:
        """An event in these words; participants are mention ids, or words without a mention."""
        start, end = self.span(document_id, words)
        trigger_start = start + words.index(trigger)
        event_id = make_id("evt", document_id, trigger_start, event_type)
        self.rows["events"].append(
            {
                "event_id": event_id,
                "document_id": document_id,
                "sentence_id": self.sentence(document_id, words),
                "start_char": start,
                "end_char": end,
                "text": words,
                "trigger_start_char": trigger_start,
                "trigger_end_char": trigger_start + len(trigger),
                "event_type": event_type,
                "modes": list(modes),
                "contexts": [],
                "quad": EVENT_TYPES[event_type],
                "intensity": 0.0,
                "status": list(status),
                "date_start": on,
                "date_end": on,
                "date_precision": "day" if on else None,
                "quote_id": quote,
                "rule_id": "test",
            }
        )
        for role, who in (("actor", actor), ("recipient", recipient), ("place", place)):
            if who is not None:
                self._role(event_id, document_id, role, who)
        return event_id

    def _role(self, event_id: str, document_id: str, role: str, who: str) -> None:
        mention = next((m for m in self.rows["mentions"] if m["mention_id"] == who), None)
        text = mention["text"] if mention else who
        start, end = (mention["start_char"], mention["end_char"]) if mention else self.span(document_id, who)
        self.rows["event_roles"].append(
            {
                "event_id": event_id,
                "role": role,
                "document_id": document_id,
                "mention_id": who if mention else None,
                "start_char": start,
                "end_char": end,
                "text": text,
                "link": "clause",
            }
        )

    def quote(self, document_id: str, words: str, *, speaker: str | None = None, cue: str | None = None) -> str:
        """A quotation; ``speaker`` is a mention id."""
        start, end = self.span(document_id, words)
        cue_span = self.span(document_id, cue) if cue else (None, None)
        quote_id = make_id("quo", document_id, start, end)
        self.rows["quotes"].append(
            {
                "quote_id": quote_id,
                "document_id": document_id,
                "sentence_id": self.sentence(document_id, words),
                "start_char": start,
                "end_char": end,
                "text": words,
                "kind": "indirect",
                "cue_start_char": cue_span[0],
                "cue_end_char": cue_span[1],
                "speaker_mention_id": speaker,
                "speaker_status": "named" if speaker else "unresolved",
                "rule_id": "test",
            }
        )
        return quote_id

    def figure(self, document_id: str, words: str, value: float, *, unit: str = "person", measure: str = "killed", **fields: Any) -> str:
        """A figure in these words."""
        start, end = self.span(document_id, words)
        figure_id = make_id("fig", document_id, start, end)
        self.rows["figures"].append(
            {
                "figure_id": figure_id,
                "document_id": document_id,
                "sentence_id": self.sentence(document_id, words),
                "start_char": start,
                "end_char": end,
                "text": words,
                "value_low": value,
                "value_high": value,
                "comparator": "equal",
                "unit": unit,
                "measure": measure,
                "rule_id": "test",
            }
            | fields
        )
        return figure_id
