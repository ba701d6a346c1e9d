"""Mentions counted by local entity: what each is called, how often, and what the extractor knew of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from transforms.linking.columns import NONE, Ints, encode, floats, integers, strings
from transforms.linking.corpus import Corpus

Point = tuple[float, float]
T = TypeVar("T", str, int, Point)

CHUNK = 100_000
"""Rows that are turned into Python values at a time."""

NOWHERE = complex(1e6, 1e6)
"""Stands for unknown coordinates."""


@dataclass(slots=True)
class Facts:
    """What the name mentions of one thing say of it: values, and how many mentions have each."""

    forms: dict[str, int] = field(default_factory=dict)
    labels: dict[str, int] = field(default_factory=dict)
    countries: dict[str, int] = field(default_factory=dict)
    sectors: dict[str, int] = field(default_factory=dict)
    geonames: dict[int, int] = field(default_factory=dict)
    points: dict[Point, int] = field(default_factory=dict)
    admin1: dict[str, int] = field(default_factory=dict)


def most(counts: Mapping[T, int]) -> T | None:
    """The value with the highest count, the smallest of equals; None if there is none.

    >>> most({"b": 2, "a": 2, "c": 1})
    'a'
    """
    if len(counts) == 1:
        return next(iter(counts))
    return min(counts, key=lambda value: (-counts[value], value)) if counts else None


def _add(counts: dict[T, int], value: T, n: int) -> None:
    counts[value] = counts.get(value, 0) + n


class Mentions:
    """The local entities of all documents, numbered by document and local id.

    ``document``, ``n_mentions`` and ``local_ids`` are per local entity; ``local``, ``start`` and ``unit`` are per row of the
    table. What the names say can be asked for until ``forget_names``.
    """

    def __init__(self, corpus: Corpus, table: pa.Table) -> None:
        document = corpus.documents_of(table)
        if (document == NONE).any():
            table = table.filter(pa.array(document != NONE))
            document = document[document != NONE]
        code, ids = encode(table["local_entity_id"])
        keys, self.local = np.unique(document * max(len(ids), 1) + code, return_inverse=True)
        self.document: Ints = keys // max(len(ids), 1)
        self.local_ids: pa.Array = pa.array(ids, pa.string()).take(pa.array(keys % max(len(ids), 1)))
        self.n_mentions: Ints = np.bincount(self.local, minlength=len(keys)).astype(np.int64)
        self.start: Ints = integers(table, "start_char")
        self.unit: Ints = corpus.units_at(document, self.start)
        self._table = table.select(["mention_id", "sentence_id"])
        self._count_names(table)

    def _count_names(self, table: pa.Table) -> None:
        """Run lengths of equal name mentions: one row per local entity and combination of values."""
        kind = table["mention_kind"].to_numpy(zero_copy_only=False) == "name"
        latitude, longitude = floats(table, "latitude"), floats(table, "longitude")
        # a capital that acts names a town and means the state: where the town lies says nothing about the state
        acting = (pc.equal(table["label"], "GPE").to_numpy() & pc.is_valid(table["sectors"]).to_numpy()).astype(bool)
        points = np.where(acting | np.isnan(latitude) | np.isnan(longitude), NOWHERE, latitude + 1j * longitude)
        self._points, point = np.unique(points, return_inverse=True)
        self._no_point = int(np.searchsorted(self._points, NOWHERE)) if NOWHERE in self._points else NONE
        columns = [self.local, point, np.where(acting, NONE, integers(table, "geonames_id"))]
        self._values: list[list[str]] = []
        for name in ("text", "label", "country", "sectors", "admin1"):
            codes, values = encode(strings(table, name))
            columns.append(np.where(acting, NONE, codes) if name == "admin1" else codes)
            self._values.append(values)
        self._rows, self._counts = _run_lengths([c[kind].astype(np.int32) for c in columns])

    def forget_names(self) -> None:
        """Let go of what ``facts`` needs; it is large, and nothing asks for it once entities are made."""
        del self._rows, self._counts, self._values, self._points

    def __len__(self) -> int:
        return len(self.document)

    def facts(self, group_of: Ints | None = None) -> Iterator[tuple[int, Facts]]:
        """What the name mentions of each group of local entities say together, in order of the groups' numbers.

        ``group_of`` gives the group of each local entity, ``NONE`` for those left out; without it each is a group.
        """
        group = self._rows[:, 0] if group_of is None else group_of[self._rows[:, 0]]
        order = np.argsort(group, kind="stable")
        order = order[np.searchsorted(group[order], 0) :]
        current, number = Facts(), NONE
        for start in range(0, len(order), CHUNK):
            part = order[start : start + CHUNK]
            rows = zip(group[part].tolist(), self._rows[part].tolist(), self._counts[part].tolist(), strict=True)
            for of, row, n in rows:
                if of != number:
                    if number != NONE:
                        yield number, current
                    current, number = Facts(), of
                self._count(current, row, n)
        if number != NONE:
            yield number, current

    def _count(self, facts: Facts, row: list[int], n: int) -> None:
        texts, labels, countries, sectors, admin1 = self._values
        _, point, geonames, text, label, country, sector, region = row
        _add(facts.forms, texts[text], n)
        _add(facts.labels, labels[label], n)
        if country != NONE:
            _add(facts.countries, countries[country], n)
        if sector != NONE and sectors[sector]:
            _add(facts.sectors, sectors[sector], n)
        if region != NONE:
            _add(facts.admin1, admin1[region], n)
        if geonames != NONE:
            _add(facts.geonames, geonames, n)
        if point != self._no_point:
            _add(facts.points, (float(self._points[point].real), float(self._points[point].imag)), n)

    def locals_of(self, mention_ids: pa.ChunkedArray) -> Ints:
        """The local entity that each mention id belongs to, ``NONE`` for NULL or an unknown id."""
        return self.find(mention_ids)[0]

    def find(self, mention_ids: pa.ChunkedArray) -> tuple[Ints, Ints]:
        """The local entity that each mention id belongs to, and where it stands; ``NONE`` for NULL or an unknown id."""
        wanted = mention_ids.drop_null().unique()
        hit = pc.is_in(self._table["mention_id"], value_set=wanted)
        known = self._table["mention_id"].filter(hit)
        rows = np.flatnonzero(np.asarray(hit.to_numpy()))
        found = pc.index_in(mention_ids, value_set=known.combine_chunks(), skip_nulls=True)
        at = np.asarray(found.fill_null(NONE).to_numpy()).astype(np.int64)
        if not len(rows):
            return at, at
        row = rows[np.maximum(at, 0)]
        return np.where(at == NONE, NONE, self.local[row]), np.where(at == NONE, NONE, self.start[row])

    def entities_in(self, sentence_ids: pa.Array, of_local: Ints) -> dict[str, tuple[int, ...]]:
        """Sentence -> numbers of the entities that it mentions, rising; ``of_local`` gives the entity of each local one."""
        hit = np.flatnonzero(pc.is_in(self._table["sentence_id"], value_set=sentence_ids).to_numpy())
        out: dict[str, set[int]] = {}
        sentences = self._table["sentence_id"].take(pa.array(hit)).to_pylist()
        for sentence, number in zip(sentences, of_local[self.local[hit]].tolist(), strict=True):
            if number != NONE:
                out.setdefault(sentence, set()).add(number)
        return {sentence: tuple(sorted(numbers)) for sentence, numbers in out.items()}


def _run_lengths(columns: list[npt.NDArray[np.int32]]) -> tuple[npt.NDArray[np.int32], Ints]:
    """The distinct rows in rising order, and how often each occurs."""
    order = np.lexsort(columns[::-1])
    rows = np.stack([c[order] for c in columns], axis=1)
    new = np.ones(len(rows), bool)
    new[1:] = (rows[1:] != rows[:-1]).any(axis=1)
    starts = np.flatnonzero(new)
    return rows[starts], np.diff(np.append(starts, len(rows)))
