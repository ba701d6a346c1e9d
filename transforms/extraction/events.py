"""Events: who did what to whom, by rules over the parsed sentence (PLOVER types)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from spacy.tokens import Span

from transforms.extraction.event_details import clause_span, context_names, counts, event_time, is_long_past, places, score
from transforms.extraction.event_drafts import Draft, drafts_of, is_complete, settle
from transforms.extraction.event_matching import find_frames
from transforms.extraction.event_merge import merge
from transforms.extraction.event_parse import mended
from transforms.extraction.event_patterns import load_lexicon
from transforms.extraction.event_roles import Names, Party
from transforms.language import NewsDoc
from warehouse.schema import EVENT_TYPES, Row, make_id

ROLES = ("actor", "recipient", "place", "instrument")


def find_events(news: NewsDoc) -> tuple[list[Row], list[Row]]:
    """One row per reported event, and one per participant or place; columns: see EVENTS and EVENT_ROLES.

    Everything of an event stands in one sentence. A field that its clause does not give is None; where the clause
    does not say who acts or is acted on, there is no row. Empty for a document without sentences.
    """
    events: list[Row] = []
    roles: list[Row] = []
    if not news.sentences or not len(news.doc):
        return events, roles
    news = mended(news, load_lexicon())
    names = Names.of(news)
    times = _by_sentence(news.times)
    quotes = _quote_pieces(news)
    seen: set[str] = set()
    for sent in news.doc.sents:
        complete = [d for d in merge(told_acts(sent, names)) if is_complete(d)]
        if not complete:
            continue
        sentence = news.sentence(sent[0])
        for current in complete:
            parties = _parties(current, names)
            row = _event_row(news, current, sent, sentence, parties, times.get(sentence["sentence_id"], ()), quotes)
            if row["event_id"] not in seen:
                seen.add(row["event_id"])
                events.append(row)
                roles.extend(_role_rows(news, row, parties))
    return events, roles


def told_acts(sent: Span, names: Names) -> list[Draft]:
    """The acts that a sentence tells with their types and status, those included whose parties are not all found."""
    frames = find_frames(sent, load_lexicon(), names)
    return [s for d in drafts_of(frames, names) if (s := settle(d)) is not None] if frames else []


def _parties(current: Draft, names: Names) -> list[tuple[str, Party]]:
    """Roles in the order of the schema; no phrase twice in one role."""
    found = zip(ROLES, (current.actors, current.recipients, places(current, names), current.instruments), strict=True)
    out: dict[tuple[str, int], tuple[str, Party]] = {}
    for role, members in found:
        for party in members:
            out.setdefault((role, party.first), (role, party))
    return list(out.values())


def _span_chars(news: NewsDoc, first: int, last: int) -> tuple[int, int]:
    return news.offsets(news.doc[first : last + 1])


def _event_row(
    news: NewsDoc,
    current: Draft,
    sent: Span,
    sentence: Row,
    parties: Sequence[tuple[str, Party]],
    times: Sequence[Row],
    quotes: Sequence[tuple[int, int, str]],
) -> Row:
    start, end = news.offsets(clause_span(current, sent))
    words = current.frame.words
    trigger = _span_chars(news, min(t.i for t in words), max(t.i for t in words))
    time = event_time(current, news, times)
    status = list(current.status)
    if "historical" not in status and is_long_past(time, news.document.get("published_date")):
        status.append("historical")
    document_id = news.document["document_id"]
    spans = sorted((role, *_span_chars(news, p.first, p.last)) for role, p in parties)
    return {
        "event_id": make_id("evt", document_id, *trigger, current.event_type, list(current.modes), [list(s) for s in spans]),
        "document_id": document_id,
        "sentence_id": sentence["sentence_id"],
        "start_char": start,
        "end_char": end,
        "text": news.text[start:end],
        "trigger_start_char": trigger[0],
        "trigger_end_char": trigger[1],
        "event_type": current.event_type,
        "modes": list(current.modes),
        "contexts": context_names(current, sent),
        "quad": EVENT_TYPES[current.event_type],
        "intensity": score(current.event_type, current.modes),
        "status": status or ["asserted"],
        **_date_columns(time),
        **counts(current),
        "quote_id": next((q for a, b, q in quotes if a <= trigger[0] and trigger[1] <= b), None),
        "rule_id": current.rule_id,
    }


def _date_columns(time: Row | None) -> dict[str, Any]:
    if time is None:
        return dict.fromkeys(("time_id", "date_start", "date_end", "date_precision", "date_basis"))
    return {
        "time_id": time["time_id"],
        "date_start": time["date_start"],
        "date_end": time["date_end"],
        "date_precision": time["precision"] if time["date_start"] else None,
        "date_basis": time["basis"] if time["date_start"] else None,
    }


def _role_rows(news: NewsDoc, event: Row, parties: Sequence[tuple[str, Party]]) -> list[Row]:
    rows: list[Row] = []
    for role, party in parties:
        start, end = _span_chars(news, party.first, party.last)
        rows.append(
            {
                "event_id": event["event_id"],
                "role": role,
                "document_id": event["document_id"],
                "mention_id": party.mention["mention_id"] if party.mention else None,
                "start_char": start,
                "end_char": end,
                "text": news.text[start:end],
                "link": party.link,
            }
        )
    return rows


def _by_sentence(rows: Sequence[Row]) -> Mapping[str, list[Row]]:
    out: dict[str, list[Row]] = {}
    for row in rows:
        out.setdefault(row["sentence_id"], []).append(row)
    return out


def _quote_pieces(news: NewsDoc) -> list[tuple[int, int, str]]:
    """Start, end and quote of every piece of what somebody says, the shortest first, so that the inner quotation wins."""
    pieces = [(r["start_char"], r["end_char"], r["quote_id"]) for r in news.quote_spans]
    split = {quote_id for _, _, quote_id in pieces}
    pieces += [(r["start_char"], r["end_char"], r["quote_id"]) for r in news.quotes if r["quote_id"] not in split]
    return sorted(pieces, key=lambda p: (p[1] - p[0], p))
