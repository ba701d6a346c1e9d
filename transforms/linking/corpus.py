"""All documents and entries in one fixed order, and the text of each, read when it is asked for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.linking.columns import READ, Ints, encode, integers, look_up, rows_of, sorted_table
from warehouse.schema import KEPT_KINDS

BODY_KINDS = ("body", "subhead")
NEWS_KINDS = KEPT_KINDS


@dataclass(frozen=True, slots=True)
class Unit:
    """A whole document (``entry_id`` is None) or one entry of it.

    ``rank`` orders units by publication: known dates first, then document and place in it. ``day`` is the day that the
    entry was posted or, failing that, the document published; None where no day is known.
    """

    number: int
    document: int
    document_id: str
    entry_id: str | None
    start: int
    end: int
    day: date | None
    rank: tuple[str, str, int]
    has_entries: bool
    title: str | None


class Corpus:
    """Documents sorted by id, each followed by its entries; ``units`` holds them all.

    Tables may come in any order of rows; nothing of this class depends on it.
    """

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        documents = sorted_table(tables["documents"], READ["documents"], ("document_id",))
        self.document_ids: list[str] = documents["document_id"].to_pylist()
        self.texts: pa.ChunkedArray = documents["text"]
        self.origins: list[str | None] = documents["origin"].to_pylist()
        self.languages: list[str | None] = documents["language"].to_pylist()
        self.publishers: list[str | None] = documents["publisher"].to_pylist()
        self.units = _make_units(documents, tables["entries"], self.document_ids)
        self._read_segments(tables["segments"])

    def _read_segments(self, segments: pa.Table) -> None:
        document = look_up(segments["document_id"], self.document_ids)
        start, end = integers(segments, "start_char"), integers(segments, "end_char")
        kind, self._kinds = encode(segments["kind"])
        order = np.lexsort((end, start, document))
        self._segment_start, self._segment_end, self._segment_kind = start[order], end[order], kind[order]
        self._first_segment = np.searchsorted(document[order], np.arange(len(self.document_ids) + 1))

    @cached_property
    def whole(self) -> list[int]:
        """For each document the number of its unit as a whole."""
        return [u.number for u in self.units if u.entry_id is None]

    @cached_property
    def tellers(self) -> list[Unit]:
        """The units that tell stories: the entries of a document that has some, else the document."""
        return [u for u in self.units if not u.has_entries]

    @cached_property
    def _entry_starts(self) -> tuple[Ints, Ints, Ints]:
        entries = [u for u in self.units if u.entry_id is not None]
        keys = np.array([(u.document << 32) + u.start for u in entries], np.int64)
        return keys, np.array([(u.document << 32) + u.end for u in entries], np.int64), np.array([u.number for u in entries], np.int64)

    def documents_of(self, table: pa.Table) -> Ints:
        """The document number of each row."""
        return look_up(table["document_id"], self.document_ids)

    def units_at(self, documents: Ints, starts: Ints) -> Ints:
        """The unit that each place lies in: the entry, or the whole document outside of entries."""
        out = np.asarray(self.whole, np.int64)[documents]
        keys, ends, numbers = self._entry_starts
        if len(keys):
            place = (documents << 32) + starts
            at = np.searchsorted(keys, place, side="right") - 1
            inside = (at >= 0) & (place < ends[np.maximum(at, 0)])
            out[inside] = numbers[at[inside]]
        return out

    def pieces(self, unit: Unit, kinds: Collection[str]) -> Iterator[str]:
        """The stretches of the unit's text in segments of these kinds; the whole text where a document has no segments."""
        text = self.texts[unit.document].as_py()
        first, last = int(self._first_segment[unit.document]), int(self._first_segment[unit.document + 1])
        if first == last:
            yield text[unit.start : unit.end]
            return
        wanted = {i for i, kind in enumerate(self._kinds) if kind in kinds}
        lo = first + bisect_left(self._segment_start[first:last], unit.start)
        for i in range(lo, last):
            if self._segment_start[i] >= unit.end:
                return
            if int(self._segment_kind[i]) in wanted:
                yield text[self._segment_start[i] : self._segment_end[i]]

    def text(self, unit: Unit, kinds: Collection[str] = NEWS_KINDS) -> str:
        """The unit's text in segments of these kinds, joined by line breaks."""
        return "\n".join(piece.strip() for piece in self.pieces(unit, kinds))


def _make_units(documents: pa.Table, entries: pa.Table, document_ids: list[str]) -> list[Unit]:
    by_document: dict[str, list[dict[str, Any]]] = {}
    for row in rows_of(sorted_table(entries, READ["entries"], ("document_id", "start_char", "entry_id"))):
        by_document.setdefault(row["document_id"], []).append(row)
    fields = ("title", "published_at", "published_local", "published_date")
    published = documents.select(list(fields)).to_pylist()
    lengths = pc.utf8_length(documents["text"]).to_pylist()
    units: list[Unit] = []
    for number, (document_id, said, length) in enumerate(zip(document_ids, published, lengths, strict=True)):
        own = by_document.get(document_id, [])
        moment = said["published_at"] or said["published_local"] or said["published_date"]
        units.append(
            Unit(
                number=len(units),
                document=number,
                document_id=document_id,
                entry_id=None,
                start=0,
                end=length,
                day=_day(said["published_date"] or moment),
                rank=_rank(moment, document_id, -1),
                has_entries=bool(own),
                title=said["title"],
            )
        )
        for place, entry in enumerate(own):
            posted = entry["posted_at"] or entry["posted_local"] or moment
            units.append(
                Unit(
                    number=len(units),
                    document=number,
                    document_id=document_id,
                    entry_id=entry["entry_id"],
                    start=entry["start_char"],
                    end=entry["end_char"],
                    day=_day(posted),
                    rank=_rank(posted, document_id, place),
                    has_entries=False,
                    title=entry["title"],
                )
            )
    return units


def _day(moment: date | datetime | None) -> date | None:
    return moment.date() if isinstance(moment, datetime) else moment


def _rank(moment: date | datetime | None, document_id: str, place: int) -> tuple[str, str, int]:
    return (moment.isoformat()[:19] if moment else "9999", document_id, place)
