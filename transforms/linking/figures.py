"""Figures as linking compares them: what is counted, of whom, where, when, and between which limits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from transforms.linking.columns import NOBODY, NONE, READ, integers, rows_of, sorted_table
from transforms.linking.corpus import Corpus
from transforms.linking.entities import Entities
from transforms.linking.events import Events
from transforms.linking.mentions import Mentions
from transforms.linking.names import adjective_codes
from transforms.linking.quotes import Quote
from transforms.linking.stories import Stories
from transforms.linking.words import plain, stem
from transforms.rules import load_rules
from warehouse.schema import Row

PREPOSITIONS = (" of ", " in ", " from ", " at ", " on ", " to ", " with ", " who ", " that ")
"""What follows them says more of the counted thing, and is not what is counted."""

NOWHERE: frozenset[int] = frozenset()

Limits = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of the documents that figures stand in."""

    corpus: Corpus
    mentions: Mentions
    entities: Entities
    stories: Stories
    events: Events
    quotes: list[Quote]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its subject and place as keys that compare across documents.

    ``told`` is what is told of the counted things, empty where nothing is; ``head`` the counted noun, ``general`` whether it
    is a word for anything of the unit (people, vessels), ``partial`` whether it is some of more, or others. ``sides`` are
    the states that the counted words name, ``subjects`` everybody that the figure is about, ``places`` numbers of entities,
    ``around`` the keys of whatever its sentence names, where what is counted may stand there for long.
    """

    figure_id: str
    rank: tuple[str, str, int]
    start: int
    document: int
    story: int
    day: int | None
    sentence_id: str
    values: tuple[float | None, float | None]
    limits: Limits | None
    unit: str
    currency: str | None
    measure: str
    told: str
    head: str
    general: bool
    partial: bool
    named: frozenset[str]
    sides: frozenset[str]
    subjects: frozenset[str]
    persons: frozenset[str]
    places: frozenset[int]
    around: frozenset[str]
    claimant: str | None
    part_of: str | None


@dataclass(frozen=True, slots=True)
class _Subject:
    """Who a figure is about: by the counted words themselves, or as the subject of their verb."""

    sides: frozenset[str]
    subjects: frozenset[str]
    persons: frozenset[str]


def read_figures(context: Context, table: pa.Table) -> list[Figure]:
    """All figures, sorted by id."""
    corpus = context.corpus
    table = sorted_table(table, READ["figures"], ("figure_id",))
    documents = corpus.documents_of(table)
    units = corpus.units_at(documents, integers(table, "start_char")).tolist()
    found = _Found(context, table)
    out = []
    for i, (row, document, number) in enumerate(zip(rows_of(table), documents.tolist(), units, strict=True)):
        about = corpus.units[number]
        day = row["as_of_start"] or about.day
        head, states, named = counted_words(row["counted"] or "")
        claimant = found.claimant(row)
        subject = found.subject(i, row, claimant)
        told, sides, subjects = told_of(row["measure"]), _either(states, subject.sides), _either(states, subject.subjects)
        general = head in _general(row["unit"])
        lasting = not general and told in _lasting() and bool(countries_in(subjects))
        out.append(
            Figure(
                figure_id=row["figure_id"],
                rank=about.rank,
                start=row["start_char"],
                document=document,
                story=context.stories.of_unit[number],
                day=day.toordinal() if day else None,
                sentence_id=row["sentence_id"],
                values=(row["value_low"], row["value_high"]),
                limits=limits(row["value_low"], row["value_high"], row["comparator"]),
                unit=row["unit"],
                currency=row["currency"],
                measure=row["measure"],
                told=told,
                head=head,
                general=general,
                partial=row["part_of_figure_id"] is not None or is_partial(row["counted"] or ""),
                named=named,
                sides=sides,
                subjects=subjects,
                persons=subject.persons,
                places=found.places(i, row["sentence_id"], told=told),
                around=found.around(row["sentence_id"], claimant) if lasting else NOBODY,
                claimant=claimant,
                part_of=row["part_of_figure_id"],
            )
        )
    return out


class _Found:
    """What linking knows of the entities that figures and their sentences name."""

    def __init__(self, context: Context, table: pa.Table) -> None:
        entities = context.entities
        self._entities = entities.entities
        self._subject, self._start = _mentioned(table["subject_mention_id"], context)
        self._place, _ = _mentioned(table["place_mention_id"], context)
        self._speaker = {q.quote_id: q.speaker for q in context.quotes if q.speaker}
        self._actors = {e.entity_id: e.actors for e in self._entities}
        sentences = pc.unique(table["sentence_id"])
        self._around = context.mentions.entities_in(sentences, entities.of_local)
        self._acts = context.events.places_in(sentences)
        self._one = {n: frozenset({n}) for n in sorted(set(self._place) - {NONE}) if self._entities[n].kind != "STATE"}

    def claimant(self, row: Row) -> str | None:
        """The entity that speaks the figure, if it stands in a quotation."""
        return self._speaker.get(row["quote_id"])

    def subject(self, place: int, row: Row, claimant: str | None) -> _Subject:
        """What the subject says of the figure; who merely claims it is no subject."""
        number, start = self._subject[place], self._start[place]
        inside = row["start_char"] <= start < row["end_char"]
        if number == NONE or (not inside and self._entities[number].entity_id == claimant):
            return _Subject(NOBODY, NOBODY, NOBODY)
        entity = self._entities[number]
        return _Subject(
            countries_in(entity.actors) if inside else NOBODY, entity.actors, entity.actors if entity.kind == "PERSON" else NOBODY
        )

    def places(self, place: int, sentence: str, *, told: str) -> frozenset[int]:
        """Towns and regions: the figure's own, else, if something is told, where its sentence's acts took place."""
        own = self._one.get(self._place[place])
        return own or (self._acts.get(sentence, NOWHERE) if told else NOWHERE)

    def around(self, sentence: str, claimant: str | None) -> frozenset[str]:
        """Keys of whatever the sentence names, but for the claimant."""
        keys = frozenset(key for n in self._around.get(sentence, ()) for key in self._entities[n].actors)
        return keys - self._actors.get(claimant or "", NOBODY)


def _mentioned(mention_ids: pa.ChunkedArray, context: Context) -> tuple[list[int], list[int]]:
    """The number of the entity that each mention is, and where the mention stands; ``NONE`` where there is none."""
    local, start = context.mentions.find(mention_ids)
    of_local = context.entities.of_local
    return [int(of_local[place]) if place != NONE else NONE for place in local.tolist()], start.tolist()


@lru_cache(maxsize=1)
def _lasting() -> frozenset[str]:
    """What may be told of things that stand somewhere for long."""
    return frozenset(["", *load_rules("linking")["topics"]["stock_measures"]])


def _either(a: frozenset[str], b: frozenset[str]) -> frozenset[str]:
    """What is in one of them; no new set where one is empty, for there are very many figures."""
    return a | b if a and b else a or b


@lru_cache(maxsize=10_000)
def countries_in(keys: frozenset[str]) -> frozenset[str]:
    """The keys that stand for a country."""
    return frozenset(key for key in keys if key.startswith("country "))


@lru_cache(maxsize=1)
def _heads() -> dict[str, str]:
    """Stem of a counted noun -> the word that stands for all its synonyms."""
    return {stem(word): entry["head"] for entry in load_rules("linking")["topics"]["counted"] for word in entry["words"]}


@lru_cache(maxsize=64)
def _general(unit: str) -> frozenset[str]:
    """Heads that say no more than the unit does; no noun at all is one."""
    return frozenset(["", *load_rules("linking")["topics"]["general"].get(unit, [])])


def is_partial(counted: str) -> bool:
    """Whether the counted words are some of a known lot, or others than those told of: "four of the boats", "two more boats".

    >>> is_partial("the boats"), is_partial("of them"), is_partial("more boats"), is_partial("boats")
    (True, True, True, False)
    """
    rules = load_rules("linking")["topics"]
    words = counted.lower().split()
    return bool(words) and (words[0] in rules["partial_words"] or not set(words).isdisjoint(rules["other_words"]))


@lru_cache(maxsize=64)
def told_of(measure: str) -> str:
    """What a measure tells of the counted things; empty for measures that tell nothing.

    >>> told_of("destroyed") == told_of("intercepted"), told_of("count")
    (True, '')
    """
    rules = load_rules("linking")["topics"]
    if measure in rules["loose_measures"]:
        return ""
    return next((str(entry["head"]) for entry in rules["told"] if measure in entry["measures"]), measure)


@lru_cache(maxsize=50_000)
def counted_words(words: str) -> tuple[str, frozenset[str], frozenset[str]]:
    """The head of the counted words, the states whose adjective stands before it, and all words with a capital.

    >>> counted_words("North Korean troops")[:2], counted_words("people in the port")
    (('soldier', frozenset({'country PRK'})), ('person', frozenset(), frozenset()))
    """
    text = plain(words)
    for preposition in PREPOSITIONS:
        text = text.split(preposition)[0]
    named = frozenset(stem(word.lower()) for word in text.split()[:-1] if word[0].isupper())
    text = text.lower()
    found = [stem(w) for w in text.replace("-", " ").split() if w.isalpha()]
    codes, tokens = adjective_codes(), text.split()
    runs = (" ".join(tokens[i:j]) for i in range(len(tokens)) for j in range(i + 1, len(tokens) + 1))
    states = {codes[run] for run in runs if run in codes}
    head = found[-1] if found else ""
    return _heads().get(head, head), frozenset(f"country {code}" for code in states), named


def limits(low: float | None, high: float | None, comparator: str) -> Limits | None:
    """Between which values the words leave the figure; None where they say nothing.

    >>> limits(100, None, "more_than"), limits(None, None, "dozens"), limits(7, 7, "equal")
    ((100.0, 150.0), (20.0, 200.0), (7.0, 7.0))
    """
    rules = load_rules("linking")["topics"]
    vague = rules["vague"].get(comparator)
    if low is None and high is None:
        return (float(vague[0]), float(vague[1])) if vague else None
    known = [float(value) for value in (low, high) if value is not None and math.isfinite(value)]
    if not known:
        return None
    least, most = min(known), max(known)
    spread = {"about": (rules["about"], rules["about"]), "at_least": (0, rules["open_end"]), "more_than": (0, rules["open_end"])}
    spread |= {"at_most": (rules["open_end"], 0), "less_than": (rules["open_end"], 0)}
    below, above = spread.get(comparator, (0, 0))
    return least - abs(least) * below, most + abs(most) * above


def same_number(a: Figure, b: Figure) -> bool:
    """Equal values, or the same vague word; "dozens" and "hundreds" both have no value and are not the same."""
    vague = a.values == (None, None)
    return a.values == b.values and a.limits is not None and (a.limits == b.limits or not vague)


def gap(a: Figure, b: Figure) -> float:
    """How many times the larger is the smaller: 1 where both can be one value, infinity where that is not known."""
    if a.limits is None or b.limits is None:
        return math.inf
    low, high = max(a.limits[0], b.limits[0]), min(a.limits[1], b.limits[1])
    if low <= high:
        return 1.0
    return low / high if high > 0 else math.inf
