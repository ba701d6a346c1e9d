"""Events with their participants as entities, handed out story by story so that few are held at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.linking.columns import NONE, READ, Ints, encode, integers, look_up, rows_of, sorted_table
from transforms.linking.corpus import Corpus
from transforms.linking.entities import Entities, Entity
from transforms.linking.mentions import Mentions
from transforms.linking.words import stem, stems

CHUNK = 20_000
"""Events that are turned into objects at a time."""

DAY_PRECISIONS = frozenset({"day", "part_of_day", "hour", "minute", "second"})


@dataclass(frozen=True, slots=True)
class Event:
    """One event row; participants are keys that compare across documents.

    A key is an entity id, ``country`` and a code for whoever acts as the country, or ``words`` and the bare words of a
    participant that no entity is known for. ``first`` and ``last`` are days as ordinals.
    """

    event_id: str
    unit: int
    sentence_id: str
    event_type: str
    modes: frozenset[str]
    trigger: str
    first: int | None
    last: int | None
    status: frozenset[str]
    quote_id: str | None
    actors: frozenset[str]
    recipients: frozenset[str]
    places: frozenset[str]

    @property
    def is_act(self) -> bool:
        """It happened, as the text tells it: asserted, now or in the past."""
        return self.status <= {"asserted", "historical"}

    @property
    def specificity(self) -> int:
        """How many of actor, recipient, place and day are known."""
        return bool(self.actors) + bool(self.recipients) + bool(self.places) + (self.first is not None)


class Events:
    """The events of all documents, sorted by id; ``unit`` tells where each stands."""

    def __init__(self, corpus: Corpus, mentions: Mentions, entities: Entities, events: pa.Table, roles: pa.Table) -> None:
        events = sorted_table(events, READ["events"], ("event_id",))
        document = corpus.documents_of(events)
        events = events.filter(pa.array(document != NONE))
        self.ids: list[str] = events["event_id"].to_pylist()
        self.unit: Ints = corpus.units_at(document[document != NONE], integers(events, "trigger_start_char"))
        self._table = events.append_column("trigger", _triggers(events)).drop_columns(
            ["text", "start_char", "trigger_start_char", "trigger_end_char", "document_id"]
        )
        self._entities = entities.entities
        self._read_roles(mentions, entities, roles)

    def _read_roles(self, mentions: Mentions, entities: Entities, roles: pa.Table) -> None:
        event = look_up(roles["event_id"], self.ids)
        role, self._role_names = encode(roles["role"])
        words, self._words = encode(roles["text"])
        local = mentions.locals_of(roles["mention_id"])
        entity = np.where(local == NONE, NONE, entities.of_local[np.maximum(local, 0)] if len(entities.of_local) else NONE)
        order = np.lexsort((words, entity, role, event))
        self._role, self._role_words, self._role_entity = role[order], words[order], entity[order]
        self._first_role = np.searchsorted(event[order], np.arange(len(self.ids) + 1))

    def __len__(self) -> int:
        return len(self.ids)

    def rows(self, order: Ints) -> Iterator[Event]:
        """The events at these places, in this order."""
        for start in range(0, len(order), CHUNK):
            places = order[start : start + CHUNK]
            for place, row in zip(places.tolist(), self._table.take(pa.array(places)).to_pylist(), strict=True):
                by_role = self._keys(place)
                yield Event(
                    event_id=row["event_id"],
                    unit=int(self.unit[place]),
                    sentence_id=row["sentence_id"],
                    event_type=row["event_type"],
                    modes=frozenset(row["modes"] or ()),
                    trigger=row["trigger"],
                    first=row["date_start"].toordinal() if row["date_start"] else None,
                    last=(row["date_end"] or row["date_start"]).toordinal() if row["date_start"] else None,
                    status=frozenset(row["status"]),
                    quote_id=row["quote_id"],
                    actors=by_role.get("actor", frozenset()),
                    recipients=by_role.get("recipient", frozenset()),
                    places=by_role.get("place", frozenset()),
                )

    def _keys(self, place: int) -> dict[str, frozenset[str]]:
        out: dict[str, set[str]] = {}
        for i in range(int(self._first_role[place]), int(self._first_role[place + 1])):
            role = self._role_names[self._role[i]]
            keys = out.setdefault(role, set())
            if self._role_entity[i] != NONE:
                keys |= self._entity_keys(self._entities[self._role_entity[i]], role)
            elif role != "place" and (words := stems(self._words[self._role_words[i]])):
                keys.add("words " + " ".join(words))
        return {role: frozenset(keys) for role, keys in out.items()}

    @staticmethod
    def _entity_keys(entity: Entity, role: str) -> frozenset[str]:
        """A state as a place says too little to tell two acts apart, so it is left out."""
        if role == "place":
            return frozenset() if entity.kind == "STATE" else frozenset({entity.entity_id})
        return entity.actors

    def by_unit(self) -> Iterator[tuple[int, list[Event]]]:
        """The units that have events, in order of their numbers, with their events by id."""
        yield from self._by(self.unit)

    def by_story(self, of_unit: list[int]) -> Iterator[tuple[int, list[Event]]]:
        """The stories that have events, in order of their numbers, with their events by id."""
        yield from self._by(np.asarray(of_unit, np.int64)[self.unit] if len(self) else self.unit)

    def _by(self, number: Ints) -> Iterator[tuple[int, list[Event]]]:
        order = np.argsort(number, kind="stable").astype(np.int64)
        numbered = zip(number[order].tolist(), self.rows(order), strict=True)
        for n, block in groupby(numbered, itemgetter(0)):
            yield n, [event for _, event in block]

    def dated_days(self) -> Iterator[tuple[int, int]]:
        """Unit and day (ordinal) of the asserted events whose date is a day."""
        columns = self._table.select(["status", "date_start", "date_end", "date_precision"])
        dated = np.flatnonzero(columns["date_start"].is_valid().to_numpy())
        for place, row in zip(dated.tolist(), columns.take(pa.array(dated)).to_pylist(), strict=True):
            if row["status"] == ["asserted"] and row["date_precision"] in DAY_PRECISIONS:
                yield int(self.unit[place]), row["date_start"].toordinal()

    def places_in(self, sentence_ids: pa.Array) -> dict[str, frozenset[int]]:
        """Sentence -> numbers of the towns and regions where the acts that it tells took place; states say too little."""
        wanted = pc.is_in(self._table["sentence_id"], value_set=sentence_ids)
        hit = np.flatnonzero(wanted.to_numpy())
        out: dict[str, set[int]] = {}
        for place, sentence in zip(hit.tolist(), self._table["sentence_id"].take(pa.array(hit)).to_pylist(), strict=True):
            for i in range(int(self._first_role[place]), int(self._first_role[place + 1])):
                number = int(self._role_entity[i])
                if self._role_names[self._role[i]] == "place" and number != NONE and self._entities[number].kind != "STATE":
                    out.setdefault(sentence, set()).add(number)
        return {sentence: frozenset(numbers) for sentence, numbers in out.items()}


def _triggers(events: pa.Table) -> pa.Array:
    """The stem of the first word that tells each event."""
    found = []
    for row in rows_of(events.select(["text", "start_char", "trigger_start_char", "trigger_end_char"])):
        words = row["text"][row["trigger_start_char"] - row["start_char"] : row["trigger_end_char"] - row["start_char"]]
        found.append(next(iter(stems(words)), stem(words.lower())))
    return pa.array(found, pa.string()).dictionary_encode()
