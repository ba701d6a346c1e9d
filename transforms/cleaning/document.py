"""A landed document -> its rows of documents, segments and entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transforms.cleaning.context import DATABASE_CODE
from transforms.cleaning.fields import date_posts, find_authors, find_origin, find_published, names_of_byline
from transforms.cleaning.inline import Cut, Dateline, find_cuts
from transforms.cleaning.label import label_page
from transforms.cleaning.lines import WORDS
from transforms.cleaning.markup import read_markup
from transforms.cleaning.page import Entry, Given, Page
from transforms.cleaning.repeated import Outline, RepeatedLines, outline
from warehouse.schema import READ_KINDS, TABLES, Row, make_id

NO_ARTICLE = "there is no text of an article in it"
NOT_ENGLISH = "the text is not in English"
SHORTEST_DUPLICATE = 40
SHINGLE = 5
ALIKE = 0.8
"""Share of word runs that two segments must have in common to say almost the same."""

COPIED = tuple(c for c in TABLES["documents"].columns if c in TABLES["documents_landed"].columns and c != "maker_version")


@dataclass(frozen=True, slots=True)
class Segment:
    """One line of a text, or the part of one between inline stretches: half-open offsets, kind, rule, how sure."""

    start_char: int
    end_char: int
    kind: str
    rule_id: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The rows of one document; the caller adds ``maker_version`` to the document."""

    document: Row
    segments: list[Row]
    entries: list[Row]


@dataclass(frozen=True, slots=True)
class SetAside:
    """A document that holds no English article, and why."""

    reason_code: str
    reason: str
    detail: str | None


def clean_text(text: str, *, publisher: str | None = None, repeated: RepeatedLines | None = None) -> list[Segment]:
    """Segments that tile the text: every character lies in exactly one; no character is changed.

    One segment per line, cut at inline stretches; a line break and the blank lines behind it belong to the segment before, blank lines
    at the beginning to the first. Empty text has no segments, blank text one of kind ``other_boilerplate``. ``repeated`` are lines that the
    publisher is known to repeat above and below its articles.

    >>> [(s.kind, s.start_char, s.end_char) for s in clean_text("PORTO (Reuters) - The strike ended on Monday, drivers said.")]
    [('dateline', 0, 18), ('body', 18, 59)]
    """
    page = label_page(text, Given(publisher=publisher, repeated=(repeated or RepeatedLines()).of(publisher)))
    cuts, _ = find_cuts(page)
    return [segment for _, segment in _segments(page, cuts)]


def clean_document(landed: Row, blocks: Sequence[Row], *, repeated: RepeatedLines | None = None) -> Cleaned | SetAside:
    """The document with its fields completed from its text, its segments and its entries; set aside if it is no English article.

    Args:
        landed: a row of ``documents_landed``.
        blocks: its rows of ``blocks``, empty where the input was no page.
        repeated: lines that publishers are known to repeat above and below their articles.
    """
    language = landed.get("language")
    if language not in (None, "en"):
        return SetAside("not_english", NOT_ENGLISH, language)
    text: str = landed["text"]
    page = label_page(text, _given(landed, blocks, repeated or RepeatedLines()))
    if not any(page.kind(i) in ("body", "live_segment_header") for i in range(len(page.lines))):
        return SetAside("no_body", NO_ARTICLE, _what_there_is(page))
    page.entries = date_posts(page)
    cuts, datelines = find_cuts(page)
    document_id: str = landed["document_id"]
    entries = _entry_rows(page, document_id)
    segments = _segment_rows(page, cuts, document_id, entries)
    document: Row = {column: landed.get(column) for column in COPIED}
    document["title"] = landed.get("title") or _text_of(page, "title")
    document["subtitle"] = landed.get("subtitle") or _text_of(page, "subtitle")
    document["authors"] = list(landed.get("authors") or find_authors(page))
    document["origin"] = landed.get("origin") or find_origin(page, datelines)
    document["dateline_place"] = _place_of(page, datelines)
    document["published_basis"] = landed.get("published_basis") or "none"
    if document["published_basis"] == "none":
        document |= find_published(page, datelines)
    document["n_chars"] = len(text)
    document["n_body_chars"] = sum(s["end_char"] - s["start_char"] for s in segments if s["kind"] in ("body", "subhead"))
    return Cleaned(document, segments, entries)


def _given(landed: Row, blocks: Sequence[Row], repeated: RepeatedLines) -> Given:
    """What is known of a landed document beside its characters."""
    hints, kept = read_markup(landed["text"], blocks)
    return Given(
        publisher=landed.get("publisher"),
        title=landed.get("title"),
        subtitle=landed.get("subtitle"),
        body_start=landed.get("body_start_char"),
        hints=hints,
        kept=kept,
        repeated=repeated.of(landed.get("publisher")),
    )


def outline_document(landed: Row, blocks: Sequence[Row]) -> Outline | None:
    """What learning repeated lines needs of a landed document; None without a publisher and for text that is not English."""
    if landed.get("publisher") is None or landed.get("language") not in (None, "en"):
        return None
    return outline(
        label_page(landed["text"], _given(landed, blocks, RepeatedLines()), by_chain=False), landed["publisher"], landed["document_id"]
    )


def _what_there_is(page: Page) -> str:
    """The kinds of the lines, for the reject."""
    counts = Counter(page.kind(i) or "" for i in range(len(page.lines)))
    return ", ".join(f"{n} {kind}" for kind, n in sorted(counts.items())) or "no line that is not blank"


def _place_of(page: Page, datelines: Sequence[Dateline]) -> str | None:
    """The place of the first dateline; None on a page of several stories from several places."""
    places = [d.place for d in datelines if d.place is not None]
    if not places or (len(set(places)) > 1 and any(e.kind == "story" for e in page.entries)):
        return None
    return places[0]


def _text_of(page: Page, kind: str) -> str | None:
    i = next((i for i in range(len(page.lines)) if page.kind(i) == kind), None)
    if i is None:
        return None
    verdict = page.verdicts[i]
    is_coded = verdict is not None and verdict.rule_id == "clean.other.database_code"
    return DATABASE_CODE.sub(r"\2", page.lines[i].text, count=1) if is_coded else page.lines[i].text


# --- segments --------------------------------------------------------------------------------------------------


def _segments(page: Page, cuts: dict[int, list[Cut]]) -> Iterator[tuple[int, Segment]]:
    """Line number and segment, tiling the text."""
    if not page.lines and page.text:
        yield -1, Segment(0, len(page.text), "other_boilerplate", "clean.other.blank", 1.0)
    for i, line in enumerate(page.lines):
        verdict = page.verdicts[i]
        assert verdict is not None
        at = line.start
        for cut in cuts.get(i, ()):
            start = cut.start if cut.start > line.first else line.start
            if start > at:
                yield i, Segment(at, start, verdict.kind, verdict.rule_id, verdict.confidence)
            at = cut.end if cut.end < line.last else line.end
            yield i, Segment(start, at, cut.kind, cut.rule_id, 0.95)
        if at < line.end:
            yield i, Segment(at, line.end, verdict.kind, verdict.rule_id, verdict.confidence)


def _segment_rows(page: Page, cuts: dict[int, list[Cut]], document_id: str, entries: Sequence[Row]) -> list[Row]:
    entry_of = {i: row["entry_id"] for entry, row in zip(page.entries, entries, strict=True) for i in range(entry.first, entry.stop)}
    rows: list[Row] = []
    for position, (i, segment) in enumerate(_segments(page, cuts)):
        rows.append(
            {
                "segment_id": make_id("seg", document_id, segment.start_char, segment.end_char, segment.kind),
                "document_id": document_id,
                "entry_id": entry_of.get(i),
                "position": position,
                "start_char": segment.start_char,
                "end_char": segment.end_char,
                "kind": segment.kind,
                "rule_id": segment.rule_id,
                "confidence": segment.confidence,
                "duplicate_of": None,
            }
        )
    _mark_duplicates(page.text, rows)
    return rows


def _mark_duplicates(text: str, rows: list[Row]) -> None:
    """Sets ``duplicate_of`` where an earlier segment that is read says almost the same; one pass over the words."""
    first_with: dict[tuple[str, ...], int] = {}
    sizes: dict[int, int] = {}
    for k, row in enumerate(rows):
        part = text[row["start_char"] : row["end_char"]].strip()
        if row["kind"] not in READ_KINDS or len(part) < SHORTEST_DUPLICATE:
            continue
        words = [w.lower() for w in WORDS.findall(part)]
        runs = sorted({tuple(words[j : j + SHINGLE]) for j in range(max(len(words) - SHINGLE + 1, 1))})
        sizes[k] = len(runs)
        votes = Counter(first_with[r] for r in runs if r in first_with)
        if votes:
            best = min(votes, key=lambda e: (-votes[e], e))
            if votes[best] >= ALIKE * max(sizes[k], sizes[best]):
                row["duplicate_of"] = rows[best]["duplicate_of"] or rows[best]["segment_id"]
        for r in runs:
            first_with.setdefault(r, k)


# --- entries ---------------------------------------------------------------------------------------------------


def _entry_rows(page: Page, document_id: str) -> list[Row]:
    return [_entry_row(page, entry, position, document_id) for position, entry in enumerate(page.entries)]


def _entry_row(page: Page, entry: Entry, position: int, document_id: str) -> Row:
    start, end = page.lines[entry.first].start, page.lines[entry.stop - 1].end
    stamp = entry.stamp
    return {
        "entry_id": make_id("pst", document_id, entry.kind, start, end),
        "document_id": document_id,
        "position": position,
        "kind": entry.kind,
        "title": page.lines[entry.header].text if entry.header is not None else None,
        "author": _entry_author(page, entry),
        "posted_at": stamp.instant if stamp is not None else None,
        "posted_local": stamp.local if stamp is not None else None,
        "start_char": start,
        "end_char": end,
    }


def _entry_author(page: Page, entry: Entry) -> str | None:
    """The name beside the stamp, else in the entry's only byline."""
    if entry.stamp is not None and entry.stamp_line is not None and entry.stamp.author_start is not None:
        return page.lines[entry.stamp_line].text[entry.stamp.author_start : entry.stamp.author_end]
    lines = [page.lines[i].text for i in range(entry.first, entry.stop) if page.kind(i) == "byline"]
    names = [n for text in lines for n in names_of_byline(text)]
    return names[0] if len(names) == 1 else None
