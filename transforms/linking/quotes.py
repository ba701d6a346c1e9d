"""Quotations with their speakers as entities, and the remarks that several of them render."""

from __future__ import annotations

import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from rapidfuzz import fuzz

from transforms.linking.columns import NOBODY, NONE, READ, integers, rows_of, sorted_table
from transforms.linking.copies import Copies
from transforms.linking.corpus import Corpus
from transforms.linking.entities import Entities
from transforms.linking.groups import Groups
from transforms.linking.mentions import Mentions
from transforms.linking.stories import Stories
from transforms.linking.words import stems
from transforms.rules import load_rules
from warehouse.schema import Row, make_id


@dataclass(frozen=True, slots=True)
class Quote:
    """One quotation; ``words`` are the stems of its content words, ``speaker`` the entity's id."""

    quote_id: str
    document: int
    unit: int
    story: int
    start: int
    end: int
    day: int | None
    speaker: str | None
    speaker_keys: frozenset[str]
    language: str | None
    words: tuple[str, ...]
    cue: tuple[str, ...]


def read_quotes(corpus: Corpus, mentions: Mentions, entities: Entities, stories: Stories, table: pa.Table) -> list[Quote]:
    """All quotations, sorted by id."""
    table = sorted_table(table, READ["quotes"], ("quote_id",))
    documents = corpus.documents_of(table)
    units = corpus.units_at(documents, integers(table, "start_char"))
    local = mentions.locals_of(table["speaker_mention_id"])
    out = []
    for row, document, unit, place in zip(rows_of(table), documents.tolist(), units.tolist(), local.tolist(), strict=True):
        number = int(entities.of_local[place]) if place != NONE else NONE
        speaker = entities.entities[number] if number != NONE else None
        day = corpus.units[unit].day
        cue = ""
        if row["cue_start_char"] is not None and row["cue_end_char"] is not None:
            cue = corpus.texts[document].as_py()[row["cue_start_char"] : row["cue_end_char"]]
        out.append(
            Quote(
                quote_id=row["quote_id"],
                document=document,
                unit=unit,
                story=stories.of_unit[unit],
                start=row["start_char"],
                end=row["end_char"],
                day=day.toordinal() if day else None,
                speaker=speaker.entity_id if speaker else None,
                speaker_keys=speaker.actors if speaker else NOBODY,
                language=corpus.languages[document],
                words=tuple(stems(row["text"])),
                cue=tuple(sys.intern(w.strip(".,;:'\"").lower()) for w in cue.split()),
            )
        )
    return out


def word_weights(quotes: Iterable[Quote]) -> dict[str, float]:
    """How much a word tells among quotations: less, the more of them hold it."""
    counts: Counter[str] = Counter()
    n = 0
    for quote in quotes:
        counts.update(set(quote.words))
        n += 1
    return {word: math.log(1 + (n + 10) / (count + 1)) for word, count in counts.items()}


def overlap(a: Iterable[str], b: Iterable[str], weights: Mapping[str, float]) -> tuple[int, float]:
    """Words in common, and their weight as a share of the weight of the shorter."""
    first, second = set(a), set(b)
    common = first & second
    smaller = min(math.fsum(weights[w] for w in first), math.fsum(weights[w] for w in second))
    return len(common), math.fsum(weights[w] for w in common) / smaller if smaller else 0.0


def find_remarks(quotes: list[Quote], copies: Copies, weights: Mapping[str, float]) -> list[Row]:
    """One row per quotation; renderings of one remark by one speaker share an id.

    A speaker that no entity is known for is the same only in copies of the same text.
    """
    rules = load_rules("linking")["remarks"]
    groups = Groups(len(quotes))
    by_speaker: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, quote in enumerate(quotes):
        by_speaker[quote.speaker or copies.group_of[quote.unit], quote.language or ""].append(i)
    for block in by_speaker.values():
        distinct = _distinct(quotes, block, groups, int(rules["min_words"]))
        for a, b in _pairs(quotes, distinct, int(rules["max_list"])):
            if groups.find(a) != groups.find(b) and _same_remark(quotes[a], quotes[b], weights, rules):
                groups.join(a, b)
    out = []
    for first, members in groups.members().items():
        remark_id = make_id("rem", quotes[first].quote_id)
        out += [{"remark_id": remark_id, "quote_id": quotes[i].quote_id} for i in members]
    return sorted(out, key=lambda r: str(r["quote_id"]))


def _distinct(quotes: list[Quote], block: list[int], groups: Groups, min_words: int) -> list[int]:
    """The first of each run of words; the others are joined to it, if there are enough words to be sure."""
    first: dict[tuple[str, ...], int] = {}
    out = []
    for i in block:
        words = quotes[i].words
        if len(set(words)) < min_words:
            continue
        same = first.setdefault(words, i)
        if same == i:
            out.append(i)
        else:
            groups.join(same, i)
    return out


def _pairs(quotes: list[Quote], block: list[int], max_list: int) -> list[tuple[int, int]]:
    """Pairs that share two words which are not in everything the speaker says."""
    holding: dict[str, list[int]] = defaultdict(list)
    for i in block:
        for word in sorted(set(quotes[i].words)):
            holding[word].append(i)
    shared: Counter[tuple[int, int]] = Counter()
    for members in holding.values():
        if 1 < len(members) <= max_list:
            shared.update((a, b) for n, a in enumerate(members) for b in members[n + 1 :])
    return sorted(pair for pair, n in shared.items() if n >= 2)


def _same_remark(a: Quote, b: Quote, weights: Mapping[str, float], rules: dict[str, Any]) -> bool:
    """The same words, whole or cut; or, told of the same days, much the same words: another translation."""
    if a.document == b.document and a.start < b.end and b.start < a.end:
        return False
    if fuzz.token_set_ratio(" ".join(a.words), " ".join(b.words), score_cutoff=rules["token_ratio"]):
        return True
    near = a.story == b.story or (a.day is not None and b.day is not None and abs(a.day - b.day) <= rules["loose_days"])
    if not near or a.unit == b.unit:
        return False
    n, share = overlap(a.words, b.words, weights)
    return n >= int(rules["loose_min_shared"]) and share >= float(rules["loose_overlap"])
