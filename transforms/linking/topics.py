"""Figures that are about the same thing, so that rival counts stand side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa

from transforms.linking.columns import NONE, sorted_rows
from transforms.linking.corpus import Corpus
from transforms.linking.entities import Entities
from transforms.linking.events import Events
from transforms.linking.mentions import Mentions
from transforms.linking.names import adjective_codes
from transforms.linking.quotes import Quote
from transforms.linking.stories import Stories
from transforms.linking.words import plain, stem
from transforms.rules import load_rules
from warehouse.schema import Row, make_id

MAX_COMPARED = 40
"""Members of a topic that a figure is compared with."""

_COLUMNS = (
    "figure_id", "document_id", "sentence_id", "start_char", "value_low", "value_high", "unit", "currency", "measure", "counted",
    "subject_mention_id", "place_mention_id", "as_of_start", "as_of_end", "quote_id", "part_of_figure_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its subject and place as keys that compare across documents."""

    figure_id: str
    rank: tuple[str, str, int, int]
    document: int
    story: int
    day: int | None
    sentence_id: str
    values: tuple[float | None, float | None]
    unit: str
    currency: str | None
    measure: str
    head: str
    named: frozenset[str]
    subjects: frozenset[str]
    places: frozenset[str]
    happenings: frozenset[str]
    claimant: str | None
    part_of: str | None


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of the documents that figures stand in."""

    corpus: Corpus
    mentions: Mentions
    entities: Entities
    stories: Stories
    events: Events
    happenings: list[Row]
    quotes: list[Quote]


def find_topics(context: Context, table: pa.Table) -> list[Row]:
    """One row per figure; figures that count the same thing share an id.

    A stated part (36 of the 63) is never in the topic of the whole; the same part in two articles is one topic.
    """
    figures = _read(context, table)
    topic_of: dict[str, str] = {}
    known = {f.figure_id for f in figures}
    level = [f for f in figures if f.part_of not in known]
    waiting = [f for f in figures if f.part_of in known]
    while level:
        for group in _group(level, topic_of):
            topic_id = make_id("top", min(f.figure_id for f in group))
            topic_of.update((f.figure_id, topic_id) for f in group)
        level = [f for f in waiting if f.part_of in topic_of]
        waiting = [f for f in waiting if f.part_of not in topic_of]
    for f in waiting:
        topic_of[f.figure_id] = make_id("top", f.figure_id)
    return [{"topic_id": topic_of[figure_id], "figure_id": figure_id} for figure_id in sorted(topic_of)]


def _read(context: Context, table: pa.Table) -> list[Figure]:
    corpus, entities = context.corpus, context.entities.entities
    rows = sorted_rows(table, _COLUMNS, ("figure_id",))
    documents = corpus.documents_of(pa.table({"document_id": pa.array([r["document_id"] for r in rows], pa.string())})).tolist()
    units = corpus.units_at(np.array(documents, np.int64), np.array([r["start_char"] for r in rows], np.int64)).tolist()
    subjects, places = _entity_of(rows, "subject_mention_id", context), _entity_of(rows, "place_mention_id", context)
    speaker = {q.quote_id: q.speaker for q in context.quotes}
    acts = _happenings_by_sentence(context, {r["sentence_id"] for r in rows})
    out = []
    for row, document, unit, subject, place in zip(rows, documents, units, subjects, places, strict=True):
        about = corpus.units[unit]
        day = row["as_of_start"] or about.day
        head, states, named = _counted(row["counted"] or "")
        is_town = place != NONE and entities[place].kind != "STATE"
        out.append(
            Figure(
                figure_id=row["figure_id"],
                rank=(*about.rank, row["start_char"]),
                document=document,
                story=context.stories.of_unit[unit],
                day=day.toordinal() if day else None,
                sentence_id=row["sentence_id"],
                values=(row["value_low"], row["value_high"]),
                unit=row["unit"],
                currency=row["currency"],
                measure=row["measure"],
                head=head,
                named=named,
                subjects=states | (entities[subject].actors if subject != NONE else frozenset()),
                places=frozenset({entities[place].entity_id}) if is_town else frozenset(),
                happenings=acts.get(row["sentence_id"], frozenset()),
                claimant=speaker.get(row["quote_id"]),
                part_of=row["part_of_figure_id"],
            )
        )
    return out


def _entity_of(rows: list[dict[str, Any]], column: str, context: Context) -> list[int]:
    """The number of the entity that each row's mention is, or ``NONE``."""
    local = context.mentions.locals_of(pa.chunked_array([pa.array([r[column] for r in rows], pa.string())]))
    return [int(context.entities.of_local[place]) if place != NONE else NONE for place in local.tolist()]


def _happenings_by_sentence(context: Context, sentences: set[str]) -> dict[str, frozenset[str]]:
    """Sentence -> the acts that harm people in it: what a count of killed or injured belongs to."""
    act_of = {row["event_id"]: row["happening_id"] for row in context.happenings}
    out: dict[str, set[str]] = defaultdict(set)
    for sentence, event_id in context.events.sentences_of("ASSAULT"):
        if sentence in sentences and event_id in act_of:
            out[sentence].add(act_of[event_id])
    return {sentence: frozenset(acts) for sentence, acts in out.items()}


@lru_cache(maxsize=1)
def _heads() -> dict[str, str]:
    """Stem of a counted noun -> the word that stands for all its synonyms."""
    return {stem(word): entry["head"] for entry in load_rules("linking")["topics"]["counted"] for word in entry["words"]}


@lru_cache(maxsize=50_000)
def _counted(words: str) -> tuple[str, frozenset[str], frozenset[str]]:
    """The head of the counted words, the states whose adjective stands before it, and all words with a capital.

    >>> _counted("North Korean troops")[:2], _counted("people in the port")
    (('soldier', frozenset({'country PRK'})), ('person', frozenset(), frozenset()))
    """
    text = plain(words)
    for preposition in (" of ", " in ", " from ", " at ", " on ", " to ", " with ", " who ", " that "):
        text = text.split(preposition)[0]
    named = frozenset(stem(word.lower()) for word in text.split()[:-1] if word[0].isupper())
    text = text.lower()
    found = [stem(w) for w in text.replace("-", " ").split() if w.isalpha()]
    codes, tokens = adjective_codes(), text.split()
    runs = (" ".join(tokens[i:j]) for i in range(len(tokens)) for j in range(i + 1, len(tokens) + 1))
    states = {codes[run] for run in runs if run in codes}
    head = found[-1] if found else ""
    return _heads().get(head, head), frozenset(f"country {code}" for code in states), named


def _group(figures: list[Figure], topic_of: Mapping[str, str]) -> list[list[Figure]]:
    """Topics, from the earliest figure on: a figure joins the first topic that it belongs to and does not contradict."""
    topics: list[list[Figure]] = []
    index: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for figure in sorted(figures, key=lambda f: (f.rank, f.figure_id)):
        keys = _keys(figure, topic_of)
        number = None
        for i in sorted({i for key in keys for i in index[key]}):
            members = topics[i][:MAX_COMPARED]
            if all(_compatible(figure, m) for m in members) and any(_same_thing(figure, m) for m in members):
                number = i
                break
        if number is None:
            number = len(topics)
            topics.append([])
        topics[number].append(figure)
        for key in keys:
            if number not in index[key]:
                index[key].append(number)
    return topics


def _keys(figure: Figure, topic_of: Mapping[str, str]) -> list[tuple[object, ...]]:
    """Where a figure looks for its like: in its story, or among figures of the same subject and counted noun."""
    whole = topic_of.get(figure.part_of or "")
    same = (figure.unit, figure.currency, whole)
    keys: list[tuple[object, ...]] = [(*same, "story", figure.story)]
    if figure.head and figure.day is not None:
        keys += [(*same, figure.measure, figure.head, subject) for subject in sorted(figure.subjects)]
    return keys


def _compatible(a: Figure, b: Figure) -> bool:
    """Nothing says that the two count different things."""
    rules = load_rules("linking")["topics"]
    if a.measure != b.measure and not {a.measure, b.measure}.intersection(rules["loose_measures"]):
        return False
    if a.head and b.head and a.head != b.head and "person" not in (a.head, b.head):
        return False
    for x, y in ((a.subjects, b.subjects), (a.named, b.named), (a.places, b.places), (a.happenings, b.happenings)):
        if x and y and x.isdisjoint(y):
            return False
    if a.sentence_id == b.sentence_id:
        return False
    if a.document == b.document and a.claimant == b.claimant and a.values != b.values:
        return False
    if a.measure in rules["exact_measures"] and a.values != b.values:
        return False
    if a.day is None or b.day is None:
        return a.story == b.story
    return abs(a.day - b.day) <= int(rules["max_days_in_story" if a.story == b.story else "max_days"])


def _same_thing(a: Figure, b: Figure) -> bool:
    """Enough says that they tell the same.

    In one story people of whom the same is told (killed, deployed) are enough; other counts need the noun, and the
    subject or place unless something is told of them; measured quantities need the subject. Equal values do too. Articles
    on different happenings must agree in what is told, noun and subject.
    """
    rules = load_rules("linking")["topics"]
    told = a.measure == b.measure and a.measure not in rules["loose_measures"]
    counted = a.unit in rules["counting_units"]
    noun = counted and a.head == b.head and a.head not in ("", "person")
    about = not a.subjects.isdisjoint(b.subjects) or not a.places.isdisjoint(b.places)
    if a.story != b.story:
        return told and noun and not a.subjects.isdisjoint(b.subjects)
    if a.values == b.values and a.measure == b.measure and (noun or not counted):
        return True
    if told:
        return about or (counted and (noun or a.unit == "person"))
    return noun and about
